// One page as many programs write it down: whatever they make of links, pictures, lists and headings, the papers are the same.
import { describe, expect, test } from 'vitest';
import { measureProcessorTime } from '../support/processor-time.ts';
import { readListing } from './read-fixture.ts';

const site = 'https://huggingface.co';
const abstracts = [
  'We ferry packets across a narrow lake and count those that arrive, in two seasons and with three kinds of boats, of which the smallest one does best. All logs of the boats are public, and so are the plans of the piers.',
  'Bridges are slower to build than ferries, and faster to use. We compare nine of them over a year and give a rule that tells when a bridge pays off. The rule needs two numbers, which most towns know already. Code is public.',
];
const cards = [
  { id: '2609.00001', title: 'A Ferry: Packets on $H_2$O', people: 4, lab: null, day: 'Sep 1', comments: 2 },
  {
    id: '2609.00002',
    title: 'When Does a Bridge Pay Off?',
    people: null,
    lab: 'Lake Research',
    day: 'Sep 30',
    comments: 1,
  },
].map((card, at) => ({ ...card, abstract: abstracts[at] ?? '', page: `${site}/papers/${card.id}` }));
type Card = (typeof cards)[number];

const people = ({ people: count }: Card) => `${count} authors`;
const write = (head: string, card: (card: Card, at: number) => string, foot = '') =>
  `${head}\n\nOct 2\n\n${cards.map(card).join('\n\n')}\n\n${foot}`;

const captures: Record<string, string> = {
  'Jina’s reader': write(
    `Title: Daily Papers - Hugging Face\n\nURL Source: ${site}/papers\n\nPublished Time: Fri, 02 Oct 2026 10:00:00 GMT\n\nMarkdown Content:\nDaily Papers\n============\n\nby[AK](${site}/akhaliq) and the research community\n-----------`,
    (card, at) =>
      `[12](${site}/login?next=x)\n\n### [${card.title}](${card.page})\n\n[${card.abstract}](${card.page})\n\n${
        card.lab === null
          ? `[*   ![Image 9](${site}/a.png)\n*   ![Image ${at}](${site}/b.png)\n*   ${people(card)}](${card.page})`
          : `[![Image 4: lake](${site}/c.png) ${card.lab}](${site}/lake)`
      }\n\n·\n\n${card.day}[${card.comments}](${card.page}#community)`,
    `*   [Previous](${site}/papers?p=0)\n\nCompany\n\n[TOS](${site}/tos)[About](${site}/huggingface)[Careers](https://jobs.example.org/)[](${site}/)\n\nWebsite\n\n[Models](${site}/models)[Docs](${site}/docs)`,
  ),
  'pandoc as Markdown': write(
    '::: {.flex .min-h-dvh}\n# Daily Papers {#daily-papers .mb-1}\n\n## by [AK](/akhaliq){.hover:underline} and the research community',
    (card) =>
      `::: {.relative}\n[12](/login?next=x){.self-start}\n\n### [${card.title}](/papers/${card.id}){.line-clamp-3} {#x .mb-1}\n\n[${card.abstract}](/papers/${card.id}){.clamp}\n\n${
        card.lab === null
          ? `[-   ![](/a.png){.size-3}\n-   ${people(card)}](/papers/${card.id}){.flex}`
          : `[![](/c.png){.size-4} ${card.lab}](/lake){.flex}`
      }\n\n·\n\n${card.day} [${card.comments}](/papers/${card.id}#community){.ml-1}\n:::`,
    ':::',
  ),
  'pandoc as plain text': write(
    'Daily Papers\n\nby AK and the research community',
    (card) =>
      `12\n\n${card.title}\n\n${card.abstract}\n\n${card.lab ?? `-   \n-   ${people(card)}`}\n\n·\n\n${card.day} ${card.comments}`,
  ),
  'links by reference': `${write(
    '# Daily Papers\n\n## by [AK][1] and the research community',
    (card, at) =>
      `[12][2]\n\n### [${card.title}][p${at}]\n\n[${card.abstract}][p${at}]\n\n${
        card.lab === null ? `[* ![][img]\n* ${people(card)}][p${at}]` : `[![lake][img] ${card.lab}][3]`
      }\n\n·\n\n${card.day} [${card.comments}][2]`,
  )}\n\n[1]: ${site}/akhaliq\n[2]: <${site}/login>\n[3]: ${site}/lake "Lake"\n[img]: ${site}/a.png\n${cards.map(({ page }, at) => `[p${at}]: ${page}`).join('\n')}`,
  'a text browser with a list of links': write(
    'Daily Papers\n\nby AK and the research community',
    (card) =>
      `   [4]12\n\n   [5]${card.title}\n\n   [6]${card.abstract}\n\n   ${card.lab === null ? `  * [7]${people(card)}` : `[8]${card.lab}`}\n   ·\n   ${card.day} [9]${card.comments}`,
    `References\n\n   Visible links:\n   1. ${site}/\n   2. ${site}/models\n`,
  ),
  'escaped signs, titles of links and emphasis': write(
    `# Daily Papers\n\n### by [AK](${site}/akhaliq "AK") and the research community`,
    (card) =>
      `[12](${site}/login)\n\n### **[${card.title.replace('_', '\\_')}](${card.page} "A title")**\n\n[${card.abstract}](${card.page})\n\n${
        card.lab === null
          ? `*   ![avatar](${site}/a.png)\n*   *${people(card)}*`
          : `[![x avatar](${site}/c.png "logo") ${card.lab}](${site}/lake "${card.lab}")`
      }\n\n·\n\n${card.day} [${card.comments}](${card.page}#community)\n\n***`,
  ),
  'pictures as words': write(
    'Daily Papers\n\nby AK and the research community',
    (card) =>
      `Image: thumbnail\n\n12\n\n${card.title}\n\n${card.abstract}\n\n${
        card.lab === null
          ? `[Image: avatar]\n[Image: avatar]\n&bull; ${people(card)}`
          : `[Image: lake] ${card.lab}`
      }\n&middot;\n${card.day} ${card.comments}`,
  ),
  'a notice about cookies above and below': `This website uses cookies to ensure you get the best experience. By clicking “Accept”, you agree to the storing of cookies on your device to enhance navigation, analyse usage, and assist in our marketing efforts, as our policy tells.\n\nAccept\n\nDecline\n\n${write(
    'Daily Papers\n\nby\nAK\nand the research community\n\nDaily\nWeekly',
    (card) =>
      `12\n\n${card.title}\n\n${card.abstract}\n\n${card.lab ?? `• ${people(card)}`}\n·\n${card.day} ${card.comments}`,
    'Company\n\nTOS\nPrivacy\n\nModels\nDatasets\n\nThis site uses cookies. Accept',
  )}`,
};

describe.each(Object.entries(captures))('%s', (_, text) => {
  test.each([
    ['as it is', (all: string) => all],
    ['with CRLF and a byte order mark', (all: string) => `\ufeff${all.replaceAll('\n', '\r\n')}`],
    [
      'indented by tabs, with invisible signs',
      (all: string) => all.replace(/^/gm, '\t').replaceAll('\n\t\n', '\n\u200b\n'),
    ],
  ])('%s', (_name, change) => {
    const { papers } = readListing(change(text), { date: '2026-10-02' });
    expect(papers.map(({ ids, links, ...paper }) => paper)).toEqual([
      {
        title: cards[0]?.title,
        abstract: abstracts[0],
        authorsCount: 4,
        organization: null,
        publishedOn: '2026-09-01',
        comments: 2,
        upvotes: 12,
      },
      {
        title: cards[1]?.title,
        abstract: abstracts[1],
        authorsCount: null,
        organization: 'Lake Research',
        publishedOn: '2026-09-30',
        comments: 1,
        upvotes: 12,
      },
    ]);
  });
});

test('a capture that keeps links tells the papers’ ids', () => {
  for (const name of ['Jina’s reader', 'pandoc as Markdown', 'links by reference'])
    expect(readListing(captures[name] ?? '', { date: '2026-10-02' }).papers).toMatchObject([
      { ids: { arxiv: '2609.00001' } },
      { ids: { arxiv: '2609.00002' } },
    ]);
});

test('two papers of one title are two where their links tell them apart', () => {
  const card = (id: string) =>
    `[4](${site}/login)\n\n### [A Ferry](${site}/papers/${id})\n\n[${abstracts[0]}](${site}/papers/${id})\n\n- 3 authors\n\n·\n\nSep 9\n\n`;
  const head = `# Daily Papers\n\nOct 2\n\n`;
  expect(readListing(head + card('2609.00001') + card('2609.00002')).papers).toHaveLength(2);
  expect(readListing(head + card('2609.00001').repeat(2)).papers).toHaveLength(1);
});

describe('a page that the browser translated', () => {
  test.each([
    ['German', '1. Sept.', '7. Nov. 2025', '3 Autoren'],
    ['French', '1 sept.', '7 nov. 2025', '3 auteurs'],
    ['Spanish', '1 sept', '7 nov 2025', '3 autores'],
    ['Portuguese', '1 de set.', '7 de nov. de 2025', '3 autores'],
    ['Chinese', '9月1日', '2025年11月7日', '3 位作者'],
    ['Japanese', '9月1日', '2025年11月7日', '著者3名'],
    ['Korean', '9월 1일', '2025년 11월 7일', '저자 3명'],
    ['British', '1 Sept', '7 Nov 2025', '3 authors'],
  ])('into %s has its days and its authors', (_, day, dayAndYear, authors) => {
    const card = (title: string, shown: string) =>
      `12\n\n${title}\n\n${abstracts[0]}\n\n• ${authors}\n·\n${shown}\n2\n\n`;
    const text = `Daily Papers\n\nby AK and the research community\n\nOct 2\n\n${card('A Ferry', day)}${card('A Bridge', dayAndYear)}`;
    expect(readListing(text, { date: '2026-10-02' }).papers).toMatchObject([
      { title: 'A Ferry', publishedOn: '2026-09-01', authorsCount: 3, comments: 2, upvotes: 12 },
      { title: 'A Bridge', publishedOn: '2025-11-07', authorsCount: 3, comments: 2, upvotes: 12 },
    ]);
  });
});

describe('details as other programs write them', () => {
  const head = 'Daily Papers\n\nby AK and the research community\n\nOct 2\n\n';
  const read = (upvotes: string, authors: string, day: string) =>
    readListing(`${head}${`${upvotes}\n\nA Ferry\n\n${abstracts[0]}\n\n${authors}\n·\n${day}\n\n`}`, {
      date: '2026-10-02',
    }).papers;

  test.each(['12', '▲ 12', '↑ 12', '👍 12', '12 upvotes', 'Upvote 12'])('upvotes: %s', (upvotes) => {
    expect(read(upvotes, '• 3 authors', 'Sep 9')).toMatchObject([{ title: 'A Ferry', upvotes: 12 }]);
  });

  test.each(['• 3 authors', '– 3 authors', '○ 3 authors', '→ 3 authors', '◆ 3 Authors', '3 authors'])(
    'authors: %s',
    (authors) => {
      expect(read('12', authors, 'Sep 9')).toMatchObject([{ authorsCount: 3, organization: null }]);
    },
  );

  test.each([
    'Sep 9 2',
    'Sep 9[2]',
    'Sep 9(2)',
    'Sep 92',
    'Sep 9 · 2 comments',
    'Sep 9 💬 2',
    'Sep 9\n\n2 comments',
    'Sep 9th 2',
    'Wed, Sep 9, 2026 2',
    'Published: Sep 9, 2026 [2]',
  ])('day and comments: %s', (day) => {
    expect(read('12', '• 3 authors', day)).toMatchObject([{ publishedOn: '2026-09-09', comments: 2 }]);
  });
});

test.each(['W40', 'Week 40, 2026', 'Sep 28 - Oct 4', 'Sep 28, 2026 – Oct 4, 2026', 'October 2026'])(
  'the head of a page of more days than one, “%s”, is no paper',
  (shown) => {
    const card = `12\n\nA Ferry\n\n${abstracts[0]}\n\n• 3 authors\n·\nSep 9\n\n`;
    const text = `Daily Papers\n\nby AK and the research community\n\nDaily\nWeekly\nMonthly\n\n${shown}\n\n${card}`;
    expect(readListing(text, { date: '2026-10-02' }).papers).toMatchObject([
      { title: 'A Ferry', upvotes: 12 },
    ]);
  },
);

test('headings that lead to papers are papers, with an abstract and without', () => {
  const text = `# Daily Papers\n\nOct 2\n\n### [A Ferry](${site}/papers/2609.00001)\n\n${abstracts[0]}\n\n### [Bridges](${site}/papers/2609.00002)\n`;
  expect(readListing(text).papers).toMatchObject([
    { title: 'A Ferry', abstract: abstracts[0] },
    { title: 'Bridges', abstract: null },
  ]);
});

test('numbers in front of all cards are no part of their titles', () => {
  const text = write(
    'Daily Papers\n\nby AK and the research community',
    (card, at) => `${at + 1}. ${card.title}\n\n${card.abstract}\n\n- 3 authors · ${card.day}`,
  );
  expect(readListing(text).papers.map(({ title }) => title)).toEqual(cards.map(({ title }) => title));
});

test('a page without abstracts has organisations below its titles, and comments below those', () => {
  const text = `Daily Papers\nby\nAK\nand the research community\nOct 2\n\nSubmitted by\nada\n\n45\n\nA Ferry\n\nLake Research\n\nGitHub 1.3k\n\n3\n\nSubmitted by\ngrace\n\n-\n\nA Bridge\n\n• 8 authors\n\n2\n\n`;
  expect(readListing(text).papers).toMatchObject([
    { title: 'A Ferry', organization: 'Lake Research', upvotes: 45, comments: 3, abstract: null },
    { title: 'A Bridge', organization: null, upvotes: 0, comments: 2, authorsCount: 8, abstract: null },
  ]);
});

describe('where a title is due', () => {
  const trending = (title: string) =>
    `Submitted by\nada\n\n${title}\n\n${abstracts[0]}\n\n• 18 authors\n·\nPublished on Sep 16, 2026\n\nUpvote\n\n82\n\nGitHub\n\n44\n\narXiv Page\n\n`;
  const wrapped = (title: string) =>
    `4\n\n${title}\n\n${abstracts[0]?.replace(/(.{1,60}) /g, '$1\n')}\n\n• 18 authors\n·\nSep 16 2\n\n`;
  const bare = (title: string) => `Submitted by\nada\n\n4\n\n${title}\n\n• 18 authors\n\n`;
  const heading = (title: string) =>
    `[4](${site}/login)\n\n### [${title}](${site}/papers/2609.00001)\n\n[${abstracts[0]}](${site}/papers/2609.00001)\n\n- 18 authors\n\n·\n\nSep 16\n\n`;

  test.each(['Dec 12', '2025-12-12', '3 authors', '1984', '10 位作者', 'Published on Sep 16, 2026'])(
    '“%s” is one',
    (title) => {
      for (const card of [trending, wrapped, bare, heading])
        expect(
          readListing(`Daily Papers\n\nOct 2\n\n${card('A Ferry')}${card(title)}${card('A Bridge')}`).papers,
        ).toMatchObject([
          { title: 'A Ferry', authorsCount: 18 },
          { title, authorsCount: 18 },
          { title: 'A Bridge', authorsCount: 18 },
        ]);
    },
  );

  test.each(['GitHub', 'PDF', 'Image: The Next Frontier', '[Re] A Ferry', 'We Use Cookies: A Study'])(
    '“%s” is one above its abstract',
    (title) => {
      for (const card of [trending, wrapped, heading])
        expect(readListing(`Daily Papers\n\nOct 2\n\n${card('A Ferry')}${card(title)}`).papers).toMatchObject(
          [{ title: 'A Ferry' }, { title, authorsCount: 18 }],
        );
    },
  );
});

test.each([
  ['blank lines below a list of links', `References\n${'\n'.repeat(100_000)}`],
  ['line ends of old programs', `Daily Papers\n${'\r'.repeat(100_000)}x`],
  ['marks of a mail', '\\\\\n'.repeat(50_000)],
  ['open brackets', '[a]('.repeat(100_000)],
  ['words of menus', `${'by ak '.repeat(26)}x\n`.repeat(2000)],
])('%s are read in no more time than others', async (_, text) => {
  const read = () => expect(() => readListing(text)).toThrow('refused');
  expect(await measureProcessorTime(read)).toBeLessThan(10_000);
});
