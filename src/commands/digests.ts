// `digest …`: what readers get.
import { type Command, Option } from 'commander';
import type { DeliveryCounts } from '../delivery/deliver.ts';
import { ConfigError } from '../platform/errors.ts';
import { addHoldCommands } from './editions.ts';
import { parseCount, print, printJson, readGiven, run, type Surroundings, showBar, splitAt } from './run.ts';

export function addDigestCommands(program: Command): void {
  const digest = program.command('digest').description('what readers get');
  digest
    .command('preview')
    .description('the digest that a listing would make for somebody')
    .argument('<file>', 'a listing as text, or - for standard input')
    .option('--topics <ids>', 'topic ids, with commas between them', splitAt(','), [])
    .option('--keywords <queries>', 'keyword queries, with semicolons between them', splitAt(';'), [])
    .option('--organizations <names>', 'organisations, with semicolons between them', splitAt(';'), [])
    .option('--authors <names>', 'authors, with semicolons between them', splitAt(';'), [])
    .option('--without-topics <ids>', 'topics of which no paper is wanted', splitAt(','), [])
    .option('--without-keywords <queries>', 'queries of which no paper is wanted', splitAt(';'), [])
    .option('--max <number>', 'at most so many papers', parseCount, 10)
    .addOption(
      new Option('--format <format>', 'what to print')
        .choices(['html', 'text', 'mime', 'json'])
        .default('text'),
    )
    .action((file: string, options: PreviewOptions) =>
      run(
        async ({ config }) => {
          const {
            max: maxPapers,
            withoutTopics: excludedTopics,
            withoutKeywords: excludedKeywords,
          } = options;
          const { followsNothing } = await import('../subscribers/preferences/preferences.ts');
          if (followsNothing(options))
            throw new ConfigError(
              'Name what to look for: --topics, --keywords, --organizations or --authors',
            );
          const listing = await readGiven(config, file);
          const { previewDigest } = await import('./preview-digest.ts');
          const wanted = { ...options, maxPapers, excludedTopics, excludedKeywords };
          print(await previewDigest(listing, { ...wanted, config, now: new Date() }));
        },
        { reach: 'offline' },
      ),
    );

  digest
    .command('send')
    .description('plan and send for everyone who is due')
    .requiredOption('--now', 'at once, in this process')
    .option('--json', 'print one JSON document')
    .action((options: { json?: true }) =>
      run(async (surroundings) => {
        const counts = await sendDue(surroundings);
        showBar('');
        if (options.json) return printJson(counts);
        print(
          `${Object.entries(counts)
            .map(([name, count]) => `${count} ${name}`)
            .join(', ')}\n`,
        );
      }),
    );

  addHoldCommands(digest);
}

type PreviewOptions = {
  topics: string[];
  keywords: string[];
  organizations: string[];
  authors: string[];
  withoutTopics: string[];
  withoutKeywords: string[];
  max: number;
  format: 'html' | 'text' | 'mime' | 'json';
};

/** Plans and sends for everyone who is due, in this process, and shows how far it is. */
async function sendDue({ config, log, closer }: Surroundings): Promise<{ planned: number } & DeliveryCounts> {
  const [
    refusals,
    { deliverDue },
    progress,
    { countDueDeliveries },
    { expireLeases },
    { planDigests },
    { openDatabase },
    { openDelivery },
    { readTopics },
    { keepTables },
  ] = await Promise.all([
    import('../bounces/judge-refusals.ts'),
    import('../delivery/deliver.ts'),
    import('../delivery/progress.ts'),
    import('../ledger/claims.ts'),
    import('../ledger/leases.ts'),
    import('../ledger/plan.ts'),
    import('../service/open-database.ts'),
    import('../service/open-delivery.ts'),
    import('../topics/topics-file.ts'),
    import('../service/months.ts'),
  ]);
  const { db } = await openDatabase({ config, log }, closer);
  const topics = await readTopics(config);
  await topics.storeTopics(db);
  await topics.assignTopics(db);
  const { deps } = await openDelivery({ config, db, log, inboxPort: null }, closer);

  const now = new Date();
  await keepTables({ db, now, log }, config);
  await expireLeases(db, { now, unknownPolicy: config.unknownPolicy });
  await refusals.judgeRefusals({ db, now });
  const planned = await planDigests({ db, now });
  const total = await countDueDeliveries(db, now);
  const onProgress = (counts: DeliveryCounts) => {
    const elapsedMs = Date.now() - now.getTime();
    showBar(progress.drawProgress(counts, progress.measureProgress(counts, { total, elapsedMs })));
  };
  return { planned, ...(await deliverDue({ ...deps, onProgress })) };
}
