// The lines with which docs/operate.md has an operator make a database, typed as they stand there: at a PostgreSQL as Debian sets it up,
// by its superuser, who needs no password on the machine itself, while everybody else does.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { packageFolder } from '../src/config/config.ts';
import { describeWith } from './support/needs.ts';
import { runCommand } from './support/program.ts';
import { runSql } from './support/sql.ts';
import { findPrograms, type SystemPostgres, startSystemPostgres } from './support/start-system-postgres.ts';

const password = 'p@ss:/w%rd';

let program: string;
let server: SystemPostgres;

describeWith('postgres', 'a database of one’s own', () => {
  beforeAll(async () => {
    program = inject('externalPrograms').postgres ?? '';
    server = await startSystemPostgres(program);
  });
  afterAll(() => server?.stop());

  test('role and database are made by the two lines, and nothing else is to be made in it', async () => {
    const page = readFileSync(join(packageFolder, 'docs/operate.md'), 'utf8');
    const lines = [...page.matchAll(/`(create(?:user|db) [^`]+)`/g)].map(([, line = '']) => line);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['createuser', 'createdb']);
    await type(lines.join('\n'), `${password}\n${password}\n`);

    const url = (word: string) =>
      `postgresql://paperround:${encodeURIComponent(word)}@127.0.0.1:${server.port}/paperround`;
    await expect(runSql(url('another'), 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(
      await runSql(url(password), 'SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user'),
    ).toEqual([{ rolsuper: false, rolcreatedb: false }]);

    const env = {
      DATABASE_URL: url(password),
      SMTP_URL: 'smtp://127.0.0.1:9',
      BASE_URL: 'https://papers.example.org',
      SECRET_KEY: 'a secret for tests that is long enough',
    };
    const migrated = await runCommand(['migrate', '--json'], { env });
    expect(migrated).toMatchObject({ exit: 0 });
    const { stdout } = await runCommand(['doctor', '--json'], { env });
    const said: { area: string; state: string; what: string }[] = JSON.parse(stdout).findings;
    expect(said.filter(({ area, state }) => area === 'database' && state !== 'ok')).toEqual([]);
  });
});

/** Types a script at it, as the superuser in a shell on its machine. */
async function type(script: string, answers: string): Promise<void> {
  const { folder, port } = server;
  const PATH = `${findPrograms(program)}${delimiter}${process.env.PATH}`;
  const env = { PATH, PGHOST: folder, PGPORT: String(port), PGUSER: 'postgres' };
  const typing = promisify(execFile)('bash', ['-euc', script], { env, cwd: '/' });
  typing.child.stdin?.end(answers);
  await typing;
}
