// arXiv's announcement as a mail, written by hand in its format.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexPaper } from '../../../src/matching/index-paper.ts';
import { parseQuery } from '../../../src/matching/query/query.ts';
import { matchQuery } from '../../../src/matching/query/query-matcher.ts';
import { parseArxivMail } from '../../../src/sources/arxiv/mail.ts';
import { measureProcessorTime } from '../../support/processor-time.ts';

const ruler = '-'.repeat(78);
const abstract =
  'We ferry packets across a lake, and count\nthose that arrive: $\\mathcal{O}(n)$ of them, by H\\"older.';
const entry = (
  id: string,
  {
    status = '',
    head = 'Date: Thu, 5 Mar 2026 21:23:28 GMT   (1234kb,D)\n',
    more = '',
    text = abstract,
  } = {},
) =>
  `\\\\\narXiv:${id}${status}\n${head}\nTitle: A Ferry for ${id},\n  and a H\\"older Bound\nAuthors: J\\"urgen M\\"uller (1, 2), Fran\\c{c}ois Lov\\'e\n  and Ada Lovelace ((1) Lake Lab, Bern (CH), (2) Elsewhere)\nCategories: cs.LG cs.CL\n${more}\\\\\n  ${text.replaceAll('\n', '\n')}\n\\\\ ( https://arxiv.org/abs/${id} ,  1234kb)\n${ruler}\n`;
const replaced = (id: string, comment: string) =>
  `\\\\\narXiv:${id}\nreplaced with revised version Thu, 5 Mar 2026 10:00:00 GMT   (99kb)\n\nTitle: An Old Ferry\nAuthors: Ada Lovelace\nCategories: cs.LG\nComments: ${comment}\n\\\\ ( https://arxiv.org/abs/${id} ,  99kb)\n${ruler}\n`;
const head = `${ruler}\n${ruler}\nSend any comments regarding submissions directly to submitter.\n${ruler}\n Submissions to:\nMachine Learning\n received from  Wed  4 Mar 26 19:00:00 GMT  to  Thu  5 Mar 26 19:00:00 GMT\n${ruler}\n${ruler}\n`;
const mail = [
  head,
  entry('2603.00001', {
    more: 'Comments: 12 pages\nDOI: 10.1000/182\nLicense: http://creativecommons.org/licenses/by/4.0/\n',
  }),
  entry('2603.00002'),
  '%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%\n',
  entry('math/0309136', {
    status: ' (*cross-listing*)',
    head: 'Date: Mon, 1 Sep 2003 10:00:00 GMT   (20kb)\n',
  }),
  replaced('2501.00001', '13 pages, one more lake'),
  replaced('2501.00002', 'This paper has been withdrawn by the author'),
  '%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---\nFor subscribe options to combined computer science archives,\n',
].join('');

describe('an announcement', () => {
  test('gives new papers and cross-lists as the feed does, and those that are withdrawn', () => {
    expect(parseArxivMail(mail)).toMatchObject({
      day: '2026-03-06',
      papers: [
        {
          title: 'A Ferry for 2603.00001, and a Hölder Bound',
          ids: { arxiv: '2603.00001', doi: '10.1000/182' },
          abstract:
            'We ferry packets across a lake, and count those that arrive: $\\mathcal{O}(n)$ of them, by Hölder.',
          authors: ['Jürgen Müller', 'François Lové', 'Ada Lovelace'],
          authorsCount: 3,
          publishedOn: '2026-03-05',
        },
        { ids: { arxiv: '2603.00002' } },
        { ids: { arxiv: 'math/0309136' }, publishedOn: '2003-09-01' },
      ],
      withdrawn: ['2501.00002'],
      warnings: [{ message: '2 new versions of earlier papers are no news' }],
    });
  });

  test('names authors without the braces that they typed, so that readers find them', () => {
    const authors = String.raw`Authors: Ada Kite, {\L}ukasz Kaiser, {\'E}milie N\o rgaard, Bj{\"o}rn \AA str{\"o}m
  and \"Ozg\"ur \c{S}ahin and \L{}ukasz Kowalski (1 and 2) ((1) University of X, (2) Y)
Categories`;
    const found = parseArxivMail(entry('2603.00001').replace(/Authors:[\s\S]*?\nCategories/, authors));
    const [paper] = found?.papers ?? [];
    expect(paper?.authors).toEqual([
      'Ada Kite',
      'Łukasz Kaiser',
      'Émilie Nørgaard',
      'Björn Åström',
      'Özgür Şahin',
      'Łukasz Kowalski',
    ]);
    for (const asked of [
      'Kowalski, L',
      'Emilie Norgaard',
      'Émilie Nørgaard',
      'Noergaard',
      'Åström, B.',
      'Ozgur Sahin',
    ]) {
      const query = parseQuery(`au:"${asked}"`);
      expect(query.type === 'query' && paper && matchQuery(query.query, indexPaper(paper))).toBeTruthy();
    }
  });

  test.each([
    ['with line ends of Windows', mail.replaceAll('\n', '\r\n')],
    ['quoted by who passes it on', mail.replace(/^/gm, '> ')],
    [
      'saved with its headers',
      `Subject: cs daily\nDate: Fri, 06 Mar 2026 01:00:00 +0000\nContent-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n${mail.replaceAll('=', '=3D').replaceAll('lake', 'la=\nke')}`,
    ],
    [
      'in base64',
      `Content-Transfer-Encoding: base64\n\n${Buffer.from(mail)
        .toString('base64')
        .replace(/(.{76})/g, '$1\n')}\n`,
    ],
  ])('%s is the same', (_, text) => {
    const [one, other] = [parseArxivMail(text), parseArxivMail(mail)];
    expect(one?.papers).toEqual(other?.papers);
    expect(one).toMatchObject({ day: '2026-03-06', withdrawn: ['2501.00002'] });
  });

  test('is of the day after its newest paper’s closing where it does not tell, over a weekend too', () => {
    const of = (date: string) =>
      parseArxivMail(entry('2603.00001', { head: `Date: ${date}   (9kb)\n` }))?.day;
    expect(of('Thu, 5 Mar 2026 21:23:28 GMT')).toBe('2026-03-09');
    expect(of('Thu, 5 Mar 2026 17:23:28 GMT')).toBe('2026-03-06');
    expect(of('nobody knows')).toBeNull();
    expect(of('Thu, 5 Mar 17:23:28 GMT')).toBeNull();
  });

  test('loses only the entry that cannot be read, and tells its line', () => {
    const damaged = mail.replace(/Title: A Ferry for 2603.00002,\n.*\n/, '');
    expect(parseArxivMail(damaged)).toMatchObject({
      papers: [{ ids: { arxiv: '2603.00001' } }, { ids: { arxiv: 'math/0309136' } }],
      warnings: [{ line: 28, message: 'the entry is left out: it has no title' }, {}],
    });
  });
});

test.each([
  ['with an indent', (text: string) => text.replace(/^/gm, '    ')],
  ['with its marks halved by a converter', (text: string) => text.replaceAll('\\\\', '\\')],
  ['cited twice', (text: string) => text.replace(/^/gm, '>> ')],
])('an announcement %s is the same', (_, change) => {
  const named = (text: string) =>
    parseArxivMail(text)?.papers.map(({ ids, abstract: told }) => [ids, told?.slice(0, 20)]);
  expect(named(change(mail))).toEqual(named(mail));
});

test('an entry that was cut off is told by its line', () => {
  const cut = mail.slice(0, mail.indexOf('ferry packets'));
  expect(parseArxivMail(cut)).toMatchObject({
    papers: [{ ids: { arxiv: '2603.00001' }, abstract: 'We' }],
    warnings: [{ line: 11, message: 'the entry that begins here has no end: it may be cut off' }],
  });
});

test('any other text is none, however many marks or blank lines it has', async () => {
  for (const text of ['\\\\\n'.repeat(50_000), `References\n${'\n'.repeat(200_000)}`])
    expect(await measureProcessorTime(() => expect(parseArxivMail(text)).toBeNull())).toBeLessThan(2500);
});

test('any other text is none', () => {
  expect(parseArxivMail('Daily Papers\n\nA Ferry\n\narXiv:2603.00001\n')).toBeNull();
});

test('nothing is thrown, wherever a mail is cut or overwritten', () => {
  fc.assert(
    fc.property(fc.nat(mail.length), fc.nat(mail.length), fc.string(), (from, to, text) => {
      parseArxivMail(mail.slice(0, from) + text + mail.slice(to));
    }),
  );
});
