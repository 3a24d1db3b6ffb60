// The day of a listing, and the years that its page does not show.
import { describe, expect, test } from 'vitest';
import { readListing } from './read-fixture.ts';

const inAbstract = 'We say in a sentence what was done, and in a second one why it matters to anybody.';

describe('the listing is of', () => {
  const page = (head: string): string => `Daily Papers\n\n${head}\n\n${card('Jun 21')}`;

  test('the given day, whatever its name and its page say', () => {
    const listing = readListing(page('Dec 12'), {
      date: '2024-02-03',
      fileName: 'daily-papers-2025-12-12.txt',
    });
    expect(listing).toMatchObject({ date: '2024-02-03', warnings: [] });
  });

  test.each([
    ['daily-papers-2025-12-12.txt', '2025-12-12'],
    ['C:\\lists\\2025_12_12.txt', '2025-12-12'],
    ['/in/2024-01-01/papers.20251212.txt', '2025-12-12'],
    ['v2025-99-99_2025-12-12', '2025-12-12'],
  ])('the day in the name %s', (fileName, date) => {
    expect(readListing(page('Dec 12'), { fileName })).toMatchObject({ date, warnings: [] });
  });

  test('the day in the name, with a warning where the page shows another one', () => {
    expect(readListing(page('Dec 12'), { fileName: 'daily-papers-2025-12-13.txt' })).toMatchObject({
      date: '2025-12-13',
      warnings: [{ line: 3, message: 'the page also shows Dec 12: 2025-12-13 was taken as its day' }],
    });
  });

  test.each([
    ['Nov 23', '2026-11-23'],
    ['23 Nov', '2026-11-23'],
    ['23. Nov', '2026-11-23'],
    ['Oct 23', '2026-10-23'],
    ['December 12, 2024', '2024-12-12'],
    ['2024-12-12', '2024-12-12'],
    ['12 Dec 2024', '2024-12-12'],
    ['5th of November 2025', '2025-11-05'],
    ['the 5th of November, 2025', '2025-11-05'],
    ['Nov. 5th, 2025', '2025-11-05'],
    ['Nov 05 2025', '2025-11-05'],
    ['05-Nov-2025', '2025-11-05'],
    ['2025-Nov-05', '2025-11-05'],
    ['2025.11.05', '2025-11-05'],
    ['2025/11/5', '2025-11-05'],
    ['20251105', '2025-11-05'],
    ['05.11.2025', '2025-11-05'],
    ['2025-11-05T10:00:00.000Z', '2025-11-05'],
    ['2025-11-05 10:00 UTC', '2025-11-05'],
    ['Nov 5, 2025, 10:00 am', '2025-11-05'],
    ['Date: 2025-11-05', '2025-11-05'],
    ['13/11/2025', '2025-11-13'],
    ['11/13/2025', '2025-11-13'],
    ['13-11-2025', '2025-11-13'],
    ['13/11/25', '2025-11-13'],
    ['05/05/2025', '2025-05-05'],
  ])('the day of the page head %s', (head, date) => {
    expect(readListing(page(head))).toMatchObject({ date, warnings: [] });
  });

  test.each([
    ['Dec 12', '2025-12-12'],
    ['Nov 24', '2025-11-24'],
    ['28. Dez', '2025-12-28'],
    ['Oct 22', '2026-10-22'],
    ['Feb 29', '2024-02-29'],
  ])('the day of the page head %s of long ago, with a warning that its year is a guess', (head, date) => {
    const message = `${head} was read as ${date}, and may be of an earlier year; give the day with --date`;
    expect(readListing(page(head))).toMatchObject({ date, warnings: [{ line: 3, message }] });
  });

  test.each([
    ['a paper that came out in the year before it', 'Mar 3, 2025'],
    ['a page that shows the year of 2024 and not its own', 'Nov 7, 2024'],
  ])('the day of the page head Dec 12 of long ago, where its year is told by %s', (_, shown) => {
    const text = `${page('Dec 12')}\n${card(shown).replace('A Title', 'Another Title')}`;
    expect(readListing(text)).toMatchObject({ date: '2025-12-12', warnings: [] });
  });

  test('a day that nobody asked for is a guess without a warning', () => {
    for (const head of ['Dec 12', 'Weekly'])
      expect(readListing(page(head), { wanted: 'papers' }).warnings).toEqual([]);
  });

  test('the first of two days in the head, with a warning', () => {
    expect(readListing(page('Dec 12\n\nDec 13'), { today: '2025-12-14' })).toMatchObject({
      date: '2025-12-12',
      warnings: [{ line: 5, message: 'the page also shows Dec 13: 2025-12-12 was taken as its day' }],
    });
  });

  test('one day that the head shows twice, once with its year', () => {
    expect(readListing(page('Dec 12\n\nDec 12, 2024'))).toMatchObject({ date: '2024-12-12', warnings: [] });
  });

  test('the day below a line of unknown meaning, with a warning', () => {
    const listing = readListing(`What We Read\n\nDec 12\n\n${card('Jun 21')}`, { today: '2025-12-14' });
    expect(listing).toMatchObject({ date: '2025-12-12', papers: [{ title: 'A Title of Its Own' }] });
    expect(listing.warnings).toEqual([
      { line: 1, message: 'this and what follows above the date was taken for the head of the page' },
    ]);
  });

  test('the day below menus and search words', () => {
    const head =
      'Get trending papers in your email inbox!\n\nmixture of experts\n\nDaily\n\nWeekly\n\nDec 12\n\n';
    const listing = readListing(`${head}${card('Jun 21')}`, { today: '2025-12-14' });
    expect(listing).toMatchObject({ date: '2025-12-12', warnings: [] });
    expect(listing.papers).toHaveLength(1);
  });

  test('no day that belongs to a paper', () => {
    const listing = readListing(
      `A Title of Its Own\n\n${inAbstract} ${inAbstract} ${inAbstract}\n\nJun 21\n\n${card('Jun 22')}`,
      {
        date: '2025-12-12',
      },
    );
    expect(listing.papers).toMatchObject([{ publishedOn: '2025-06-21' }, { publishedOn: '2025-06-22' }]);
  });

  test('today, with a warning, when the head has menus and no day', () => {
    const head = 'Get trending papers in your email inbox!\n\nmixture of experts\n\nDaily\n\nWeekly\n\n';
    const listing = readListing(`${head}${card('Jun 21')}`);
    expect(listing.papers).toMatchObject([{ title: 'A Title of Its Own', publishedOn: '2026-06-21' }]);
    expect(listing.warnings).toHaveLength(1);
  });

  test('today, with a warning, when nothing tells', () => {
    expect(readListing(card('Jun 21'), { fileName: 'papers.txt' })).toMatchObject({
      date: '2026-11-23',
      warnings: [
        {
          line: 1,
          message:
            'the text does not say its day: today, 2026-11-23, was taken; give the day with --date, as dates without a year go by it',
        },
      ],
    });
  });
});

describe('05/11/2026, which is of November or of May,', () => {
  const twoCards = (head: string, first: string, second: string) =>
    `Daily Papers\n\n${head}\n\n${card(first)}\n${card(second).replace('A Title', 'Another Title')}`;

  test.each([
    [
      'another day over 12 with the day first',
      twoCards('Nov 20, 2026', '13/10/2026', '05/11/2026'),
      '2026-11-05',
    ],
    [
      'another day over 12 with the month first',
      twoCards('Nov 20, 2026', '10/13/2026', '05/11/2026'),
      '2026-05-11',
    ],
    ['the page’s day, which no paper is after', twoCards('Oct 2, 2026', 'Oct 1', '05/11/2026'), '2026-05-11'],
    ['today, which no paper is after', twoCards('', 'Oct 1', '12/11/2026'), '2026-11-12'],
  ])('is told by %s', (_, text, publishedOn) => {
    const { papers, warnings } = readListing(text);
    expect(papers[1]).toMatchObject({ publishedOn });
    expect(warnings.filter(({ message }) => message.includes('may be'))).toEqual([]);
  });

  test.each([
    [
      'a paper that came out in between',
      twoCards('05/11/2026', 'Jun 21, 2026', 'Jun 22, 2026'),
      '2026-11-05',
    ],
    ['a paper’s own date over 12', twoCards('05/11/2026', '21/10/2026', 'Jun 22, 2026'), '2026-11-05'],
    [
      'a day that it shows twice',
      twoCards('05/11/2026\n\nNovember 5, 2026', 'Jun 21', 'Jun 22'),
      '2026-11-05',
    ],
    ['the future', twoCards('05/12/2026', 'May 1', 'May 2'), '2026-05-12'],
  ])('as the page’s day is told by %s', (_, text, date) =>
    expect(readListing(text)).toMatchObject({ date, warnings: [] }),
  );

  test('is as the file’s name has it', () => {
    const text = twoCards('05/11/2026', 'May 1', 'May 2');
    for (const day of ['2026-11-05', '2026-05-11'])
      expect(readListing(text, { fileName: `${day}.txt` })).toMatchObject({ date: day, warnings: [] });
  });

  test('is told by nothing: a warning names the place and both readings, and nobody guesses', () => {
    expect(readListing(twoCards('Nov 20, 2026', 'Oct 1', '05/11/2026'))).toMatchObject({
      papers: [{}, { publishedOn: null }],
      warnings: [
        {
          line: 19,
          message:
            '05/11/2026 may be 2026-11-05 or 2026-05-11, and nothing else in the text decides it: the date was left out',
        },
      ],
    });
    expect(readListing(twoCards('05/11/2026', 'Mar 1', 'Mar 2'))).toMatchObject({
      date: '2026-11-23',
      warnings: [
        {
          line: 3,
          message:
            '05/11/2026 may be 2026-11-05 or 2026-05-11, and nothing else in the text decides it: today, 2026-11-23, was taken; give the day with --date, as dates without a year go by it',
        },
      ],
    });
  });

  test('is told by no two dates that disagree', () => {
    const text = `${twoCards('Nov 20, 2026', '13/10/2026', '10/13/2026')}\n${card('05/11/2026').replace('A Title', 'A Third Title')}`;
    expect(readListing(text).papers).toMatchObject([
      { publishedOn: '2026-10-13' },
      { publishedOn: '2026-10-13' },
      { publishedOn: null },
    ]);
  });
});

describe('a paper of a listing of 2025-12-12 came out', () => {
  test.each([
    ['Jun 21', '2025-06-21', null],
    ['Dec 12', '2025-12-12', null],
    ['Dec 20', '2024-12-20', null],
    ['28 Nov', '2025-11-28', null],
    ['28. Nov', '2025-11-28', null],
    ['28 nov.', '2025-11-28', null],
    ['Sep 25 2', '2025-09-25', 2],
    ['Nov 7, 2024 3', '2024-11-07', 3],
    ['May 29[6]', '2025-05-29', 6],
    ['Nov 7, 2024 [13]', '2024-11-07', 13],
    ['Nov 7, 20243', '2024-11-07', 3],
    ['Jan 5 1,024', '2025-01-05', 1024],
    ['Feb 3, 2023', '2023-02-03', null],
    ['\ufffd Feb 3', '2025-02-03', null],
  ])('%s: on %s with %s comments', (shown, publishedOn, comments) => {
    const listing = readListing(card(shown), { date: '2025-12-12' });
    expect(listing).toMatchObject({ papers: [{ publishedOn, comments, authorsCount: 3 }], warnings: [] });
  });

  test.each([
    ['Sep 253', '2025-09-25', 'Sep 253 was read as day 25 with 3 comments'],
    ['Oct 327', '2025-10-03', 'Oct 327 was read as day 3 with 27 comments'],
    ['Jan 5, 2026', '2026-01-05', "2026-01-05 is after the listing's day, 2025-12-12"],
    ['Dec 13', '2025-12-13', "2025-12-13 is after the listing's day, 2025-12-12"],
    [
      'Dec 14',
      '2024-12-14',
      "Dec 14 was read as 2024-12-14: in 2025 it would be after the listing's day, 2025-12-12",
    ],
    [
      '19. Dez',
      '2024-12-19',
      "19. Dez was read as 2024-12-19: in 2025 it would be after the listing's day, 2025-12-12",
    ],
    ['yesterday', null, '"yesterday" was left out: a date or nothing was expected among the details'],
    ['vor 3 Tagen', null, '"vor 3 Tagen" was left out: a date or nothing was expected among the details'],
    ['28/11', null, '"28/11" was left out: a date or nothing was expected among the details'],
    ['Feb 30', null, 'there is no such day: the date was left out'],
    ['Jun 31, 2024', null, 'there is no such day: the date was left out'],
    ['Jun 2l', null, '"Jun 2l" was left out: a date or nothing was expected among the details'],
    ['May 2024', null, '"May 2024" was left out: a date or nothing was expected among the details'],
    ['3 days ago', null, '"3 days ago" was left out: a date or nothing was expected among the details'],
  ])('%s: on %s, with a warning', (shown, publishedOn, message) => {
    const listing = readListing(card(shown), { date: '2025-12-12' });
    expect(listing).toMatchObject({
      papers: [{ title: 'A Title of Its Own', publishedOn }],
      warnings: [{ line: 7, message }],
    });
  });

  test('the year before, where the listing is of January', () => {
    const dates = (['Dec 28', '28. Dez', 'Jan 2', 'Dec 31, 2025', 'Nov 7, 2024 3'] as const).map((shown) =>
      readListing(card(shown), { date: '2026-01-03' }),
    );
    expect(dates.map(({ papers }) => papers[0]?.publishedOn)).toEqual([
      '2025-12-28',
      '2025-12-28',
      '2026-01-02',
      '2025-12-31',
      '2024-11-07',
    ]);
    expect(dates.flatMap(({ warnings }) => warnings)).toEqual([]);
    expect(readListing(card('Jan 1'), { date: '2025-12-31' })).toMatchObject({
      papers: [{ publishedOn: '2026-01-01' }],
      warnings: [{ message: "2026-01-01 is after the listing's day, 2025-12-31" }],
    });
  });

  test('29 February in a leap year', () => {
    expect(readListing(card('Feb 29'), { date: '2024-03-01' }).papers).toMatchObject([
      { publishedOn: '2024-02-29' },
    ]);
    expect(readListing(card('Feb 29'), { date: '2025-02-01' }).papers).toMatchObject([
      { publishedOn: '2024-02-29' },
    ]);
    expect(readListing(card('Feb 29'), { date: '2026-03-01' })).toMatchObject({
      papers: [{ publishedOn: null }],
      warnings: [{ line: 7, message: 'there is no such day: the date was left out' }],
    });
  });
});

/** Its date is on line 7. */
function card(shownDate: string): string {
  return `A Title of Its Own\n\n${inAbstract}\n\n  • 3 authors\n·\n${shownDate}\n`;
}
