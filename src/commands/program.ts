// The commands. Results go to stdout, everything else to stderr; exit 0, or 1 with a message that names the thing and
// the place. What each command needs is loaded when it runs: a parser should not wait for a mail renderer.
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Closer, createCloser } from '../closer.ts';
import { type Config, listWarnings, readConfig } from '../config.ts';
import { ConfigError, PermanentError } from '../errors.ts';
import { createLogger, type Logger } from '../logger.ts';
import type { Role } from '../main.ts';

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
  .action(({ role }: { role: Role }) =>
    run(({ config, log, closer }) => startService({ config, log, role }, closer)),
  );

program
  .command('migrate')
  .description('bring the database up to date')
  .action(() =>
    run(async (surroundings) => {
      const { openDatabase } = await import('../main.ts');
      await openDatabase(surroundings, surroundings.closer);
      print('The database is up to date.\n');
    }),
  );

const papers = program.command('papers').description('listings and the papers in them');
const topics = program.command('topics').description('the curated topics');
const digest = program.command('digest').description('what readers get');
const subscribers = program.command('subscribers').description('who reads');

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
    run(async ({ config, log, closer }) => {
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
    }),
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
    }),
  );

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
    }),
  );

digest
  .command('preview')
  .description('the digest that a listing would make for somebody')
  .argument('<file>', 'a listing as text, or - for standard input')
  .option('--topics <ids>', 'topic ids, with commas between them', splitAt(','), [])
  .option('--keywords <queries>', 'keyword queries, with semicolons between them', splitAt(';'), [])
  .option('--max <number>', 'at most so many papers', parseCount, 10)
  .addOption(
    new Option('--format <format>', 'what to print')
      .choices(['html', 'text', 'mime', 'json'])
      .default('text'),
  )
  .action((file: string, options: PreviewOptions) =>
    run(async ({ config }) => {
      const { topics, keywords, max: maxPapers, format } = options;
      if (topics.length + keywords.length === 0)
        throw new ConfigError('Name what to look for: --topics or --keywords');
      const listing = await readListing(config, file);
      const { previewDigest } = await import('./listing-commands.ts');
      print(await previewDigest(listing, { topics, keywords, maxPapers, format, config, now: new Date() }));
    }),
  );

digest
  .command('send')
  .description('plan and send for everyone who is due')
  .requiredOption('--now', 'at once, in this process')
  .option('--json', 'print one JSON document')
  .action((options: { json?: true }) =>
    run(async ({ config, log, closer }) => {
      const { sendDue } = await import('./service-commands.ts');
      const counts = await sendDue({ config, log }, closer);
      if (options.json) return printJson(counts);
      print(
        `${Object.entries(counts)
          .map(([name, count]) => `${count} ${name}`)
          .join(', ')}\n`,
      );
    }),
  );

subscribers
  .command('list')
  .description('everyone who signed up, with what they asked for')
  .option('--json', 'print one JSON document')
  .action((options: { json?: true }) =>
    run(async ({ config, log, closer }) => {
      const [{ openDatabase }, { walkSubscribers }] = await Promise.all([
        import('../main.ts'),
        import('./service-commands.ts'),
      ]);
      const { db } = await openDatabase({ config, log }, closer);
      let separator = '';
      if (options.json) print('{"subscribers":[');
      for await (const subscriber of walkSubscribers(db)) {
        const { email, status, preferences } = subscriber;
        if (options.json) print(`${separator}${JSON.stringify(subscriber)}`);
        else
          print(
            `${status.padEnd(12)} ${email}  ${[...preferences.topics, ...preferences.keywords].join(', ')}\n`,
          );
        separator = ',\n';
      }
      if (options.json) print(']}\n');
    }),
  );

type PreviewOptions = {
  topics: string[];
  keywords: string[];
  max: number;
  format: 'html' | 'text' | 'mime' | 'json';
};

/** Runs a command with what all of them need, and closes what it opened whatever happens. */
async function run(
  command: (surroundings: { config: Config; log: Logger; closer: Closer }) => Promise<unknown> | unknown,
): Promise<void> {
  const closer = createCloser();
  try {
    const config = readConfig();
    await command({ config, log: createLogger(config.logLevel), closer });
  } catch (error) {
    reportError(error);
  }
  await closer.close().catch(reportError);
}

function reportError(error: unknown): void {
  process.exitCode = 1;
  const isExpected = error instanceof ConfigError || error instanceof PermanentError;
  console.error(isExpected ? error.message : error);
}

async function startService(
  { config, log, role }: { config: Config; log: Logger; role: Role },
  closer: Closer,
) {
  const { start } = await import('../main.ts');
  for (const warning of listWarnings(config)) log.warn(warning);
  const stopping = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const { siteUrl, inboxUrl } = await start({ config, role, log }, closer);
  if (siteUrl !== null) print(`Sign-up page: ${siteUrl}/\n`);
  if (inboxUrl !== null) print(`Local inbox:  ${inboxUrl}/\n`);
  print(`Paperround is running${role === 'all' ? '' : ` (${role})`}. Ctrl-C stops it.\n`);
  await stopping;
  print('Stopping: what is under way is finished first.\n');
}

async function readListing(config: Config, file: string, date?: string) {
  const { readListing } = await import('./read-listing.ts');
  return readListing(file, { date, workingFolder: config.workingFolder, now: new Date() });
}

function print(text: string): void {
  process.stdout.write(text);
}

function printJson(document: unknown): void {
  print(`${JSON.stringify(document, null, 2)}\n`);
}

function parseDay(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  if (!isDay || new Date(text).toISOString().slice(0, 10) !== text) {
    throw new InvalidArgumentError('It is not a day such as 2025-12-12.');
  }
  return text;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 50)
    throw new InvalidArgumentError('It is not a number from 1 to 50.');
  return count;
}

function splitAt(separator: string) {
  return (text: string): string[] =>
    text
      .split(separator)
      .map((item) => item.trim())
      .filter((item) => item !== '');
}
