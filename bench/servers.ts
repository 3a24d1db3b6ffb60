// What a benchmark runs on, in a temporary folder: the embedded PostgreSQL as it is for everyone (nothing made faster
// at the cost of durability), the sink, and Redis where there is one.
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/local/postgres/postgres.ts';
import { type Closer, createCloser } from '../src/service/closer.ts';
import { findExternalTool } from '../test/support/external-tools.ts';
import { runSql, withDatabase } from '../test/support/sql.ts';
import { startRedis } from '../test/support/start-redis.ts';
import { type SinkProcess, startSink } from './children.ts';
import type { Setting } from './setting.ts';

export type Servers = {
  setting: Setting;
  sink: SinkProcess;
  /**
   * A database of its own with what `setting.databaseUrl` holds, at most so many subscribers of it: nobody may be connected
   * to that.
   */
  copyDatabase(limit: { subscribers: number }): Promise<Setting>;
  dropDatabase(copy: Setting): Promise<void>;
  /** Otherwise they are stopped with the benchmark. */
  close(): Promise<void>;
};

export async function openServers(
  { mails, connections }: Pick<Setting, 'mails' | 'connections'>,
  benchmark: Closer,
): Promise<Servers> {
  const closer = createCloser();
  benchmark.add(() => closer.close());
  const folder = mkdtempSync(join(tmpdir(), 'paperround-bench-'));
  closer.add(() => rmSync(folder, { recursive: true, force: true }));
  // Root runs PostgreSQL as another user, who has to enter.
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'cluster'), log: () => {} });
  closer.add(postgres.stop);
  const adminUrl = withDatabase(postgres.databaseUrl, 'postgres');
  const redisUrl = await openRedis(closer);
  const sink = await startSink(closer);

  const dkimKeyFile = join(folder, 'dkim.pem');
  writeFileSync(dkimKeyFile, makeKey());
  const setting: Setting = {
    databaseUrl: postgres.databaseUrl,
    smtpUrl: sink.smtpUrl,
    redisUrl,
    connections,
    mails,
    dkimKeyFile,
    samplesFile: join(folder, 'samples.json'),
  };
  let copies = 0;
  return {
    setting,
    sink,
    close: () => closer.close(),
    async copyDatabase({ subscribers }) {
      copies += 1;
      const name = `copy_${copies}`;
      const template = new URL(postgres.databaseUrl).pathname.slice(1);
      // The checkpoint is written now, and not in the middle of what is measured.
      await runSql(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
      const databaseUrl = withDatabase(postgres.databaseUrl, name);
      if (subscribers < mails) {
        const rest = `SELECT id FROM subscriber ORDER BY id OFFSET ${subscribers}`;
        await runSql(databaseUrl, `DELETE FROM subscriber WHERE id IN (${rest})`, 'VACUUM ANALYZE');
      }
      await runSql(adminUrl, 'CHECKPOINT');
      return { ...setting, databaseUrl };
    },
    async dropDatabase({ databaseUrl }) {
      await runSql(adminUrl, `DROP DATABASE ${new URL(databaseUrl).pathname.slice(1)} WITH (FORCE)`);
    },
  };
}

async function openRedis(closer: Closer): Promise<string | null> {
  const program = findExternalTool('redis-server');
  if (program === null) return null;
  const redis = await startRedis(program);
  closer.add(redis.stop);
  return redis.url;
}

function makeKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
