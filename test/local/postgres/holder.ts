// A process of its own that uses the embedded PostgreSQL of a folder, for tests that kill it or let it leave.
// Says its address over IPC; leaves on the message "leave", and on SIGINT only after it has drained.
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../src/local/postgres/postgres.ts';

const [folder = ''] = process.argv.slice(2);
const postgres = await startEmbeddedPostgres({ folder, log: () => {} });

async function leave(): Promise<void> {
  await postgres.stop();
  process.disconnect();
}

async function drain(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  const client = new pg.Client({ connectionString: postgres.databaseUrl });
  await client.connect();
  await client.query('CREATE TABLE drained ()');
  await client.end();
  await leave();
}

process.once('message', leave);
process.once('SIGINT', drain);
process.send?.(postgres.databaseUrl);
