// docs/api.md is used as it is written: its commands run in their order, one after the other.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packageFolder } from '../../src/config/config.ts';
import { readTopics } from '../../src/topics/topics-file.ts';
import { runHere } from '../support/run-here.ts';
import { startApp } from './start-app.ts';

test('every command of the page does what it is there for', { timeout: 240_000 }, async () => {
  const page = await readFile(join(packageFolder, 'docs/api.md'), 'utf8');
  const lines = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block.split('\n').filter((line) => line !== ''),
  );
  expect(lines.length).toBeGreaterThan(8);
  const app = await startApp();
  try {
    // As an installation has them: the page names some.
    await (await readTopics({ topicsFile: null })).storeTopics(app.db);
    const env = {
      DATABASE_URL: app.databaseUrl,
      BASE_URL: 'https://papers.example.org',
      SECRET_KEY: 'a secret for tests that is long enough',
      SMTP_URL: 'smtp://127.0.0.1:9',
      MAIL_FROM: 'digest@papers.example.org',
    };
    let key = '';
    for (const line of lines) {
      if (line.startsWith('paperround ')) {
        const { exit, stdout: printed } = await runHere(line.split(' ').slice(1), { env });
        expect(exit, line).toBe(0);
        expect(printed, line).not.toBe('');
        key = /^pr_\S+$/m.exec(printed)?.[0] ?? key;
        continue;
      }
      expect(line).toMatch(/^curl /);
      const shell = { env: { ...process.env, API: `${app.url}/api/v1`, KEY: key } };
      const { stdout } = await promisify(execFile)('sh', ['-c', line], shell);
      expect(JSON.parse(stdout), line).toEqual(expect.any(Object));
    }
    expect(await app.db.subscriber.findUnique({ where: { emailKey: 'grace@example.org' } })).toMatchObject({
      status: 'active',
    });
    const log = await app.db.auditEntry.findMany({ where: { action: 'addReader' }, orderBy: { id: 'asc' } });
    // Of Alan, who was asked for twice with the same idempotency key, there is one entry.
    expect(log).toMatchObject([
      { adminName: 'key crm', target: '/subscribers', result: 'active' },
      { adminName: 'key crm', target: '/subscribers', result: 'asked' },
    ]);
  } finally {
    await app.stop();
  }
});
