import { expect, test } from 'vitest';
import { findRemedy, sayWhatToDo } from '../../src/ledger/outcome-codes.ts';

test.each([
  ['deferred', 'in_trouble', 'nothing: it is tried again by itself'],
  ['rejected', 'mailbox_unknown', 'nothing: the address gets no mail any more, until `suppressions lift`'],
  ['rejected', 'content_refused', 'read the words of the server; `deliveries retry` tries it again'],
  ['nothing', 'no_papers', null],
])('what is to be done about what is %s for %s is said, also where it is nothing', (state, reason, words) => {
  expect(sayWhatToDo({ state, reason })).toBe(words);
});

test('a remedy goes first, and that of an unknown mail says where to look', () => {
  expect(sayWhatToDo({ state: 'deferred', reason: 'provider_limit' })).toBe(findRemedy('provider_limit'));
  expect(sayWhatToDo({ state: 'unknown', reason: 'worker_ended' })).toContain('`digest.<id>.`');
});
