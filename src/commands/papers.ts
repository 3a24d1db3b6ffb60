// `papers …`: listings, the papers in them, and the sources.
import { type Command, InvalidArgumentError } from 'commander';
import { handSource, handSourceRule } from '../papers/hand-source.ts';
import { ConfigError } from '../platform/errors.ts';
import { describeWarning } from '../sources/listing/listing.ts';
import { addLearnCommand, addRankCommand } from './ranking/program.ts';
import type { Listing } from './read-listing.ts';
import { parseDay, print, printJson, readGiven, run, type Surroundings } from './run.ts';
import { addSourceCommands } from './source-program.ts';

export function addPaperCommands(program: Command): void {
  const papers = program.command('papers').description('listings and the papers in them');
  papers
    .command('import')
    .description('read a listing, and store its papers')
    .argument(
      '<file>',
      'a page as text, arXiv’s announcement as a mail, an API’s answer or a feed; or - for standard input',
    )
    .option(
      '--date <YYYY-MM-DD>',
      'the day of the listing, where the text and the file name do not tell it',
      parseDay,
    )
    .option('--source <name>', 'whose listing it is, where a day has several', parseSource, handSource)
    .option('--dry-run', 'only read it: no database is needed')
    .option('--json', 'print one JSON document')
    .action((file: string, options: { date?: string; source: string; dryRun?: true; json?: true }) =>
      run(
        async (surroundings) => {
          const listing = await readGiven(surroundings.config, file, options.date);
          const { date, papers, warnings } = listing;
          let stored = 'read only';
          if (!options.dryRun) {
            stored = `${await storeListing(surroundings, { source: options.source, listing })} new`;
          }
          if (options.json) return printJson({ date, papers, warnings });
          for (const warning of warnings) console.error(file + describeWarning(warning));
          print(`${papers.length} papers of ${date} (${stored}), ${warnings.length} warnings\n`);
        },
        { reach: options.dryRun ? 'offline' : 'services' },
      ),
    );

  papers
    .command('match')
    .description('the papers of a listing that match a keyword query')
    .argument('<file>', 'a listing as text, or - for standard input')
    .requiredOption('--query <query>', 'such as: "kv cache" OR quantization -vision')
    .option('--json', 'print one JSON document')
    .action((file: string, options: { query: string; json?: true }) =>
      run(
        async ({ config }) => {
          const { matchPapers } = await import('./listing-commands.ts');
          const { matched, hint } = matchPapers(await readGiven(config, file), options.query);
          if (options.json) return printJson({ papers: matched, hint });
          if (hint !== null) console.error(hint);
          for (const { title, because } of matched) print(`${title}\n    ${because.join(', ')}\n`);
        },
        { reach: 'offline' },
      ),
    );

  addRankCommand(papers);
  addLearnCommand(papers);
  addSourceCommands(papers);
}

function parseSource(text: string): string {
  if (handSourceRule.test(text)) return text;
  throw new InvalidArgumentError('It is made of small letters, digits and hyphens.');
}

/** Stores the listing and finds its papers' topics. Returns how many papers were not known before. */
async function storeListing(
  { config, log, closer }: Surroundings,
  { source, listing }: { source: string; listing: Listing },
): Promise<number> {
  const [{ importListing }, { openDatabase }, { openSources }, { readTopics }] = await Promise.all([
    import('../papers/import-listing.ts'),
    import('../service/open-database.ts'),
    import('../service/open-sources.ts'),
    import('../topics/topics-file.ts'),
  ]);
  const { db } = await openDatabase({ config, log }, closer);
  const own = openSources({ config, db, now: () => new Date() }).find((one) => one.source.id === source);
  if (own !== undefined)
    throw new ConfigError(
      `What ${own.source.name} lists is fetched from there: papers fetch --source ${source}`,
    );
  const topics = await readTopics(config);
  await topics.storeTopics(db);
  const { added } = await importListing(
    { db },
    { source, date: listing.date, papers: listing.papers, withdrawn: listing.withdrawn ?? [] },
  );
  await topics.assignTopics(db);
  return added.length;
}
