// What particular programs make of the page: scrapers, browsers, and the page of trending papers.
import { describe, expect, test } from 'vitest';
import { readListing } from './read-fixture.ts';

const abstract =
  'We ferry packets across a narrow lake and count those that arrive, in two seasons and with three kinds of boats, of which the smallest one does best.';
const site = 'https://huggingface.co';

/** A card as a scraper writes it in Markdown. */
const markdown = (title: string, { details, date }: { details: string; date: string }) =>
  `[4](${site}/login?next=%2Fp)\n\n### [${title}](${site}/papers/2609.1)\n\n[${abstract}](${site}/papers/2609.1)\n\n${details}\n\n·\n\n${date}\n\n`;

describe('a Markdown capture', () => {
  const head = `# Daily Papers\n\n## by [AK](${site}/akhaliq) and the research community\n\nOct 2\n\n`;

  test('keeps the day apart from the comment count that is glued to it as a link', () => {
    const details = `[- 4 authors](${site}/papers/2609.1)`;
    const dates = ['Sep 1', 'Sep 30', 'Nov 7, 2025'];
    const cards = dates.map((day, at) => {
      return markdown(`Ferry Number ${at}`, { details, date: `${day}[2](${site}/papers/2609.1#community)` });
    });
    expect(readListing(head + cards.join(''), { date: '2026-10-02' }).papers).toMatchObject([
      { publishedOn: '2026-09-01', comments: 2 },
      { publishedOn: '2026-09-30', comments: 2 },
      { publishedOn: '2025-11-07', comments: 2 },
    ]);
  });

  test.each([
    `[Previous](${site}/papers/date/2026-10-01) Oct 2`,
    `[Previous](${site}/papers/date/2026-10-01)Oct 2[Next](${site}/papers/date/2026-10-03)`,
    `Oct 2 [Next](${site}/papers/date/2026-10-03)`,
    '← Oct 2',
    'Oct 2, 2026 ›',
  ])('has its day beside the arrows: %s', (day) => {
    const page = head.replace('Oct 2', day) + markdown('A Ferry', { details: '- 3 authors', date: 'Sep 9' });
    const { date, papers } = readListing(page, { today: '2026-10-20' });
    expect([date, papers.map(({ title }) => title)]).toEqual(['2026-10-02', ['A Ferry']]);
  });

  test('has no paper made of avatars', () => {
    const avatars = `[- ![](${site}/a.svg)\\\\\n- ![](${site}/b.svg)\\\\\n- 3 authors](${site}/papers/2609.1)`;
    const { papers } = readListing(head + markdown('A Ferry', { details: avatars, date: 'Sep 9' }));
    expect(papers).toMatchObject([{ title: 'A Ferry', abstract, authorsCount: 3 }]);
  });
});

test('a Markdown capture with short addresses and another bullet is read like any', () => {
  const card = `[4](/login?next=%2Fp)\n\n### [A Ferry](/papers/2609.1)\n\n[${abstract}](/papers/2609.1)\n\n- \\\\\n- \\\\\n* [3 authors](/papers/2609.1)\n\n·\n\nSep 1[2](/papers/2609.1#community)\n\n`;
  const { papers } = readListing(`# Daily Papers\n\nOct 2\n\n${card}`, { date: '2026-10-02' });
  expect(papers).toMatchObject([
    { title: 'A Ferry', abstract, authorsCount: 3, publishedOn: '2026-09-01', comments: 2, upvotes: 4 },
  ]);
});

describe('a copy without handles', () => {
  test('keeps the first word of an organisation', () => {
    const cards = ['Microsoft Research', 'Google', 'Carnegie Mellon University'].map(
      (name, at) => `Ferry Number ${at}\n\n${abstract}\n\n${name}\n\n·\n\nSep 9\n\n`,
    );
    const { papers } = readListing(`Daily Papers\n\nOct 2\n\n${cards.join('')}`);
    expect(papers.map(({ organization }) => organization)).toEqual([
      'Microsoft Research',
      'Google',
      'Carnegie Mellon University',
    ]);
  });
});

describe('a card with an organisation and authors', () => {
  const footers = {
    'with a date': `Lake Lab\n\n·\n\n• 18 authors\n\n·\n\nSep 9\n\n3`,
    'below another, without a date': `Lake Lab\n\n·\n\n  18 authors\n\n3`,
    'on one line': 'Lake Lab · 18 authors · Sep 9\n\n3',
    'on one line, without a date': 'Lake Lab · 18 authors\n\n3',
    'in Markdown': `[![lake](${site}/c.png)Lake Lab](${site}/lake)\n\n·[- ![](${site}/a.svg)\\\\\n- 18 authors](${site}/papers/2609.1)\n\nSep 9[3](${site}/papers/2609.1#community)`,
  };
  test.each(Object.entries(footers))('has both: %s', (_, footer) => {
    const cards = ['A Ferry', 'A Bridge'].map((title) => `12\n\n${title}\n\n${abstract}\n\n${footer}\n\n`);
    const { papers, warnings } = readListing(`Daily Papers\n\nOct 2\n\n${cards.join('')}`, {
      date: '2026-10-02',
    });
    const details = { abstract, organization: 'Lake Lab', authorsCount: 18, upvotes: 12, comments: 3 };
    expect(papers).toMatchObject([
      { title: 'A Ferry', ...details },
      { title: 'A Bridge', ...details },
    ]);
    expect(warnings).toEqual([]);
  });

  test('and its code’s stars are no paper and no count', () => {
    const card = (title: string, at: number) =>
      `[12](${site}/login)\n\n### [${title}](${site}/papers/2609.0000${at})\n\n[![lake](${site}/c.png)Lake Lab](${site}/lake)\n\n·[- ![](${site}/a.svg)\\\\\n- 18 authors](${site}/papers/2609.1)\n\n[1.2k](https://github.com/lake/${at})[3](${site}/papers/2609.1#community)\n\n`;
    const { papers } = readListing(
      `# Daily Papers\n\n## by [AK](${site}/akhaliq) and the research community\n\nOct 2\n\n${card('A Ferry', 1)}${card('A Bridge', 2)}`,
    );
    const details = { organization: 'Lake Lab', authorsCount: 18, upvotes: 12, comments: 3 };
    expect(papers).toMatchObject([
      { title: 'A Ferry', ...details, links: ['https://github.com/lake/1'] },
      { title: 'A Bridge', ...details, links: ['https://github.com/lake/2'] },
    ]);
  });
});

test.each([
  ['Tägliche Papers\n\nvon AK und der Forschungsgemeinschaft', '2. Okt.', 'Autoren'],
  ['Articles quotidiens\n\npar AK et la communauté de recherche', '2 oct.', 'auteurs'],
  ['Ежедневные статьи\n\nот AK и исследовательского сообщества', '2 октября', 'авторов'],
  ['每日论文\n\n由 AK 和研究社区', '10月2日', '位作者'],
])('a page that a browser translated has no paper made of its head: %s', (head, day, people) => {
  const card = `12\n\nA Ferry\n\n${abstract}\n\n• 18 ${people}\n·\n${day}\n\n`;
  const { papers, date } = readListing(`neu\n\nTäglich per Post!\n\n${head}\n\n${day}\n\n${card}`, {
    today: '2026-10-03',
  });
  expect(papers).toMatchObject([{ title: 'A Ferry', authorsCount: 18, publishedOn: '2026-10-02' }]);
  expect(date).toBe('2026-10-02');
});

describe('a text in a mail', () => {
  const cards = ['A Ferry', 'A Bridge'].map(
    (title) => `12\n\n${title}\n\n${abstract}\n\n• 18 authors\n·\nSep 9\n\n`,
  );
  const page = `Daily Papers\n\nby AK and the research community\n\nOct 2\n\n${cards.join('')}`;

  test('that was passed on is read like any', () => {
    const quoted = `These look good.\n\n${page.replace(/^/gm, '> ')}`;
    expect(readListing(quoted, { date: '2026-10-02' }).papers).toEqual(
      readListing(page, { date: '2026-10-02' }).papers,
    );
  });

  test('that was not has its own signs', () => {
    const compared = page.replace('A Ferry', '> 90 % of All Ferries');
    expect(readListing(compared, { date: '2026-10-02' }).papers[0]).toMatchObject({
      title: '> 90 % of All Ferries',
    });
  });

  test('that ends in the middle of a paper is told to', () => {
    const cut = page.slice(0, page.lastIndexOf('with three kinds'));
    expect(readListing(cut, { date: '2026-10-02' })).toMatchObject({
      papers: [{ title: 'A Ferry' }, { title: 'A Bridge' }],
      warnings: [{ message: 'the text ends in the middle of a paper: it may be cut off' }],
    });
  });
});

test('the foot of a page without blank lines is no paper', () => {
  const cards = ['A Ferry', 'A Bridge'].map((title) => `Submitted by\nada\n12\n${title}\n·\n18 authors\n3\n`);
  const foot = 'Previous\nNext\nCompany\nTOS\nPrivacy\nModels\nDocs\n';
  const { papers } = readListing(`Daily Papers\nOct 2\n${cards.join('')}${foot}`);
  expect(papers.map(({ title }) => title)).toEqual(['A Ferry', 'A Bridge']);
});

test('the links that a text browser lists below the page tell the papers’ ids', () => {
  const card = (title: string, at: number) =>
    `   [1]12\n\n   [${at}]${title}\n\n   ${abstract}\n     * [${at}]4 authors\n\n   · Sep 9\n\n`;
  const list = [1, 2, 3].map((at) => `   ${at}. ${site}/${at === 1 ? 'login' : `papers/2609.0000${at}`}\n`);
  const page = `   Daily Papers\n\n   Oct 2\n\n${card('A Ferry', 2)}${card('A Bridge', 3)}References\n\n${list.join('')}`;
  const { papers } = readListing(page, { date: '2026-10-02' });
  expect(papers).toMatchObject([
    { title: 'A Ferry', abstract, authorsCount: 4, ids: { arxiv: '2609.00002' } },
    { title: 'A Bridge', abstract, authorsCount: 4, ids: { arxiv: '2609.00003' } },
  ]);
});

describe('a page of trending papers', () => {
  const linked = [
    '[GitHub 1.2k](https://github.com/ada/ferry) [arXiv Page](https://arxiv.org/abs/2609.00001)',
    '[GitHub1.2k](https://github.com/ada/ferry)[arXiv Page](https://arxiv.org/abs/2609.00001)',
    '[GitHub1.2k](https://github.com/ada/ferry)\n[arXiv Page](https://arxiv.org/abs/2609.00001)',
    '[GitHub 1.2k](https://github.com/ada/ferry) · [arXiv Page](https://arxiv.org/abs/2609.00001)',
    '[arXiv Page](https://arxiv.org/abs/2609.00001) | [Project page](https://huggingface.co/ada) | [GitHub](https://github.com/ada/ferry)',
  ];
  test.each(linked)('has buttons on one line, whose links are the card’s: %s', (buttons) => {
    const cards = ['A Ferry', 'A Bridge'].map(
      (title) =>
        `Submitted by\n\nada\n\n### [${title}](${site}/papers/2609.0000${title.length})\n\n${abstract}\n\n- 18 authors\n\n·\n\nPublished on Sep 16, 2026\n\nUpvote\n82\n\n${title === 'A Ferry' ? buttons : ''}\n\n`,
    );
    const { papers } = readListing(`# Trending Papers\n\n${cards.join('')}`, { date: '2026-10-02' });
    expect(papers).toMatchObject([
      { title: 'A Ferry', upvotes: 82, links: ['https://github.com/ada/ferry'] },
      { title: 'A Bridge', upvotes: 82, links: [] },
    ]);
  });

  test('has the id of a card’s arXiv button, where its title leads nowhere', () => {
    const card = (title: string, id: string) =>
      `Submitted by\n\nada\n\n### ${title}\n\n${abstract}\n\n- 18 authors\n\n·\n\nPublished on Sep 16, 2026\n\n[Upvote 82](${site}/login)\n\n[GitHub 3](https://github.com/a/b) [arXiv Page](https://arxiv.org/abs/${id})\n\n`;
    const { papers } = readListing(
      `# Trending Papers\n\n${card('A Ferry', '2609.00001')}${card('A Bridge', '2609.00002v2')}`,
      { date: '2026-10-02' },
    );
    expect(papers).toMatchObject([{ ids: { arxiv: '2609.00001' } }, { ids: { arxiv: '2609.00002' } }]);
  });

  test.each([
    'Upvote\n88\nGitHub 1.2k arXiv Page',
    'Upvote 88 GitHub 341 arXiv Page',
    'Upvote 88\nGitHub1.2k arXiv Page',
    'arXiv Page GitHub 341 Upvote 88',
    '88 GitHub 341 arXiv Page',
    'Upvote 88 · GitHub 341 · Models 2 · View PDF',
  ])('has buttons on one line in plain text: %s', (buttons) => {
    const card = (title: string, below: string) =>
      `Submitted by ada\n\n${title}\n\n${abstract}\n\n• 18 authors\n·\nPublished on Sep 16, 2026\n\n${below}\n\n`;
    const { papers } = readListing(
      `Trending Papers\n\n${card('A Ferry', 'Upvote 82')}${card('A Bridge', buttons)}${card('A Lake', buttons)}`,
      { date: '2026-10-02' },
    );
    expect(papers).toMatchObject([
      { title: 'A Ferry', upvotes: 82, abstract },
      { title: 'A Bridge', upvotes: 88, abstract },
      { title: 'A Lake', upvotes: 88, abstract },
    ]);
  });

  const card = (title: string, upvotes: number) =>
    `Submitted by\nada\n\n${title}\n\n${abstract}\n\n• 18 authors\n·\nPublished on Sep 16, 2026\n\nUpvote\n\n${upvotes}\n\nGitHub\n\n60.9k\n\narXiv Page\n\n`;

  test('shows upvotes below its cards, and stars that are no counts of a paper', () => {
    const { papers } = readListing(`Trending Papers\n\n${card('A Ferry', 82)}${card('A Bridge', 7)}`, {
      date: '2026-10-02',
    });
    expect(papers).toMatchObject([
      { title: 'A Ferry', upvotes: 82, comments: null },
      { title: 'A Bridge', upvotes: 7, comments: null },
    ]);
  });

  test('has its buttons with their numbers in them, and as links', () => {
    const buttons = `[Upvote 82](${site}/login?next=%2Fp)\n\n[GitHub 60.9k](https://github.com/ada/ferry)\n\n[arXiv Page](https://arxiv.org/abs/2609.1)\n\n`;
    const cards = ['A Ferry', 'A Bridge'].map(
      (title) =>
        `### [${title}](${site}/papers/2609.1)\n\n${abstract}\n\nLake Lab\n· Published on Sep 16, 2026\n${buttons}`,
    );
    const { papers } = readListing(`# Trending Papers\n\n${cards.join('')}`, { date: '2026-10-02' });
    expect(
      papers.map(({ title, upvotes, comments, organization }) => [title, upvotes, comments, organization]),
    ).toEqual([
      ['A Ferry', 82, null, 'Lake Lab'],
      ['A Bridge', 82, null, 'Lake Lab'],
    ]);
  });

  test('has each card once, however often it is shown in a row, and says so', () => {
    const { papers, warnings } = readListing(`Trending Papers\n\n${card('A Ferry', 82).repeat(2)}`, {
      date: '2026-10-02',
    });
    expect(papers).toMatchObject([{ title: 'A Ferry', upvotes: 82 }]);
    expect(warnings).toMatchObject([{ message: expect.stringMatching(/one of line \d+ are one paper/) }]);
  });
});

describe('where a title is due', () => {
  const head = 'Daily Papers\n\nby AK and the research community\n\nOct 2\n\n';
  test.each(['Dec 12', '3 authors'])('“%s” is one', (title) => {
    for (const upvotes of ['4\n\n', '']) {
      const first = `${upvotes}A Ferry\n\n${abstract}\n\n• 3 authors\n·\nSep 9\n\n`;
      const second = `${upvotes}${title}\n\n${abstract}\n\n• 5 authors\n·\nSep 8\n\n`;
      expect(readListing(head + first + second).papers).toMatchObject([
        { title: 'A Ferry', authorsCount: 3 },
        { title, abstract, authorsCount: 5 },
      ]);
    }
  });

  test('a number is one right above its abstract, where nothing else stands for a title', () => {
    const cards = (shown: string, title: string) =>
      `${shown}${title}\n\n${abstract}\n\nTidal Institute\n\n·\n\nSep 9\n\n`;
    for (const shown of ['5\n\n', '']) {
      const titles = ['A Ferry', '2048', 'A Bridge', '1984', 'A Lake'];
      const { papers } = readListing(head + titles.map((title) => cards(shown, title)).join(''));
      expect(papers).toMatchObject(
        titles.map((title) => ({
          title,
          abstract,
          organization: 'Tidal Institute',
          upvotes: shown === '' ? null : 5,
          comments: null,
        })),
      );
    }
  });

  test('a number is one, where its card has its upvotes already', () => {
    const cards = ['A Ferry', '2048', '1984'].map(
      (title, at) => `${at + 4}\n\n${title}\n\n${abstract}\n\n• 3 authors\n·\nSep 9\n6\n\n`,
    );
    const { papers } = readListing(`${head}${cards.join('')}`);
    expect(papers.map(({ title, upvotes, comments }) => [title, upvotes, comments])).toEqual([
      ['A Ferry', 4, 6],
      ['2048', 5, 6],
      ['1984', 6, 6],
    ]);
  });
});
