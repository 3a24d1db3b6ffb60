// Before the first test: the servers of this run, and an environment without the developer's own settings.
import { constants } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packageFolder, variables } from '../../src/config/config.ts';
import { compileMailSources, type MailSources } from '../../src/mails/mail-sources.ts';
import { buildProgram } from './build.ts';
import { makeCluster } from './cluster.ts';
import { type ExternalTool, findExternalTools } from './external-tools.ts';
import { serveMadeOnce } from './made-once.ts';
import { startPostgres } from './start-postgres.ts';
import { startRedis } from './start-redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The templates of src, made once for all tests and all processes they start: MJML is slow to load. */
    mailSources: MailSources;
    /** Full paths; null for what is missing. */
    externalPrograms: Record<ExternalTool, string | null>;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  // A test that starts the program must never reach the database or mail server that a developer has configured.
  for (const name of Object.keys(variables)) delete process.env[name];

  // The servers stop in exit handlers. A signal that found no listener, as a second Ctrl-C would, runs none of them.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }

  const externalPrograms = findExternalTools();
  const madeOnce = await serveMadeOnce({
    async cluster() {
      const { folder, remove } = await makeCluster();
      return { value: { folder }, stop: remove };
    },
    async postgres() {
      const { adminUrl, templateName, stop } = await startPostgres(externalPrograms.postgres);
      return { value: { adminUrl, templateName }, stop };
    },
    async redis() {
      const program = externalPrograms['redis-server'];
      if (program === null) return { value: null, stop: async () => {} };
      const { url, stop } = await startRedis(program);
      return { value: { url }, stop };
    },
    async build() {
      const { folder, remove } = await buildProgram(undefined, { keepsCompiled: true });
      return { value: { folder }, stop: remove };
    },
  });
  project.provide('externalPrograms', externalPrograms);
  project.provide('mailSources', await compileMailSources(join(packageFolder, 'templates')));

  // While vitest watches, src changes.
  project.onTestsRerun(() => madeOnce.forget('build'));
  return madeOnce.stop;
}
