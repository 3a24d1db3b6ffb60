import { expect, test } from 'vitest';
import { judgeFailure } from '../../src/bounces/judge-failure.ts';
import { measureProcessorTime } from '../support/processor-time.ts';

test.each<[kind: string, status: string | null, words: string | null]>([
  ['hard', '5.1.1', 'smtp; 550 user unknown'],
  ['hard', '5.1.2', null],
  ['hard', '5.1.3', null],
  ['hard', '5.1.6 (moved)', null],
  ['hard', '5.1.10', null],
  ['soft', '5.2.2', 'smtp; 552 mailbox full'],
  ['soft', '5.2.1', 'smtp; 550 account disabled'],
  ['soft', '4.4.7', 'smtp; 550 user unknown'],
  ['soft', '4.2.2', null],
  ['soft', '5.4.4', null],
  ['policy', '5.7.1', 'smtp; 550 5.7.1 user unknown'],
  ['policy', '5.7.26', null],
  ['policy', '5.1.8', 'bad sender'],
  ['policy', '5.2.3', 'too_large'],
  ['policy', '5.6.0', null],
])('%s: %s, whatever is said with it (%s)', (kind, status, words) => {
  expect(judgeFailure({ status, words }).kind).toBe(kind);
});

test('a code that says nothing gives way to the one in the reply', () => {
  expect(judgeFailure({ status: '5.0.0', words: 'smtp; 550 5.1.1 no' })).toMatchObject({
    kind: 'hard',
    status: '5.1.1',
    diagnostic: '550 5.1.1 no',
  });
  expect(judgeFailure({ status: '5.0.0', words: 'smtp; 550-5.7.1 unknown user' }).kind).toBe('policy');
  expect(judgeFailure({ status: null, words: 'no mailbox (#5.1.1)' }).status).toBe('5.1.1');
});

test.each<[kind: string, words: string]>([
  ['hard', '550 User unknown'],
  ['hard', '550 No such user here'],
  ['hard', '553 sorry, recipient address does not exist'],
  ['hard', "554 delivery error: dd This user doesn't have an example.com account"],
  ['soft', '450 User unknown'],
  ['soft', '550 mailbox is full'],
  ['soft', '552 over quota'],
  ['soft', '550 something else'],
  ['policy', '550 blocked: unknown user of a bad neighbourhood'],
  ['policy', '554 this looks like spam'],
  ['policy', '550 relaying to that user unknown to us is denied'],
])('%s: “%s”, where no code says it', (kind, words) => {
  expect(judgeFailure({ status: null, words }).kind).toBe(kind);
  expect(judgeFailure({ status: '5.0.0', words: `smtp; ${words}` }).kind).toBe(kind);
});

test('an address or a version is no status code', () => {
  for (const words of ['host 5.1.1.7 said nothing', 'Exim 4.92.3', '550 from 5.1.1.7', 'v5.1.1'])
    expect(judgeFailure({ status: null, words }).status).toBeNull();
  for (const status of ['', '5', '5.1', 'x5.1.1.1', '2.0.0']) {
    expect(judgeFailure({ status, words: null }).kind).toBe('soft');
  }
});

test('what is kept of the words is one line of 500 characters, without what a database or a page could not take', () => {
  const { diagnostic } = judgeFailure({
    status: null,
    words: `smtp; 550 a\u0000b\r\n  c\u001b[1m${'x'.repeat(2000)}`,
  });
  expect(diagnostic).toMatch(/^550 a b c \[1mx+$/);
  expect(diagnostic).toHaveLength(500);
  expect(judgeFailure({ status: null, words: '\u0000 \n' }).diagnostic).toBeNull();
});

test('words that never end cost no time', async () => {
  for (const words of [
    'user '.repeat(100_000),
    'mailbox '.repeat(100_000),
    `relay ${'a '.repeat(100_000)}`,
  ]) {
    expect(await measureProcessorTime(() => judgeFailure({ status: null, words }))).toBeLessThan(500);
  }
});
