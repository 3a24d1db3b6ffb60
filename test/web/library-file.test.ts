// A file of references beside the box for papers that a reader likes, as a browser without JavaScript sends it.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from './start-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app?.stop());

const bibtex = '@article{a, title={Ferries on Lakes}, eprint={2603.00001}, archivePrefix={arXiv}}\n';
const ris = 'TY  - JOUR\r\nTI  - Boats Über Große Wässer\r\nDO  - 10.1000/182\r\nER  - \r\n';
type Given = { fields?: Record<string, string>; file?: string | Uint8Array; name?: string };

function form({ fields = {}, file, name = 'library.bib' }: Given): FormData {
  const data = new FormData();
  for (const [field, value] of Object.entries({ topics: 'vision', library: '', ...fields }))
    data.append(field, value);
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : (file ?? new Uint8Array());
  data.append('libraryFile', new File([Uint8Array.from(bytes)], file === undefined ? '' : name));
  return data;
}

async function save(email: string, given: Given) {
  const subscriber = await app.addActive(email);
  const path = `/preferences/${app.signToken('preferences', subscriber)}`;
  const response = await app.request(path, { method: 'POST', body: form(given), redirect: 'manual' });
  const { preferences } = await app.getSubscriber(subscriber.id);
  return { status: response.status, html: await response.text(), library: preferences.library };
}

describe('a file in the preferences', () => {
  test('is added to what stands in the box, each paper once', async () => {
    const fields = { library: `${bibtex}` };
    expect(await save('both@example.org', { fields, file: ris, name: 'zotero.ris' })).toMatchObject({
      status: 303,
      library: ['Ferries on Lakes [arXiv:2603.00001]', 'Boats Über Große Wässer [doi:10.1000/182]'],
    });
    expect((await save('same@example.org', { fields, file: bibtex })).library).toHaveLength(1);
  });

  test.each([
    ['UTF-16', Buffer.from(`\ufeff${ris}`, 'utf16le')],
    ['Windows-1252', Buffer.from(ris, 'latin1')],
  ])('is read in %s', async (name, file) => {
    const { library } = await save(`${name.toLowerCase()}@example.org`, { file });
    expect(library).toEqual(['Boats Über Große Wässer [doi:10.1000/182]']);
  });

  test('that was not chosen leaves the box as it is', async () => {
    expect(await save('none@example.org', { fields: { library: 'Ferries' } })).toMatchObject({
      status: 303,
      library: ['Ferries'],
    });
  });

  test.each([
    ['a PDF', '%PDF-1.7\n%âãÏÓ'],
    ['blank', ' \n \n'],
    ['a picture', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])],
  ])('that is %s is told beside the box, whose papers are kept', async (name, file) => {
    const fields = { library: 'Ferries on Lakes' };
    const saved = await save(`${name.toLowerCase().replace(' ', '-')}@example.org`, { fields, file });
    expect(saved.status).toBe(422);
    expect(saved.html).toContain('No papers could be read in that file');
    expect(saved.html).toContain('Ferries on Lakes</textarea>');
    expect(saved.library).toEqual([]);
  });

  test('that is too large is refused with a page', async () => {
    const { status, html } = await save('large@example.org', { file: bibtex.repeat(10_000) });
    expect([status, html]).toEqual([413, expect.stringContaining('more than we accept')]);
  });
});

test('the front page takes it too: the preview shows its papers in the box, and sign-up keeps them', async () => {
  const preview = await app.request('/preview', { method: 'POST', body: form({ file: bibtex }) });
  expect(await preview.text()).toContain('Ferries on Lakes [arXiv:2603.00001]</textarea>');
  const email = 'upload@example.org';
  const fields = { email, hour: '7', timeZone: 'UTC', maxPapers: '10' };
  const response = await app.request('/subscribe', { method: 'POST', body: form({ fields, file: bibtex }) });
  expect(response.status).toBeLessThan(300);
});

test('whatever is sent as such a form is answered, and never an error of ours', async () => {
  const boundary = 'b';
  const parts = fc.array(
    fc.constantFrom(
      `--${boundary}\r\n`,
      `--${boundary}--\r\n`,
      'Content-Disposition: form-data; name="library"\r\n',
      'Content-Disposition: form-data; name="libraryFile"; filename="a.bib"\r\n',
      'Content-Disposition: form-data; name="__proto__"\r\n',
      '\r\n',
      'text',
      '\0',
      bibtex,
    ),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(parts, async (body) => {
      const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
      const response = await app.request('/preview', { method: 'POST', headers, body: body.join('') });
      expect(response.status).toBeLessThan(500);
    }),
    { numRuns: 25 },
  );
  const many = new FormData();
  for (let at = 0; at < 400; at += 1) many.append('a', '1');
  expect((await app.request('/preview', { method: 'POST', body: many })).status).toBe(413);
});
