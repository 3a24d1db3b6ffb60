// What authors and archives write where a paper was taken back, and what only sounds like it.
import { describe, expect, test } from 'vitest';
import { isWithdrawnVersion, readWithdrawal } from '../../src/papers/withdrawal.ts';

const inComment = (comment: string | null) => isWithdrawnVersion({ abstract: 'Kites fly.', comment });
const inAbstract = (abstract: string | null) => readWithdrawal({ title: 'Kites', abstract }) === true;
const inTitle = (title: string) => readWithdrawal({ title, abstract: 'Kites fly.' }) === true;

describe.each([
  ['comment', inComment],
  ['abstract', inAbstract],
])('in a %s', (_, tells) => {
  test.each([
    'This paper has been withdrawn by the author due to a crucial error in equation 1.',
    'Withdrawn',
    'withdrawn.',
    '[Withdrawn] A better version is in preparation',
    'Withdrawn by the authors, as Lemma 2 does not hold',
    'This submission has been withdrawn by arXiv administrators due to inappropriate overlap',
    'arXiv admin note: This paper has been withdrawn by arXiv',
    'This version has been removed by arXiv administrators as the submitter had no right to it',
    'The authors have withdrawn this paper.',
    'We withdraw this paper, since its main theorem is wrong.',
    'We have decided to withdraw this paper',
    'Author has withdrawn the paper',
    'The author wishes to withdraw this manuscript until it is corrected.',
    'This article has been retracted by its authors.',
    'Paper withdrawn: see 2501.00001',
    'This paper is temporarily withdrawn',
    '12 pages. This paper has been withdrawn by the authors',
    'Kites fly. The authors have withdrawn this paper.',
    'This paper has been withdrawn from arXiv.',
  ])('%s', (text) => {
    expect(tells(text)).toBe(true);
  });

  test.each([
    'We study cash that is withdrawn from machines.',
    'Withdrawal of drugs is hard.',
    'Retracted articles go on being cited.',
    'Withdrawn patients are left out of most trials.',
    'A benchmark of papers. Whether this paper has been withdrawn or not is predicted by a model.',
    'Consent can be withdrawn by participants. Their data were withdrawn.',
    'This paper was withdrawn from NeurIPS 2026 and appears in TMLR',
    'Withdrawn from NeurIPS 2026; to appear in TMLR',
    'We withdrew the paper from a workshop before it was shown',
    'This paper has not been withdrawn',
    '',
    null,
  ])('not %s', (text) => {
    expect(tells(text)).toBe(false);
  });
});

describe('a comment is notes with stops between them, an abstract is not', () => {
  test.each([
    '7 pages, withdrawn due to an error',
    '12 pages. This paper has been withdrawn; see v2',
    'Needs a major revision. Paper has been withdrawn by the authors',
    'Major error in proof; this paper has been withdrawn as it needs work',
    '9 pages (withdrawn)',
    'Withdrawal: the proof is wrong',
    'Status: withdrawn',
  ])('%s', (comment) => {
    expect(inComment(comment)).toBe(true);
  });

  test.each([
    'Kites, withdrawn by their owners, do not fly',
    'Withdrawal: why some rats go on',
    'Drugs (withdrawn) are listed by year',
    'Kites fly. The study was withdrawn after a year.',
  ])('not %s', (abstract) => {
    expect(inAbstract(abstract)).toBe(false);
  });

  test.each(['8 pages, 3 figures, drug withdrawal, sleep', 'previously withdrawn v1 is replaced'])(
    'nor %s',
    (comment) => {
      expect(inComment(comment)).toBe(false);
    },
  );
});

test.each([
  'WITHDRAWN: Kites with Robots',
  '[WITHDRAWN] Kites with Robots',
  '[Retracted] Kites',
  'Kites (withdrawn)',
])('in a title: %s', (title) => {
  expect(inTitle(title)).toBe(true);
});

test.each(['Withdrawn: a History of Kites', 'Kites Withdrawn', 'Retracted Papers (and Why)'])(
  'not in a title: %s',
  (title) => {
    expect(inTitle(title)).toBe(false);
  },
);

test('what a source has in a field of its own counts, and is left as it is where no words contradict it', () => {
  const said = (isWithdrawn?: boolean) =>
    readWithdrawal({ title: 'Kites', abstract: null, ...(isWithdrawn === undefined ? {} : { isWithdrawn }) });
  expect([said(true), said(false), said()]).toEqual([true, false, undefined]);
});
