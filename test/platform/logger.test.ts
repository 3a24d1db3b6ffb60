import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger } from '../../src/platform/logger.ts';

function openLog() {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { log: createLogger('info', stream), lines };
}

test('no address reaches the log, in whatever words: a server’s, an error’s, of its cause', () => {
  const { log, lines } = openLog();
  const said = '550 5.1.1 <ada@example.org>: unknown';
  log.warn({ words: said, list: [said], deep: { words: said } }, 'mail sent');
  const cause = new Error('Key (email_key)=(ada@example.org) already exists');
  log.error({ err: Object.assign(new Error(said, { cause }), { response: said }) }, 'job failed');
  log.child({ part: 1 }).info({ words: said }, 'again');
  const text = lines.join('');
  expect(text).not.toMatch(/ada|example\.org/);
  const [first, second] = lines.map((line) => JSON.parse(line));
  expect(first).toMatchObject({ words: '550 5.1.1 <…>: unknown', list: ['550 5.1.1 <…>: unknown'] });
  expect(second.err).toMatchObject({ type: 'Error', response: '550 5.1.1 <…>: unknown' });
  expect(second.err.stack).toContain('logger.test.ts');
});

test('facts that refer to themselves are logged all the same', () => {
  const { log, lines } = openLog();
  const facts: Record<string, unknown> = { words: 'ada@example.org' };
  facts.self = facts;
  log.info(facts, 'round');
  expect(lines).toHaveLength(1);
});
