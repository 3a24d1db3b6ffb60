import { expect, test } from 'vitest';
import { tellsWithdrawal } from '../../src/papers/withdrawal.ts';

test.each([
  'This paper has been withdrawn by the author due to a crucial error in equation 1.',
  'Withdrawn',
  '[Withdrawn] A better version is in preparation',
  'This submission has been withdrawn by arXiv administrators due to inappropriate overlap',
  'arXiv admin note: This paper has been withdrawn by arXiv',
  'The authors have withdrawn this paper.',
  'We withdraw this paper, since its main theorem is wrong.',
  'Paper withdrawn: see 2501.00001',
  '12 pages. This paper has been withdrawn by the authors',
])('%s', (text) => {
  expect(tellsWithdrawal(text)).toBe(true);
});

test.each([
  'We study cash that is withdrawn from machines.',
  'Withdrawal of drugs is hard.',
  'A benchmark of papers. Whether this paper has been withdrawn or not is predicted by a model.',
  'Consent can be withdrawn by participants.',
  '',
  null,
])('not %s', (text) => {
  expect(tellsWithdrawal(text)).toBe(false);
});
