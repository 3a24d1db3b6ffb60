// A reader's interests from the form to the mail and back: over HTTP and SMTP, as the service is wired.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { findLink, type ReadMail, readMail } from '../support/read-mail.ts';
import { signUpByForm } from '../support/sign-up-by-form.ts';
import { openSite, type Site } from '../support/site.ts';
import { ada, paper } from '../support/world.ts';

const day = 24 * 60 * 60_000;
const siteUrl = 'https://papers.example.org';

let post: PostOffice;
let site: Site;
beforeAll(async () => {
  post = await openPostOffice();
  site = await openSite(post);
});
afterAll(async () => {
  site?.close();
  await post?.close();
});

/** A link of a mail, as its reader's browser asks for it; fields make it a form's POST. */
function open(link: string, fields?: Record<string, string | string[]>): Promise<Response> {
  const url = link.replace(siteUrl, site.url);
  const pairs = Object.entries(fields ?? {}).flatMap(([name, value]) =>
    [value].flat().map((item): [string, string] => [name, item]),
  );
  return fetch(url, {
    redirect: 'manual',
    ...(fields === undefined ? {} : { method: 'POST', body: new URLSearchParams(pairs) }),
  });
}

async function readLast(): Promise<ReadMail> {
  await post.deliver();
  const mail = post.smtp.mails.at(-1);
  if (mail === undefined) throw new Error('no mail came');
  return readMail(mail.raw);
}

/** The papers of a digest by what its titles begin with. */
const titlesIn = ({ text }: ReadMail) =>
  [...text.matchAll(/^(Sparse|Served|Wanted|Robots|Surveyed)\b/gm)].map(([, first]) => first);

/** Two for a topic each, one for an organisation; then one with an excluded topic, and one with an excluded word. */
const listPapers = (date: string, about: string) =>
  post.list(date, [
    paper({
      title: `Sparse Mixture of Experts for ${about}`,
      abstract: 'We train mixture of experts models.',
      upvotes: 5,
    }),
    paper({
      title: `Served from the KV Cache for ${about}`,
      abstract: 'We shrink what the kv cache takes.',
      upvotes: 4,
    }),
    paper({ title: `Wanted: ${about}`, abstract: 'On butterflies.', organization: 'Example University' }),
    paper({
      title: `Robots with a Mixture of Experts and a Graph Neural Network for ${about}`,
      abstract: 'A mixture of experts over a graph neural network.',
    }),
    paper({ title: `Surveyed: the KV Cache for ${about}`, abstract: 'A survey of the kv cache.' }),
  ]);

test('organisations and exclusions reach the digest, a vote reaches the next one, and is taken back', async () => {
  await listPapers('2026-03-02', 'today');
  const signUp = await signUpByForm(site.url, {
    email: ada,
    topics: ['mixture-of-experts', 'llm-inference'],
    'organizations[]': ['ExampleU Example University', ''],
    excludedTopics: 'graph-learning',
    excludedKeywords: 'survey',
  });
  expect(signUp.status).toBe(200);
  await open(findLink(await readLast(), 'confirm'), {});

  const first = await readLast();
  expect(titlesIn(first)).toEqual(['Sparse', 'Served', 'Wanted']);
  expect(first.text).toContain('* Mixture of experts in the title');
  expect(first.text).toContain('* From an organisation you follow: Example University');

  // Every paper has its links; they all carry one token, which is for votes only.
  const token = /\/vote\/([^/]+)\//.exec(first.text)?.[1] ?? '';
  const preferences = findLink(first, 'preferences').split('/').at(-1) ?? '';
  for (const wish of ['more', 'fewer'])
    expect(first.hrefs).toContain(`${siteUrl}/vote/${token}/papers/1/${wish}`);
  expect(first.urls.filter((url) => url.startsWith(`${siteUrl}/vote/${token}/papers/`))).toHaveLength(3);

  // A scanner opens every link.
  for (const url of new Set([...first.hrefs, ...first.urls])) await open(url);
  expect((await post.find(ada)).votes).toEqual([]);

  // Somebody else's token, or one that was changed, votes for nobody.
  const forged = `${token.slice(0, 20)}${token[20] === 'x' ? 'y' : 'x'}${token.slice(21)}`;
  const unsubscribe = findLink(first, 'unsubscribe').split('/').at(-1) ?? '';
  for (const wrong of [forged, unsubscribe, preferences])
    expect((await open(`${siteUrl}/vote/${wrong}/papers/1`, { wish: 'fewer' })).status).toBe(404);
  expect((await post.find(ada)).votes).toEqual([]);

  const voted = await open(`${siteUrl}/vote/${token}/papers/1`, { wish: 'fewer' });
  expect(voted.status).toBe(303);
  expect((await post.find(ada)).votes).toEqual([
    { paperSeq: 1, wish: 'fewer', interests: ['topic:mixture-of-experts'] },
  ]);
  const web = await (await open(`${siteUrl}/vote/${token}`)).text();
  expect(web).toContain('Your digest of Monday, 2 March 2026');
  expect(web.match(/aria-pressed="true"/g)).toHaveLength(1);

  post.pass(day);
  await listPapers('2026-03-03', 'tomorrow');
  await post.sweep();
  expect(titlesIn(await readLast())).toEqual(['Served', 'Wanted', 'Sparse']);

  await open(`${siteUrl}/preferences/${preferences}/votes`, { interest: 'topic:mixture-of-experts' });
  expect((await post.find(ada)).votes).toEqual([]);
  post.pass(day);
  await listPapers('2026-03-04', 'later');
  await post.sweep();
  expect(titlesIn(await readLast())).toEqual(['Sparse', 'Served', 'Wanted']);
});
