// The bounce receiver is killed with -9 while PostgreSQL has not committed: its sender has no 250, tries again, and all of it
// counts once, whether or not the first try came through after all.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBounceAddresses, createBounceTokens } from '../../src/platform/bounce-address.ts';
import { writeBounceMail } from '../support/bounce-mails.ts';
import type { BounceProcessSettings } from '../support/bounce-process.ts';
import { sendBack } from '../support/bounce-sender.ts';
import { forkScript } from '../support/build.ts';
import { waitFor } from '../support/wait-for.ts';
import { ada, createWorld, type World } from '../support/world.ts';

const secret = 'a secret for tests that is long enough';
const address = 'bounces@mail.example.org';
const addresses = createBounceAddresses(address, createBounceTokens(secret, null));

let world: World;
let blocker: pg.Client;
const processes: ChildProcess[] = [];
beforeEach(async () => {
  world = await createWorld();
  blocker = new pg.Client({ connectionString: world.databaseUrl });
  await blocker.connect();
});
afterEach(async () => {
  for (const child of processes) child.kill('SIGKILL');
  await blocker.end();
  await world.close();
});

async function startReceiver(): Promise<{ port: number; child: ChildProcess }> {
  const settings: BounceProcessSettings = { databaseUrl: world.databaseUrl, secret, address };
  const child = await forkScript('test/support/bounce-process.ts', [JSON.stringify(settings)]);
  processes.push(child);
  const [port] = await once(child, 'message');
  return { port: Number(port), child };
}

const countWaiting = async () => {
  const { rows } = await blocker.query(
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rows.length;
};

test.each(['after its statement has begun', 'and its statement with it'])('killed %s', async (how) => {
  await world.subscribe(ada);
  const { id: deliveryId } = await world.db.delivery.findFirstOrThrow({ where: { kind: 'digest' } });
  const mail = {
    to: addresses.write({ deliveryId, signedAt: new Date() }),
    raw: writeBounceMail('postfix-unknown-user'),
  };

  // Nothing can be written to the table until the receiver is gone.
  await blocker.query('BEGIN');
  await blocker.query('LOCK TABLE suppression IN ACCESS EXCLUSIVE MODE');
  const first = await startReceiver();
  const answer = sendBack(first.port, mail);
  await waitFor('the statement to wait', countWaiting);
  first.child.kill('SIGKILL');
  expect((await answer).type).toBe('failed');
  if (how === 'and its statement with it')
    await blocker.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
  await blocker.query('ROLLBACK');

  const second = await startReceiver();
  for (let time = 0; time < 2; time += 1)
    expect(await sendBack(second.port, mail)).toMatchObject({ type: 'accepted' });
  expect(await world.db.bounce.findMany({ select: { deliveryId: true, kind: true } })).toEqual([
    { deliveryId, kind: 'hard' },
  ]);
  expect(await world.db.suppression.count()).toBe(1);
});
