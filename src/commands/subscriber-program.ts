// `subscribers list`.
import type { Command } from 'commander';
import { print, run } from './run.ts';

export function addSubscriberCommands(program: Command): void {
  program
    .command('subscribers')
    .description('who reads')
    .command('list')
    .description('everyone who signed up, with what they asked for, and whether their mails arrive')
    .option('--json', 'print one JSON document')
    .action((options: { json?: true }) =>
      run(async ({ config, log, closer }) => {
        const [{ openDatabase }, { walkSubscribers }] = await Promise.all([
          import('../service/start.ts'),
          import('./service-commands.ts'),
        ]);
        const { db } = await openDatabase({ config, log }, closer);
        let separator = '';
        if (options.json) print('{"subscribers":[');
        for await (const { subscriber, isSuppressed, bounces } of walkSubscribers(db, new Date())) {
          // What somebody thinks of single papers is nobody else's business.
          const { votes: _, ...shown } = subscriber;
          const { topics, keywords, organizations } = shown.preferences;
          const wanted = [...topics, ...keywords, ...organizations].join(', ');
          if (options.json) print(`${separator}${JSON.stringify({ ...shown, isSuppressed, bounces })}`);
          else
            print(
              `${shown.status.padEnd(12)} ${shown.email}  ${wanted}${describeTrouble({ isSuppressed, bounces })}\n`,
            );
          separator = ',\n';
        }
        if (options.json) print(']}\n');
      }),
    );
}

function describeTrouble({ isSuppressed, bounces }: { isSuppressed: boolean; bounces: number }): string {
  const troubles = [
    ...(isSuppressed ? ['suppressed'] : []),
    ...(bounces > 0 ? [`bounced in 30 days: ${bounces}`] : []),
  ];
  return troubles.length === 0 ? '' : `  (${troubles.join('; ')})`;
}
