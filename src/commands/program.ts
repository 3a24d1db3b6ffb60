// The commands. Results go to stdout, everything else to stderr; exit 0, or 1 with a message that names the thing and
// the place. What each command needs is loaded when it runs: a parser should not wait for a mail renderer.
import { Command, Option } from 'commander';
import { type Config, listWarnings, readConfig, readOfflineConfig } from '../config/config.ts';
import { ConfigError } from '../platform/errors.ts';
import type { Logger } from '../platform/logger.ts';
import type { Closer } from '../service/closer.ts';
import type { Role } from '../service/start.ts';
import { addBounceCommands } from './bounce-program.ts';
import { addMailCommands } from './mail-program.ts';
import { parseCount, parseDay, print, printJson, run, showBar, splitAt } from './run.ts';
import { addSourceCommands } from './source-program.ts';
import { addSubscriberCommands } from './subscriber-program.ts';

export const program = new Command('paperround')
  .description('A self-hosted email newsletter of research papers')
  .showHelpAfterError('(--help tells how it is used)')
  .configureHelp({ showGlobalOptions: true });

program
  .command('start')
  .description('serve the pages, plan and send; until it is interrupted')
  .addOption(
    new Option('--role <role>', 'what this process does').choices(['all', 'web', 'worker']).default('all'),
  )
  .action(async ({ role }: { role: Role }) => {
    await run(({ config, log, closer }) => startService({ config, log, role }, closer));
    // All is closed. A queue that is away still tries to reach its server, and would keep the process.
    process.exit();
  });

program
  .command('migrate')
  .description('bring the database up to date')
  .action(() =>
    run(async (surroundings) => {
      const { openDatabase } = await import('../service/start.ts');
      await openDatabase(surroundings, surroundings.closer);
      print('The database is up to date.\n');
    }),
  );

const papers = program.command('papers').description('listings and the papers in them');
const topics = program.command('topics').description('the curated topics');
const digest = program.command('digest').description('what readers get');

papers
  .command('import')
  .description('read a listing, and store its papers')
  .argument('<file>', 'a listing as text, or - for standard input')
  .option(
    '--date <YYYY-MM-DD>',
    'the day of the listing, where the text and the file name do not tell it',
    parseDay,
  )
  .option('--dry-run', 'only read it: no database is needed')
  .option('--json', 'print one JSON document')
  .action((file: string, options: { date?: string; dryRun?: true; json?: true }) =>
    run(
      async ({ config, log, closer }) => {
        const listing = await readListing(config, file, options.date);
        const { date, papers, warnings } = listing;
        let stored = 'read only';
        if (!options.dryRun) {
          const { storeListing } = await import('./service-commands.ts');
          stored = `${await storeListing({ config, log }, listing, closer)} new`;
        }
        if (options.json) return printJson({ date, papers, warnings });
        for (const { line, message } of warnings) console.error(`${file}, line ${line}: ${message}`);
        print(`${papers.length} papers of ${date} (${stored}), ${warnings.length} warnings\n`);
      },
      options.dryRun ? readOfflineConfig : readConfig,
    ),
  );

papers
  .command('match')
  .description('the papers of a listing that match a keyword query')
  .argument('<file>', 'a listing as text, or - for standard input')
  .requiredOption('--query <query>', 'such as: "kv cache" OR quantization -vision')
  .option('--json', 'print one JSON document')
  .action((file: string, options: { query: string; json?: true }) =>
    run(async ({ config }) => {
      const { matchPapers } = await import('./listing-commands.ts');
      const matched = matchPapers(await readListing(config, file), options.query);
      if (options.json) return printJson({ papers: matched });
      for (const { title, because } of matched) print(`${title}\n    ${because.join(', ')}\n`);
    }, readOfflineConfig),
  );

addSourceCommands(papers);

topics
  .command('assign')
  .description('the topics that each paper of a listing is given, and why')
  .argument('<file>', 'a listing as text, or - for standard input')
  .option('--json', 'print one JSON document')
  .action((file: string, options: { json?: true }) =>
    run(async ({ config }) => {
      const { assignTopics } = await import('./listing-commands.ts');
      const assigned = await assignTopics(await readListing(config, file));
      if (options.json) return printJson({ papers: assigned });
      for (const { title, topics } of assigned) {
        print(`${title}\n`);
        for (const { id, score, because } of topics)
          print(`    ${score.toFixed(2)}  ${id}: ${because.join(', ')}\n`);
      }
    }, readOfflineConfig),
  );

digest
  .command('preview')
  .description('the digest that a listing would make for somebody')
  .argument('<file>', 'a listing as text, or - for standard input')
  .option('--topics <ids>', 'topic ids, with commas between them', splitAt(','), [])
  .option('--keywords <queries>', 'keyword queries, with semicolons between them', splitAt(';'), [])
  .option('--organizations <names>', 'organisations, with semicolons between them', splitAt(';'), [])
  .option('--without-topics <ids>', 'topics of which no paper is wanted', splitAt(','), [])
  .option('--without-keywords <queries>', 'queries of which no paper is wanted', splitAt(';'), [])
  .option('--max <number>', 'at most so many papers', parseCount, 10)
  .addOption(
    new Option('--format <format>', 'what to print')
      .choices(['html', 'text', 'mime', 'json'])
      .default('text'),
  )
  .action((file: string, options: PreviewOptions) =>
    run(async ({ config }) => {
      const { max: maxPapers, withoutTopics: excludedTopics, withoutKeywords: excludedKeywords } = options;
      if (options.topics.length + options.keywords.length + options.organizations.length === 0)
        throw new ConfigError('Name what to look for: --topics, --keywords or --organizations');
      const listing = await readListing(config, file);
      const { previewDigest } = await import('./preview-digest.ts');
      const wanted = { ...options, maxPapers, excludedTopics, excludedKeywords };
      print(await previewDigest(listing, { ...wanted, config, now: new Date() }));
    }, readOfflineConfig),
  );

digest
  .command('send')
  .description('plan and send for everyone who is due')
  .requiredOption('--now', 'at once, in this process')
  .option('--json', 'print one JSON document')
  .action((options: { json?: true }) =>
    run(async ({ config, log, closer }) => {
      const { sendDue } = await import('./service-commands.ts');
      const counts = await sendDue({ config, log }, { closer, showBar });
      showBar('');
      if (options.json) return printJson(counts);
      print(
        `${Object.entries(counts)
          .map(([name, count]) => `${count} ${name}`)
          .join(', ')}\n`,
      );
    }),
  );

for (const [name, state, description] of [
  ['pause', 'paused', 'let nothing of an edition leave for now'],
  ['resume', null, 'let a paused or cancelled edition go on'],
  ['cancel', 'cancelled', 'never send what is left of an edition; its papers come with the next'],
] as const) {
  digest
    .command(name)
    .description(description)
    .argument('<edition>', 'the day it is for, YYYY-MM-DD', parseDay)
    .action((edition: string) =>
      run(async ({ config, log, closer }) => {
        const { holdDigests } = await import('./service-commands.ts');
        const left = await holdDigests({ config, log }, { edition, state }, closer);
        print(`Edition ${edition}: ${left} digests are not sent yet; ${name} takes effect at once.\n`);
      }),
    );
}

addSubscriberCommands(program);
addBounceCommands(program);
addMailCommands(program);

type PreviewOptions = {
  topics: string[];
  keywords: string[];
  organizations: string[];
  withoutTopics: string[];
  withoutKeywords: string[];
  max: number;
  format: 'html' | 'text' | 'mime' | 'json';
};

async function startService(
  { config, log, role }: { config: Config; log: Logger; role: Role },
  closer: Closer,
) {
  const { start } = await import('../service/start.ts');
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

async function readListing(config: Config, file: string, date?: string) {
  const { readListing } = await import('./read-listing.ts');
  return readListing(file, { date, workingFolder: config.workingFolder, now: new Date() });
}
