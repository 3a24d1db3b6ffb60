// `start` and `migrate`.
import { type Command, Option } from 'commander';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../platform/errors.ts';
import type { Role } from '../service/start.ts';
import { print, printJson, run, type Surroundings } from './run.ts';

export function addServiceCommands(program: Command): void {
  program
    .command('start')
    .description('serve the pages, plan and send; until it is interrupted')
    .addOption(
      new Option('--role <role>', 'what this process does').choices(['all', 'web', 'worker']).default('all'),
    )
    .action(async ({ role }: { role: Role }) => {
      await run((surroundings) => startService(surroundings, role));
      // All is closed. A queue that is away still tries to reach its server, and would keep the process.
      process.exit();
    });

  program
    .command('migrate')
    .description('bring the database up to date')
    .option('--check', 'change nothing: exit code 1 when there is something to do')
    .option('--json', 'print one JSON document')
    .action(({ check, json }: { check?: true; json?: true }) =>
      run(async (surroundings) => {
        const { checkDatabase, migrateDatabase } = await import('../service/open-database.ts');
        if (!check) {
          const { applied, ahead } = await migrateDatabase(surroundings, surroundings.closer);
          if (json) return printJson({ applied, ahead });
          return print(`${describeAhead(ahead)}The database is up to date.\n`);
        }
        const { pending, ahead } = await checkDatabase(surroundings, surroundings.closer);
        if (json) printJson({ pending, ahead });
        if (pending.length > 0)
          throw new ConfigError(
            `Not applied yet: ${pending.join(', ')}. \`paperround migrate\` applies them`,
          );
        if (!json) print(`${describeAhead(ahead)}The database is up to date.\n`);
      }),
    );
}

const describeAhead = (ahead: string[]) =>
  ahead.length === 0 ? '' : `A newer version applied ${ahead.join(', ')}, beside which this one can work.\n`;

async function startService({ config, log, closer }: Surroundings, role: Role): Promise<void> {
  const [{ listWarnings }, { start }] = await Promise.all([
    import('../config/warnings.ts'),
    import('../service/start.ts'),
  ]);
  for (const warning of listWarnings(config)) log.warn(warning);
  const stopping = waitForStop(config);
  // A start may wait for long, for a database or for another process: it is left where it stands.
  const started = await Promise.race([start({ config, role, log }, closer), stopping]);
  if (started === undefined) return;
  const { siteUrl, inboxUrl } = started;
  if (siteUrl !== null) print(`Sign-up page: ${siteUrl}/\n`);
  if (inboxUrl !== null) print(`Local inbox:  ${inboxUrl}/\n`);
  print(`Paperround is running${role === 'all' ? '' : ` (${role})`}. Ctrl-C stops it.\n`);
  await stopping;
  print('Stopping: what is under way is finished first.\n');
}

const orphanCheckMs = 1000;

/** Resolves on Ctrl-C, on a TERM, and when the npm that started us was killed: it could not pass anything on. */
function waitForStop({ isRunByNpm }: Config): Promise<void> {
  return new Promise((resolve) => {
    // Not `once`: npm passes on the Ctrl-C that we got ourselves, and a second one would end us in the middle.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
    const parent = process.ppid;
    if (isRunByNpm) setInterval(() => process.ppid !== parent && resolve(), orphanCheckMs).unref();
  });
}
