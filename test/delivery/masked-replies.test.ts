// A server's refusal repeats whom it refuses: what the ledger and the log keep of it.
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeRefusals } from '../../src/bounces/judge-refusals.ts';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';

let post: PostOffice;
beforeAll(async () => {
  post = await openPostOffice();
});
afterAll(() => post?.close());

test('neither the ledger, a bounce, a suppression nor the log has the address that a refusal repeats', async () => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  await post.signUp('Ada.Lovelace@example.org');
  const line = '550 5.1.1 <ada.lovelace@example.org>: no such user (ada.lovelace%40example.org)';
  post.smtp.behave((stage) => (stage === 'RCPT' ? { type: 'reply', line } : null));
  await deliverDue({ ...post.deps, log: createLogger('debug', stream) });
  await judgeRefusals({ db: post.db, now: post.now() });

  const masked = '550 5.1.1 <…>: no such user (…)';
  expect(await post.ledger()).toMatchObject([{ state: 'rejected', replyText: masked }]);
  expect(await post.db.bounce.findMany()).toMatchObject([{ kind: 'hard', diagnostic: masked }]);
  expect(await post.db.suppression.findMany()).toMatchObject([{ emailKey: 'ada.lovelace@example.org' }]);
  const [{ reason } = { reason: '' }] = await post.db.suppression.findMany();
  expect(reason).toContain('no such user');
  expect(reason).not.toContain('ada');
  expect(lines.join('')).toContain('no such user');
  expect(lines.join('')).not.toMatch(/lovelace/i);
});
