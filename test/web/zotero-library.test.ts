// The address of a library at Zotero among the papers that a reader likes; a local server plays Zotero's API.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createZoteroReader,
  readZoteroAddress,
  type ZoteroAddress,
} from '../../src/library/zotero-library.ts';
import { importListing } from '../../src/papers/import-listing.ts';
import type { HttpClient } from '../../src/sources/http/client.ts';
import { learnFrom } from '../support/learn-from.ts';
import { type Reply, type SourceServer, startSourceServer } from '../support/source-server.ts';
import { paper } from '../support/world.ts';
import { startApp, type TestApp } from './start-app.ts';

let zotero: SourceServer;
let app: TestApp;
beforeAll(async () => {
  zotero = await startSourceServer();
  app = await startApp({ zoteroUrl: zotero.url });
  const papers = [
    paper({ title: 'Nectar and hives', abstract: 'A hive of foraging bees finds nectar.' }),
    paper({ title: 'Queens of the hive', abstract: 'Foraging bees, nectar, a dance.' }),
    ...['clouds', 'rivers', 'sands', 'ferns', 'owls', 'moths', 'glaciers', 'reefs'].map((of) =>
      paper({ title: `On ${of}`, abstract: `What ${of} tell of their past.` }),
    ),
  ];
  await importListing(app, { source: 'test', date: '2025-12-12', papers });
  await learnFrom({ db: app.db, now: () => new Date() }, papers);
});
afterAll(async () => {
  await app?.stop();
  await zotero?.close();
});
beforeEach(async () => {
  zotero.play();
  zotero.otherwise(() => ({ status: 404 }));
  await app.db.$executeRaw`DELETE FROM spent_budget`;
});

const item = (title: string, more: object = {}) => ({
  id: `1/${title}`,
  type: 'article-journal',
  title,
  ...more,
});
const ferries = item('Ferries on Lakes', { note: 'arXiv:2603.00001 [cs]' });
const boats = item('Boats on Seas', { DOI: '10.1000/182' });

/** As Zotero answers, up to whether more follows. */
const page = (items: object[], hasNext = false): Reply => ({
  headers: {
    'content-type': 'application/vnd.citationstyles.csl+json',
    'total-results': '1',
    ...(hasNext ? { link: `<${zotero.url}/elsewhere>; rel="next", <${zotero.url}/last>; rel="last"` } : {}),
  },
  body: JSON.stringify({ items }),
});

let groups = 0;
/** A group of its own for every test: answers are kept for a while. */
function addressOf(form = (id: number) => `https://www.zotero.org/groups/${id}/lake_papers/library`): string {
  groups += 1;
  return form(4000 + groups);
}

async function save(library: string) {
  const subscriber = await app.addActive(`reader-${groups}@example.org`);
  const response = await app.request(`/preferences/${app.signToken('preferences', subscriber)}`, {
    method: 'POST',
    body: new URLSearchParams({ topics: 'vision', library }),
    redirect: 'manual',
  });
  const { preferences } = await app.getSubscriber(subscriber.id);
  return { status: response.status, html: await response.text(), library: preferences.library };
}

test.each([
  ['https://www.zotero.org/users/123/library', '123', null],
  ['https://www.zotero.org/users/123', '123', null],
  ['zotero.org/users/123/items/ABCD2345/item-list', '123', null],
  ['https://api.zotero.org/users/123/items?format=atom&key=of_somebody', '123', null],
  ['<https://api.zotero.org/users/123/items/top?start=0&limit=25>', '123', null],
  ['https://www.zotero.org/users/123/collections/ABCD2345/library', '123', 'ABCD2345'],
  ['• https://api.zotero.org/users/123/collections/abcd2345/items?format=atom', '123', 'ABCD2345'],
])('%s is a person’s', (line, id, collection) => {
  expect(readZoteroAddress(line)).toEqual({ owner: 'users', id, collection });
});

test.each([
  ['https://www.zotero.org/groups/123/lake_papers/library', '123', null],
  ['https://www.zotero.org/groups/123/lake_papers', '123', null],
  ['https://www.zotero.org/groups/123', '123', null],
  ['zotero.org/groups/123/lake_papers/items', '123', null],
  ['<https://api.zotero.org/groups/123/items?format=atom>', '123', null],
  ['https://api.zotero.org/groups/123/items/top?start=0&limit=25&format=atom&v=3', '123', null],
  ['https://www.zotero.org/groups/123/lake_papers/collections/ABCD2345/library', '123', 'ABCD2345'],
  ['https://www.zotero.org/groups/123/lake_papers/items/collectionKey/ABCD2345', '123', 'ABCD2345'],
  ['- https://api.zotero.org/groups/123/collections/ABCD2345/items', '123', 'ABCD2345'],
])('%s is a group', (line, id, collection) => {
  expect(readZoteroAddress(line)).toEqual({ owner: 'groups', id, collection });
});

test.each([
  ['https://www.zotero.org/ada/library', 'named'],
  ['https://www.zotero.org/ada.lovelace/collections/ABCD2345', 'named'],
  ['https://www.zotero.org/ada/items/collectionKey/ABCD2345', 'named'],
  ['www.zotero.org/ada', 'named'],
  ['https://api.zotero.org/users/ada/items', 'named'],
  ['https://www.zotero.org/support/library', 'unclear'],
  ['https://www.zotero.org/settings/keys', 'unclear'],
  ['https://www.zotero.org/users', 'unclear'],
  ['https://www.zotero.org/', 'unclear'],
  ['https://www.zotero.org/groups/lake_papers', 'unclear'],
  ['https://zotero.org.evil.example/groups/123', null],
  ['https://evil.example/www.zotero.org/users/123', null],
  ['https://evil.example/?https://www.zotero.org/groups/123', null],
  ['https://evil.example@www.zotero.org/groups/123', null],
  ['Zotero: A Study', null],
])('%s is neither', (line, read) => expect(readZoteroAddress(line)).toBe(read));

describe('a group in the preferences', () => {
  test('becomes its papers, beside those that were typed', async () => {
    zotero.play(page([ferries, boats, item('Attached', { title: undefined })]));
    const saved = await save(`Typed by Hand\n${addressOf()}`);
    expect(saved).toMatchObject({
      status: 303,
      library: ['Typed by Hand', 'Ferries on Lakes [arXiv:2603.00001]', 'Boats on Seas [doi:10.1000/182]'],
    });
    const [asked] = zotero.asked;
    expect(asked?.url).toBe(
      `/groups/${4000 + groups}/items/top?format=csljson&sort=dateAdded&direction=desc&limit=100&start=0`,
    );
    expect(asked?.headers['user-agent']).toMatch(/^Paperround/);
  });

  test('stands beside BibTeX', async () => {
    zotero.play(page([boats]));
    expect((await save(`@misc{a, title={Ferries}, eprint={2603.00002}}\n${addressOf()}`)).library).toEqual([
      'Ferries [arXiv:2603.00002]',
      'Boats on Seas [doi:10.1000/182]',
    ]);
  });

  test('of which only a collection is wanted is asked for that', async () => {
    zotero.play(page([boats]));
    await save(addressOf((id) => `https://www.zotero.org/groups/${id}/x/collections/ABCD2345/library`));
    expect(zotero.asked[0]?.url).toContain('/collections/ABCD2345/items/top?');
  });

  test('of many pages is read up to its newest 200 papers, and never where its answer points', async () => {
    zotero.otherwise(({ searchParams }) => {
      const start = Number(searchParams.get('start'));
      return page(
        Array.from({ length: 100 }, (_, at) => item(`Paper ${start + at}`)),
        true,
      );
    });
    const { library } = await save(addressOf());
    expect([library.length, library[0], library[199]]).toEqual([200, 'Paper 0', 'Paper 199']);
    expect(zotero.asked).toHaveLength(2);
    expect(zotero.asked.every(({ url }) => url.startsWith('/groups/'))).toBe(true);
  });

  test('is asked for once, be it previewed and saved', async () => {
    zotero.play(page([ferries]));
    const library = addressOf();
    const preview = await app.request('/preview', { method: 'POST', body: new URLSearchParams({ library }) });
    expect(await preview.text()).toContain('Ferries on Lakes [arXiv:2603.00001]</textarea>');
    expect((await save(library)).library).toEqual(['Ferries on Lakes [arXiv:2603.00001]']);
    expect(zotero.asked).toHaveLength(1);
  });

  test('for which two ask in the same moment is asked for once', async () => {
    let asked = 0;
    const http: HttpClient = {
      async get() {
        asked += 1;
        return { type: 'failed', status: 404, reason: 'not there', retry: 'never', retryAfterMs: null };
      },
    };
    const reader = createZoteroReader({ http, baseUrl: zotero.url, patienceMs: 60_000 });
    const address: ZoteroAddress = { owner: 'groups', id: '1', collection: null };
    const answers = await Promise.all([reader.read(address), reader.read(address)]);
    expect(answers).toEqual(Array(2).fill({ type: 'trouble', trouble: 'private' }));
    expect(asked).toBe(1);
  });

  test('of the number of a person is not taken for that person’s library', async () => {
    zotero.otherwise(({ pathname }) => page([pathname.startsWith('/users/') ? ferries : boats]));
    const library = `${addressOf()}\n${`https://www.zotero.org/users/${4000 + groups}`}`;
    expect((await save(library)).library).toEqual([
      'Boats on Seas [doi:10.1000/182]',
      'Ferries on Lakes [arXiv:2603.00001]',
    ]);
  });

  const silent = 'Zotero did not answer in time';
  test.each<[string, Reply, string]>([
    ['is not public', { status: 403, body: 'Forbidden' }, 'this library to nobody else'],
    ['is not there', { status: 404, body: 'Group not found' }, 'this library to nobody else'],
    [
      'is empty',
      { headers: { 'content-type': 'application/json' }, body: '{"items":[]}' },
      'has no papers yet',
    ],
    ['is answered with an error', { status: 500 }, silent],
    ['is answered with a page', { headers: { 'content-type': 'text/html' }, body: '<p>Busy' }, silent],
    ['is answered by another house', { status: 302, headers: { location: 'http://127.0.0.2/x' } }, silent],
    ['is not answered', () => {}, silent],
    ['breaks off', (response) => response.destroy(), silent],
    [
      'is huge',
      { headers: { 'content-type': 'application/json' }, body: Buffer.alloc(5 * 1024 * 1024, ' ') },
      silent,
    ],
  ])('that %s is told beside the box, which keeps its address', async (_, reply, says) => {
    zotero.play(reply);
    const address = addressOf();
    const saved = await save(`Typed by Hand\n${address}`);
    expect(saved.status).toBe(422);
    expect(saved.html).toContain(says);
    expect(saved.html).toContain(`Typed by Hand\n${address}</textarea>`);
    expect([saved.library, zotero.asked.length]).toEqual([[], 1]);
  });

  test.each([
    ['https://www.zotero.org/support/library', 'no address of a Zotero library'],
    ['https://www.zotero.org/ada/library', 'www.zotero.org/settings/keys shows yours'],
    ['https://www.zotero.org/ada/collections/ABCD2345', 'write www.zotero.org/users/123456'],
    [[1, 2, 3, 4].map((id) => `https://www.zotero.org/groups/${id}`).join('\n'), 'more than three'],
  ])('%s is told, and nobody is asked', async (library, says) => {
    groups += 1;
    const saved = await save(library);
    expect([saved.status, saved.html]).toEqual([422, expect.stringContaining(says)]);
    expect(zotero.asked).toEqual([]);
  });

  const preview = async (library: string) => {
    const query = new URLSearchParams({ library, libraryZotero: 'private' });
    return (await app.request(`/preview/fragment?${query}`)).text();
  };

  test('is read for the preview, and not again when the form is sent', async () => {
    zotero.play(page([item('Foraging bees find nectar')]));
    const address = addressOf();
    expect(await preview(address)).toContain('Like Foraging bees find nectar');
    await save(address);
    expect(zotero.asked.length).toBe(1);
  });

  test('that cannot be read is told in the preview', async () => {
    zotero.play({ status: 403 });
    expect(await preview(addressOf())).toContain('this library to nobody else');
  });

  test('is left to the form once five previews have asked', async () => {
    for (let asked = 0; asked < 5; asked += 1) await preview(addressOf());
    expect(zotero.asked.length).toBe(5);
    const address = addressOf();
    expect(await preview(address)).toContain('are read when you send the form');
    expect(zotero.asked.length).toBe(5);
    await save(address);
    expect(zotero.asked.length).toBe(6);
  });
});

describe('a person’s library in the preferences', () => {
  const personsAddress = (rest = '/library') =>
    addressOf((id) => `https://www.zotero.org/users/${id}${rest}`);

  test('becomes its papers, beside those that were typed', async () => {
    zotero.play(page([ferries, boats]));
    expect(await save(`Typed by Hand\n${personsAddress()}`)).toMatchObject({
      status: 303,
      library: ['Typed by Hand', 'Ferries on Lakes [arXiv:2603.00001]', 'Boats on Seas [doi:10.1000/182]'],
    });
    expect(zotero.asked.map(({ url }) => url)).toEqual([
      `/users/${4000 + groups}/items/top?format=csljson&sort=dateAdded&direction=desc&limit=100&start=0`,
    ]);
  });

  test('of which only a collection is wanted is asked for that', async () => {
    zotero.play(page([boats]));
    await save(personsAddress('/collections/ABCD2345/library'));
    expect(zotero.asked[0]?.url).toContain(`/users/${4000 + groups}/collections/ABCD2345/items/top?`);
  });

  test('is asked for without the key that its feed’s address has', async () => {
    zotero.play(page([boats]));
    await save(addressOf((id) => `https://api.zotero.org/users/${id}/items?format=atom&key=of_somebody`));
    expect(zotero.asked).toHaveLength(1);
    expect(JSON.stringify(zotero.asked)).not.toContain('of_somebody');
  });

  test('that is private is told beside the box, with how it is made public', async () => {
    zotero.play({ status: 403, body: 'Forbidden' });
    const address = personsAddress();
    const saved = await save(`Typed by Hand\n${address}`);
    expect([saved.status, saved.library, zotero.asked.length]).toEqual([422, [], 1]);
    expect(saved.html).toContain('is made public at www.zotero.org/settings/privacy');
    expect(saved.html).toContain(`Typed by Hand\n${address}</textarea>`);
  });

  test('that is given by a name is told in the preview, and nobody is asked', async () => {
    const query = new URLSearchParams({ library: 'https://www.zotero.org/ada/library' });
    const response = await app.request(`/preview/fragment?${query}`);
    expect(await response.text()).toContain('by a number, not by a name');
    expect(zotero.asked).toEqual([]);
  });
});

describe('a library by the API', () => {
  async function change(library: unknown) {
    const subscriber = await app.addActive(`api-${groups}@example.org`);
    const response = await app.request('/api/v1/subscription', {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${app.signToken('preferences', subscriber)}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ library }),
    });
    return { status: response.status, body: await response.json() };
  }

  test('becomes its papers', async () => {
    zotero.play(page([ferries]));
    expect(await change(['Boats', addressOf()])).toMatchObject({
      status: 200,
      body: { library: ['Boats', 'Ferries on Lakes [arXiv:2603.00001]'] },
    });
  });

  test('that is given by a name is a problem of its field', async () => {
    const { status, body } = await change(['https://www.zotero.org/ada/library']);
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining('users/ and the number')]);
  });

  test('that cannot be read is a problem of its field', async () => {
    zotero.play({ status: 403 });
    const { status, body } = await change([addressOf()]);
    expect([status, JSON.stringify(body)]).toEqual([
      422,
      expect.stringContaining('a Zotero library that is not public'),
    ]);
  });
});

// Who is over the limit is remembered as such: the last test.
test('a group is asked for a few times, not again and again', async () => {
  zotero.otherwise(() => page([ferries]));
  const statuses: number[] = [];
  for (let at = 0; at < 11; at += 1) statuses.push((await save(addressOf())).status);
  expect([statuses.at(0), statuses.at(-2), statuses.at(-1)]).toEqual([303, 303, 422]);
  expect(zotero.asked).toHaveLength(10);
});
