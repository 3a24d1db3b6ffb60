// Before the first test: the servers of this run, and an environment without the developer's own settings.
import { constants } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packageFolder, variables } from '../../src/config/config.ts';
import { compileMailSources, type MailSources } from '../../src/mails/mail-sources.ts';
import { type ExternalTool, findExternalTools } from './external-tools.ts';
import { startPostgres } from './start-postgres.ts';
import { startRedis } from './start-redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { adminUrl: string; templateName: string };
    /** Null where redis-server is missing. */
    redisUrl: string | null;
    /** The templates of src, made once for all tests and all processes they start: MJML is slow to load. */
    mailSources: MailSources;
    /** Full paths; null for what is missing. */
    externalPrograms: Record<ExternalTool, string | null>;
  }
}

export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  // A test that starts the program must never reach the database or mail server that a developer has configured.
  for (const name of Object.keys(variables)) delete process.env[name];

  // The servers stop in exit handlers. A signal that found no listener, as a second Ctrl-C would, runs none of them.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }

  const externalPrograms = findExternalTools();
  const redisProgram = externalPrograms['redis-server'];
  const redis = redisProgram === null ? null : await startRedis(redisProgram);
  const postgres = await startPostgres().catch(async (error: unknown) => {
    await redis?.stop();
    throw error;
  });
  provide('postgres', { adminUrl: postgres.adminUrl, templateName: postgres.templateName });
  provide('redisUrl', redis?.url ?? null);
  provide('externalPrograms', externalPrograms);
  provide('mailSources', await compileMailSources(join(packageFolder, 'templates')));

  return async () => {
    await Promise.all([postgres.stop(), redis?.stop()]);
  };
}
