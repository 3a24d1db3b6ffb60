// Lists of papers as people and programs write them: tables, a paper on a line or on a few, with links or ids.
import { describe, expect, test } from 'vitest';
import type { ListedPaper } from '../../src/papers/paper.ts';
import { parsePapersFile } from '../../src/sources/papers-file.ts';
import { captureDay } from './read-fixture.ts';

const titles = ['A Ferry Across Lake Models', 'Boats, Sails and Rivers: A Study'];
const ferry = { title: titles[0], ids: { arxiv: '2511.01231' } };
const boats = { title: titles[1], ids: { arxiv: '2511.01232' } };
const abstract =
  'We ferry packets across a narrow lake and count those that arrive, in two seasons - and with three kinds of boats (of which the smallest one does best).';

/** A line, or a few, for each of the two papers. */
const each = (
  write: (paper: { title: string; id: string; url: string; at: number }) => string,
  between = '\n',
) =>
  titles
    .map((title, index) => {
      const id = `2511.0123${index + 1}`;
      return write({ title, id, url: `https://arxiv.org/abs/${id}`, at: index + 1 });
    })
    .join(between);

function read(text: string, options: { date?: string; fileName?: string } = { date: '2025-11-12' }) {
  const listing = parsePapersFile(Buffer.from(text), { today: captureDay, ...options });
  if (listing.type === 'refused') throw new Error(`refused: ${listing.reason}`);
  return listing;
}

const both = (details: Partial<ListedPaper>) => [
  { ...ferry, ...details },
  { ...boats, ...details },
];

describe('a table has a paper in each row', () => {
  const authors = ['Ada Lovelace', 'Grace Hopper'];
  test.each<[string, string, Partial<ListedPaper>]>([
    [
      'title, authors, upvotes',
      `| Title | Authors | Upvotes |\n|---|:--|--:|\n${each(({ title, url }) => `| [${title}](${url}) | Ada Lovelace, Grace Hopper | 12 |`)}`,
      { authors, upvotes: 12 },
    ],
    [
      'number, votes, paper, link',
      `| # | Votes | Paper | Link |\n|:-:|--|--|--|\n${each(({ title, url, at }) => `| ${at} | 12 | ${title} | [arXiv](${url}) |`)}`,
      { upvotes: 12 },
    ],
    [
      'date, title, authors, links to PDF and code',
      `| Date | Paper | Authors | Links |\n|-|-|-|-|\n${each(({ title, id }) => `| 2025-11-05 | **${title}** | Ada Lovelace and Grace Hopper | [[PDF]](https://arxiv.org/pdf/${id}v2) [[Code]](https://github.com/a/b) |`)}`,
      { authors, publishedOn: '2025-11-05', links: ['https://github.com/a/b'] },
    ],
    [
      'id and title',
      `|ID|Title|Lab|\n|-|-|-|\n${each(({ title, id }) => `|${id}|${title}|Lake Research|`)}`,
      { organization: 'Lake Research' },
    ],
    [
      'no lines at its edges',
      `Title | arXiv | Comments\n--- | --- | ---\n${each(({ title, id }) => `${title} | ${id} | 3`)}`,
      { comments: 3 },
    ],
    [
      'no head',
      each(({ title, url }) => `| [${title}](${url}) | Ada Lovelace, Grace Hopper | 12 |`),
      { authors, upvotes: 12 },
    ],
    [
      'an abstract',
      `| Abstract | Title |\n|-|-|\n${each(({ title, url }) => `| ${abstract} | [${title}](${url} "read it") |`)}`,
      { abstract },
    ],
    [
      'heads with pictures, counts of thousands',
      `| No. | Paper Title | Author(s) | Affiliation | 👍 Votes |\n|-|-|-|-|-|\n${each(({ title, url, at }) => `| ${at} | [${title}](${url}) ([code](https://github.com/a/b)) | Ada Lovelace and Grace Hopper | Lake Research | 1,200 |`)}`,
      { authors, upvotes: 1200, organization: 'Lake Research', links: ['https://github.com/a/b'] },
    ],
    [
      'HTML in its cells',
      `| Paper | Likes |\n|-|-|\n${each(({ title, url }) => `| <a href="${url}"><b>${title}</b></a><br>Ada Lovelace, Grace Hopper | <sub>12</sub> |`)}`,
      { authors, upvotes: 12 },
    ],
    [
      'tabs',
      `title\tarxiv\tauthors\n${each(({ title, id }) => `${title}\t${id}\tAda Lovelace; Grace Hopper`)}`,
      { authors },
    ],
    [
      'commas',
      `title,arxiv,authors\n${each(({ title, id }) => `"${title}",${id},"Ada Lovelace, Grace Hopper"`)}`,
      { authors },
    ],
    [
      'the page’s own words above',
      `# Daily Papers\n\nby AK and the research community\n\nNov 12\n\n| Title | Upvotes |\n|-|-|\n${each(({ title, id }) => `| [${title}](https://huggingface.co/papers/${id}) | 12 |`)}`,
      { upvotes: 12 },
    ],
  ])('%s', (_, text, details) => expect(read(text).papers).toMatchObject(both(details)));

  test('with lines that are escaped, in code and in formulas', () => {
    const row = (title: string) => `| ${title} | [pdf](https://arxiv.org/pdf/2511.01231) |`;
    const head = '| Title | Link |\n|-|-|\n';
    for (const [written, title] of [
      ['Ferries \\| Boats \\[and more\\]', 'Ferries | Boats [and more]'],
      ['Ferries with `a|b`', 'Ferries with a|b'],
      ['Learning $|x|$ on Lakes', 'Learning $|x|$ on Lakes'],
    ])
      expect(read(head + row(written ?? '')).papers).toMatchObject([{ title }]);
  });

  test('with a DOI as it is in its column, and the words of another language', () => {
    const text = 'Titel;Autoren;DOI;Datum\nA Ferry;Ada Lovelace, Grace Hopper;10.1000/f.1;12.11.2025\n';
    expect(read(text).papers).toMatchObject([
      { title: 'A Ferry', ids: { doi: '10.1000/f.1' }, publishedOn: '2025-11-12' },
    ]);
  });

  test('on several lines where a field goes on, and what never ends takes no other', () => {
    const rows = ['"A\nFerry",2511.01231,x', '"A 3" Pipe,2511.01232,x', 'A "Lake,2511.01233,"two\nlines"'];
    expect(read(`title,arxiv,notes\n${rows.slice(0, 2).join('\n')}\n`).papers).toMatchObject([
      { title: 'A Ferry', ids: { arxiv: '2511.01231' } },
      { ids: { arxiv: '2511.01232' } },
    ]);
    expect(
      read(`title,arxiv\nA Lake,2511.01233\nA "Ferry,2511.01231\nA Bridge,2511.01234\n`).papers,
    ).toMatchObject([{ title: 'A Lake' }, { ids: { arxiv: '2511.01231' } }, { title: 'A Bridge' }]);
  });

  test('and a row without one is left out, with a warning', () => {
    const text = `| Paper | Votes |\n|-|-|\n| [A Ferry](https://arxiv.org/abs/2511.01231) | 3 |\n| Nothing Here | 4 |\n`;
    expect(read(text)).toMatchObject({
      papers: [{ title: 'A Ferry', upvotes: 3 }],
      warnings: [{ line: 4, message: 'the row is left out: it has no title, or no link to a paper' }],
    });
  });
});

describe('a paper is on a line', () => {
  const authors = ['Ada Lovelace', 'Grace Hopper'];
  test.each<[string, Partial<ListedPaper>]>([
    [
      each(({ title, url }) => `- [${title}](${url}) — Ada Lovelace, Grace Hopper — 12 upvotes`),
      { authors, upvotes: 12 },
    ],
    [each(({ title, id, at }) => `${at}. ${title}, Ada Lovelace and Grace Hopper, arXiv:${id}`), { authors }],
    [each(({ title, id }) => `* **${title}** [pdf](https://arxiv.org/pdf/${id})`), {}],
    [each(({ title, id }) => `* **${title}**: ${abstract} [pdf](https://arxiv.org/pdf/${id})`), { abstract }],
    [each(({ title, url }) => `- [${title}](${url}): ${abstract}`), { abstract }],
    [each(({ title, url }) => `- ${title} (Ada Lovelace, Grace Hopper) ${url}`), { authors }],
    [each(({ title, url }) => `- ${title} by Ada Lovelace & Grace Hopper (<${url}>)`), { authors }],
    [
      each(({ title, id }) => `- ${title} | Ada Lovelace, Grace Hopper +5 | ▲ 12 | arXiv:${id}v2 [cs.CL]`),
      { authorsCount: 7, upvotes: 12 },
    ],
    [each(({ title, url }) => `- ${title} - Lovelace et al. - [arXiv](${url})`), { authorsCount: null }],
    [each(({ title, url }) => `- 🔥 [${title}](${url}) 👍 12 💬 3`), { upvotes: 12, comments: 3 }],
    [
      each(({ title, url }) => `- [ ] ${title} [[paper]](${url}) [[code]](https://github.com/a/b)`),
      { links: ['https://github.com/a/b'] },
    ],
    [each(({ title, url }) => `- (2025-11-05) ${title} [[paper]](${url})`), { publishedOn: '2025-11-05' }],
    [
      each(({ title, url }) => `- [${title}](${url}) · Ada Lovelace · Nov 5`),
      { publishedOn: '2025-11-05', authors: ['Ada Lovelace'] },
    ],
    [each(({ title, url }) => `- "${title}", Ada Lovelace, Grace Hopper, ${url}`), { authors }],
    [
      each(
        ({ title, id, at }) =>
          `[${at}] A. Lovelace and G. Hopper. ${title}. arXiv preprint arXiv:${id}, 2025.`,
      ),
      { authors: ['A. Lovelace', 'G. Hopper'] },
    ],
    [each(({ title, id }) => `[${id}] ${title}`), {}],
    [each(({ title, id }) => `- ${id}: ${title}`), {}],
    [each(({ title, id }) => `- ${title}. https://doi.org/10.48550/arXiv.${id}`), {}],
    [each(({ title, url }) => `• <${url}|${title}> (12 upvotes)`), { upvotes: 12 }],
    [
      `${each(({ title, at }) => `- [${title}][p${at}] — 12 likes`)}\n\n${each(({ url, at }) => `[p${at}]: ${url}`)}`,
      { upvotes: 12 },
    ],
    [
      each(
        ({ title, id, at }) =>
          `${at}. Title: ${title} | Authors: Ada Lovelace, Grace Hopper | arXiv: ${id} | Upvotes: 12`,
      ),
      { authors, upvotes: 12 },
    ],
    [
      each(
        ({ title, url, at }) =>
          `${at}. **[${title}](${url})** (Ada Lovelace, Grace Hopper) - 12 upvotes, 3 comments`,
      ),
      { authors, upvotes: 12, comments: 3 },
    ],
    [
      each(({ title, url }) => `+ [${title}](${url}), Ada Lovelace & Grace Hopper, 5 November 2025`),
      { authors, publishedOn: '2025-11-05' },
    ],
    [
      each(({ title, id }) => `- **${title}** (arXiv:${id}) by Ada Lovelace and Grace Hopper. 12 upvotes.`),
      { authors, upvotes: 12 },
    ],
    [
      each(({ title, url }) => `- [${title}](${url}) *(Lake Research, 2025-11-05)*`),
      { organization: 'Lake Research', publishedOn: '2025-11-05' },
    ],
    [each(({ title, url }) => `- ${title} (${url}) [12 upvotes]`), { upvotes: 12 }],
    [each(({ title, url }) => `- ${title}, Ada Lovelace, Grace Hopper (2025). ${url}`), { authors }],
  ])('%s', (text, details) => expect(read(text).papers).toMatchObject(both(details)));

  test('with a DOI', () => {
    expect(
      read('- [A Ferry](https://doi.org/10.1101/2025.11.01.123456) — Ada Lovelace').papers,
    ).toMatchObject([
      { title: 'A Ferry', ids: { doi: '10.1101/2025.11.01.123456' }, authors: ['Ada Lovelace'] },
    ]);
  });
});

test('a title that begins like a field, with its address below it, is a paper', () => {
  const text = each(({ title, url, at }) => `${at === 1 ? 'Ferries' : 'Boats'}: ${title}\n${url}`, '\n\n');
  expect(read(`Daily Papers\nhttps://huggingface.co/papers/date/2025-11-12\n\n${text}`).papers).toMatchObject(
    [
      { title: `Ferries: ${titles[0]}`, ids: ferry.ids },
      { title: `Boats: ${titles[1]}`, ids: boats.ids },
    ],
  );
});

test.each([
  [
    'fields, one below the other',
    each(
      ({ title, url }) => `Title: ${title}\nAuthors: Ada Lovelace\nURL: ${url}\nAbstract: ${abstract}`,
      '\n\n',
    ),
  ],
  ['a chat', each(({ title, url, at }) => `ada  9:1${at} AM\n<${url}|${title}>`, '\n\n')],
])('each paper of %s is one', (_, text) => expect(read(text).papers).toMatchObject(both({})));

test.each(['Notes', 'Date'])('also where that is a field’s name: %s', (name) => {
  const text = each(({ title, url }) => `${name}: ${title}\n${url}`, '\n\n');
  expect(read(text).papers.map(({ title }) => title)).toEqual(titles.map((title) => `${name}: ${title}`));
});

test.each([
  ['an address below each title', each(({ title, url }) => `${title}\n${url}`, '\n\n')],
  ['linked titles', each(({ title, url }) => `[${title}](${url})`, '\n\n')],
  ['ids behind titles', each(({ title, id }) => `${title} arXiv:${id}`)],
])('a heading above papers with titles of their own is none of them: %s', (_, papers) => {
  expect(read(`# What we read\n\n${papers}\n`).papers).toMatchObject(both({}));
});

test('nor is one above a single paper, where its own title is a link', () => {
  const text = `# What we read\n\nSeen today, by a friend.\n\n[${titles[0]}](https://arxiv.org/abs/2511.01231)\n`;
  expect(read(text).papers).toMatchObject([ferry]);
});

test('a heading above what belongs to one paper is its title', () => {
  const text = each(
    ({ title, url }) =>
      `### ${title}\n\nAda Lovelace, Grace Hopper\n\n[paper](${url}) [code](https://github.com/a/b)\n\n${abstract}`,
    '\n\n',
  );
  expect(read(text).papers).toMatchObject(both({ authors: ['Ada Lovelace', 'Grace Hopper'], abstract }));
});

test('a page about a paper is one paper, however often it has its id', () => {
  const text = `arXiv:2511.01231 (cs)\n[Submitted on 5 Nov 2025]\nTitle:${titles[0]}\nAuthors:Ada Lovelace, Grace Hopper\nAbstract:${abstract}\nSubjects:\tMachine Learning (cs.LG)\nCite as:\tarXiv:2511.01231 [cs.LG]\n`;
  expect(read(text).papers).toMatchObject([
    { ...ferry, authors: ['Ada Lovelace', 'Grace Hopper'], abstract },
  ]);
});

test('an author of a table may have the last name first', () => {
  const text = 'Title,DOI,Authors\nA Ferry,10.1000/f.1,"Lovelace, Ada"\n';
  expect(read(text).papers).toMatchObject([{ authors: ['Ada Lovelace'] }]);
});

test('a page of what is new at arXiv has its titles below their ids', () => {
  const page = each(
    ({ title, id, at }) =>
      `[${at}]  arXiv:${id}${at === 1 ? '' : ' (cross-list from stat.ML)'} [pdf, html, other]\n    Title: ${title}\n    Ada Lovelace, Grace Hopper\n    Comments: 9 pages\n    Subjects: Machine Learning (cs.LG)\n\n    ${abstract}`,
    '\n\n',
  );
  const head =
    'Showing new listings for Wednesday, 12 November 2025\nNew submissions (showing 2 of 2 entries)';
  expect(read(`${head}\n\n${page}`, {})).toMatchObject({
    date: '2025-11-12',
    papers: both({ authors: ['Ada Lovelace', 'Grace Hopper'], abstract, comments: null }),
  });
});

test.each(['[2025/11] ', '[2025-11] ', '[ICLR 2026] ', '(NeurIPS’25) '])(
  'what a list of a field has in front is no part of a title: %s',
  (ahead) => {
    const text = each(({ title, url }) => `- ${ahead}**${title}.** *Ada Lovelace et al.* [[Paper](${url})]`);
    expect(read(text).papers.map(({ title }) => title.replace(/\.$/, ''))).toEqual(titles);
  },
);

test('a page of a house whose pages are papers is one', () => {
  const url = 'https://openreview.net/forum?id=abc123';
  expect(read(`- [A Ferry](${url}) — 12 upvotes`).papers).toMatchObject([
    { title: 'A Ferry', ids: { page: url }, upvotes: 12 },
  ]);
});

describe('a paper is on a few lines', () => {
  const authors = ['Ada Lovelace', 'Grace Hopper'];
  test.each<[string, Partial<ListedPaper>]>([
    [each(({ title, url }) => `## [${title}](${url})\n\n${abstract}\n`), { abstract }],
    [
      each(
        ({ title, url, at }) =>
          `### ${at}. ${title}\n**Authors:** Ada Lovelace, Grace Hopper\n**Link:** ${url}\n\n${abstract}\n`,
      ),
      { authors, abstract },
    ],
    [
      each(
        ({ title, url }) =>
          `- ${title}\n  - Authors: Ada Lovelace; Grace Hopper\n  - Link: ${url}\n  - Upvotes: 12\n  - Published: Nov. 5th, 2025`,
      ),
      { authors, upvotes: 12, publishedOn: '2025-11-05' },
    ],
    [
      each(({ title, url }) => `**${title}**\nAda Lovelace, Grace Hopper\n${url}\n\n${abstract}\n`),
      { authors, abstract },
    ],
    [each(({ title, id }) => `${title}\nAda Lovelace, Grace Hopper\narXiv:${id}\n`), { authors }],
    [each(({ title, url }) => `${title}\n\n${url}\n`), {}],
    [
      each(
        ({ title, id, at }) =>
          `### #${at} [${title}](https://huggingface.co/papers/${id})\n👍 12 · 💬 2 · Ada Lovelace\n`,
      ),
      { upvotes: 12, comments: 2 },
    ],
  ])('%s', (text, details) => expect(read(text).papers).toMatchObject(both(details)));
});

test('a list is of the day in its head, and says which others it shows', () => {
  const list = each(({ title, url }) => `- [${title}](${url})`);
  expect(read(`# Papers of November 12, 2025\n\n${list}\n`, {})).toMatchObject({
    date: '2025-11-12',
    warnings: [],
  });
  expect(read(`## 2025-11-12\n\n${list}\n\n## 2025-11-11\n\n${list}\n`, {}).warnings[0]).toMatchObject({
    line: 6,
    message: 'the page also shows 2025-11-11: 2025-11-12 was taken as its day',
  });
});

test('a date of two meanings is told by the paper’s id, else by the others, else it is left out', () => {
  const list = (...lines: string[]) =>
    read(
      lines
        .map((line, at) => `- ${line} [A Ferry No ${at}](https://arxiv.org/abs/2507.0000${at})`)
        .join('\n'),
    );
  const [told] = [read('- 05/11/2025 [A Ferry](https://arxiv.org/abs/2511.01231)')];
  expect(told).toMatchObject({ papers: [{ publishedOn: '2025-11-05' }], warnings: [] });
  expect(list('05/07/2025', '01/02/2025')).toMatchObject({
    papers: [{ publishedOn: '2025-07-05' }, { publishedOn: '2025-02-01' }],
  });
  expect(list('01/02/2025')).toMatchObject({
    papers: [{ publishedOn: null }],
    warnings: [{ line: 1, message: expect.stringContaining('01/02/2025 may be 2025-02-01 or 2025-01-02') }],
  });
});

describe('a date without a year', () => {
  const list = (ids: readonly string[], shown: string, options?: { date?: string; fileName?: string }) =>
    read(
      ids
        .map((id) => `- [A Ferry No ${id}](https://arxiv.org/abs/${id}) — Ada Lovelace — ${shown}`)
        .join('\n'),
      options,
    );
  const days = ({ papers }: ReturnType<typeof read>) => papers.map(({ publishedOn }) => publishedOn);

  test('is of the year in which the paper’s id was given', () => {
    const ids = ['2412.00001', '2512.00001', '2401.00001'];
    const listing = list(ids, 'Dec 28', { date: '2026-01-03' });
    expect(days(listing)).toEqual(['2024-12-28', '2025-12-28', '2023-12-28']);
    expect(listing.warnings).toEqual([]);
    expect(days(list(['2412.00001'], '2. Jan', { date: '2026-01-03' }))).toEqual(['2025-01-02']);
  });

  test('is the newest that is not after the list, where the id tells another month', () => {
    const listing = list(['2507.00001'], '28. Dez', { date: '2026-01-03' });
    expect([days(listing), listing.warnings]).toEqual([['2025-12-28'], []]);
  });

  test.each([
    ['Nov 13', '2025-11-13', "2025-11-13 is after the listing's day, 2025-11-12"],
    ['Nov 15', '2024-11-15', 'Nov 15 was read as 2024-11-15: in 2025 it would be after'],
    ['Nov 15, 2025', '2025-11-15', "2025-11-15 is after the listing's day, 2025-11-12"],
    ['Feb 30', null, 'there is no such day: the date was left out'],
    ['yesterday', null, '"yesterday" is no day that can be told: it was left out'],
    ['gestern', null, '"gestern" is no day that can be told: it was left out'],
    ['28/11', null, '"28/11" is no day that can be told: it was left out'],
    ['3 days ago', null, '"3 days ago" is no day that can be told: it was left out'],
  ])('%s of a list of 2025-11-12 is %s, with a warning', (shown, day, message) => {
    const warning = { line: 1, message: expect.stringContaining(message) };
    expect(list(['2507.00001'], shown)).toMatchObject({
      papers: [{ publishedOn: day }],
      warnings: [warning],
    });
    const row = `| Paper | Date |\n|-|-|\n| [A Ferry](https://arxiv.org/abs/2507.00001) | ${shown} |\n`;
    expect(read(row)).toMatchObject({ papers: [{ publishedOn: day }], warnings: [{ ...warning, line: 3 }] });
  });

  test('in the head is of the year of its papers, else a guess that is told', () => {
    const of = (id: string) => read(`# Papers of Dec 28\n\n- [A Ferry](https://arxiv.org/abs/${id})\n`, {});
    expect(of('2512.00001')).toMatchObject({ date: '2025-12-28', warnings: [] });
    expect(of('2401.00001')).toMatchObject({
      date: '2025-12-28',
      warnings: [{ line: 1, message: expect.stringContaining('may be of an earlier year') }],
    });
  });
});

test.each([
  [
    'a mail',
    'Dear Ada,\n\nplease see https://arxiv.org/abs/2511.01231 and tell me what you think.\n\nGrace\n',
  ],
  [
    'notes',
    `# Notes\n\nWe build on [Attention](https://arxiv.org/abs/2511.01231) and on arXiv:2401.00001. ${abstract}\n\n- We evaluate on [MMLU](https://arxiv.org/abs/2009.03300) with five shots.\n`,
  ],
  ['a page in HTML', '<!DOCTYPE html>\n<html><a href="https://arxiv.org/abs/2511.01231">A Ferry</a></html>'],
  ['a table of something else', '| Name | Age |\n|-|-|\n| Ada | 36 |\n'],
])('%s that speaks of papers is no list of them', (_, text) => expect(() => read(text)).toThrow('refused'));

test.each([
  ['open brackets', '- [a]('.repeat(50_000)],
  ['lines of tables', `|${' a |'.repeat(50_000)}\n`.repeat(3)],
  ['quotes', '- "'.repeat(50_000)],
  ['names', `- ${'Ada Lovelace, '.repeat(20_000)} arXiv:2511.01231`],
  ['numbers', `${'- 2511.01231 '.repeat(20_000)}`],
  ['dots', `- [A](https://arxiv.org/abs/2511.01231) ${'· '.repeat(50_000)}`],
  ['stars', `- ${'**a'.repeat(50_000)}`],
])('a line of %s that is longer than any paper’s is in no list', (_, text) => {
  expect(() => read(text)).toThrow('refused');
});

test('a gap may be as wide as it likes, in a line and between lines', () => {
  const wide = `- ${titles[0]}${' '.repeat(200_000)}arXiv:2511.01231\n`;
  expect(read(wide)).toMatchObject({ papers: [ferry] });
  const remark = 'We ferry packets across a narrow lake and count those that arrive there.';
  const below = (blanks: string) =>
    read(`- ${titles[1]} arXiv:2511.01232\n- ${titles[0]} arXiv:2511.01231\n${blanks}  ${remark}\n`).papers;
  expect(below('\n')).toMatchObject([boats, { ...ferry, abstract: remark }]);
  expect(below('\n'.repeat(5000))).toMatchObject([boats, { ...ferry, abstract: null }]);
});
