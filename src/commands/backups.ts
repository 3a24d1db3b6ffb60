// `backup` and `restore`.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ConfigError } from '../platform/errors.ts';
import { print, printJson, run, showBar } from './run.ts';

export function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .description('write the whole database into a file, as it is at one instant, while everything goes on')
    .argument('<file>', 'such as paperround.backup; it has every address: keep it as safe as the database')
    .option('--overwrite', 'replace a file that is there, once the new one is whole')
    .option('--json', 'print one JSON document')
    .action((file: string, { overwrite, json }: { overwrite?: true; json?: true }) =>
      run(async ({ config, log, closer }) => {
        const [{ readBackupHead, writeBackup }, { openDatabase }] = await Promise.all([
          import('../service/backups.ts'),
          import('../service/open-database.ts'),
        ]);
        const { databaseUrl } = await openDatabase({ config, log }, closer);
        const path = resolve(config.workingFolder, file);
        let shown = 0;
        await writeBackup(databaseUrl, {
          path,
          overwrites: overwrite === true,
          onBytes(written) {
            const megabytes = Math.floor(written / 1_000_000);
            if (megabytes > shown) showBar(`${megabytes} MB, before they are compressed`);
            shown = megabytes;
          },
        });
        showBar('');
        const { madeAt } = await readBackupHead(path);
        if (json) return printJson({ file: path, madeAt });
        const key = config.secretKey === null ? `the file secret-key in ${config.dataFolder}` : 'SECRET_KEY';
        print(
          `Written as of ${madeAt}. Keep ${key} too, elsewhere: without it no link in a mail works any more.\n`,
        );
      }),
    );
  program
    .command('restore')
    .description(
      'replace the whole database by what a file of `backup` has; stop web servers and workers first',
    )
    .argument('<file>')
    .option('--yes', 'do it: without it, you are only told what is in the file')
    .option('--force', 'although others are connected to the database')
    .option('--nothing-sent-since', 'no mail has left since the backup: what was to be sent then is sent')
    .option('--json', 'print one JSON document')
    .action((file: string, { yes, force, nothingSentSince, json }: RestoreOptions) =>
      run(async ({ config, log, closer }) => {
        const [{ readBackupHead, refuseWhileInUse, restoreBackup }, { openDatabase }] = await Promise.all([
          import('../service/backups.ts'),
          import('../service/open-database.ts'),
        ]);
        const path = resolve(config.workingFolder, file);
        const { madeAt } = await readBackupHead(path);
        if (!yes)
          throw new ConfigError(
            `A backup of ${madeAt}. Nothing is changed yet: --yes replaces the database by it`,
          );
        const { databaseUrl } = await openDatabase({ config, log }, closer);
        if (!force) await refuseWhileInUse(databaseUrl);
        const sinceThen = nothingSentSince ? 'nothing-left' : 'mail-may-have-left';
        const onLines = (read: number) => showBar(`${read} rows`);
        const restored = await restoreBackup(databaseUrl, { path, sinceThen, now: new Date(), onLines });
        showBar('');
        if (json) return printJson(restored);
        const { rows, unknown } = restored;
        print(
          `${rows} rows of ${madeAt} are back. Who signed up, changed something or left since is not in them.\n`,
        );
        if (unknown > 0)
          print(
            `${unknown} mails may have left since, and are not sent by themselves: \`deliveries list --state unknown\`, then \`deliveries settle\`.\n`,
          );
      }),
    );
}

type RestoreOptions = { yes?: true; force?: true; nothingSentSince?: true; json?: true };
