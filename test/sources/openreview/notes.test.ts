// OpenReview's notes, written by hand in the shape of its API.
import { describe, expect, test } from 'vitest';
import { parseNotes } from '../../../src/sources/openreview/notes.ts';

const at = (day: string) => Date.parse(`${day}T12:00:00Z`);
const note = (id: string, dates: object, content: object = {}) => ({
  id,
  forum: id,
  ...dates,
  content: {
    title: { value: `A Ferry ${id}` },
    abstract: { value: 'We ferry\npackets: https://example.org/.' },
    authors: { value: ['Ada Lovelace', 'Alan Turing'] },
    venueid: { value: 'ICLR.cc/2026/Conference' },
    ...content,
  },
});
const parse = (notes: unknown[], more: object = {}) =>
  parseNotes(JSON.stringify({ notes, count: notes.length, ...more }), { day: '2026-03-03', limit: 1000 });

describe('a page of notes', () => {
  test('gives the papers that could be read on the day or shortly before, whenever they were sent in', () => {
    const page = parse([
      note('a', { cdate: at('2025-09-20'), odate: at('2025-11-01'), pdate: at('2026-03-03') }),
      note('b', { cdate: at('2026-03-01') }),
      note('old', { cdate: at('2025-09-20') }),
      note('later', { cdate: at('2025-09-20'), pdate: at('2026-03-09') }),
    ]);
    expect(page).toMatchObject({ entries: 4, total: 4, warnings: [] });
    expect('papers' in page && page.papers).toMatchObject([
      {
        title: 'A Ferry a',
        ids: { page: 'https://openreview.net/forum?id=a' },
        abstract: 'We ferry packets: https://example.org/.',
        authors: ['Ada Lovelace', 'Alan Turing'],
        publishedOn: '2026-03-03',
      },
      { title: 'A Ferry b', publishedOn: '2026-03-01' },
    ]);
  });

  test('leaves out replies, what was deleted and desk rejections, and marks what was withdrawn', () => {
    const dates = { cdate: at('2026-03-03') };
    const page = parse([
      note('review', { ...dates, replyto: 'a' }),
      note('gone', { ...dates, ddate: at('2026-03-03') }),
      note('desk', dates, { venueid: { value: 'ICLR.cc/2026/Conference/Desk_Rejected_Submission' } }),
      note('back', dates, { venueid: { value: 'ICLR.cc/2026/Conference/Withdrawn_Submission' } }),
    ]);
    expect('papers' in page && page.papers).toMatchObject([{ title: 'A Ferry back', isWithdrawn: true }]);
  });

  test('loses only the entry that cannot be read, and names it', () => {
    const dates = { cdate: at('2026-03-03') };
    const page = parse([
      7,
      note('a', dates, { title: { value: '' } }),
      note('b', dates, { abstract: null, authors: 7 }),
    ]);
    expect(page).toMatchObject({
      papers: [{ title: 'A Ferry b', abstract: null, authorsCount: null }],
      warnings: ['entry 1 is left out: it is no paper', 'entry 2 (a) is left out: it has no title'],
    });
  });

  test('has letters where authors typed TeX, and formulas as they are', () => {
    const typed = {
      title: { value: String.raw`Schr\"odinger $\v{x}$` },
      abstract: { value: String.raw`Na\"ive, 50\%.` },
    };
    expect(parse([note('a', { cdate: at('2026-03-03') }, typed)])).toMatchObject({
      papers: [{ title: String.raw`Schrödinger $\v{x}$`, abstract: 'Naïve, 50%.' }],
    });
  });

  test('that does not tell how many there are goes on while pages are full', () => {
    const notes = [note('a', { cdate: at('2026-03-03') })];
    const of = (limit: number) => parseNotes(JSON.stringify({ notes }), { day: '2026-03-03', limit });
    expect(of(1)).toMatchObject({ total: Number.POSITIVE_INFINITY });
    expect(of(1000)).toMatchObject({ total: 0 });
  });

  test('that is none is refused with what it is', () => {
    const refused = (text: string) => parseNotes(text, { day: '2026-03-03', limit: 1 });
    expect(refused('<html>')).toMatchObject({ reason: expect.stringMatching(/not JSON/) });
    expect(refused('{"name":"ForbiddenError"}')).toMatchObject({
      reason: expect.stringMatching(/no list of notes/),
    });
  });
});
