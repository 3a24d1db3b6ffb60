// `subscribers import`, `subscribers export`, `deliveries export`: files to take along, however long they are.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { ConfigError } from '../platform/errors.ts';
import type { FileMap } from '../subscribers/transfer/columns.ts';
import type { ImportCounts } from '../subscribers/transfer/import-readers.ts';
import type { TableFormat } from '../text/read-table.ts';
import { openTopics } from './open-topics.ts';
import { tellUnread } from './read-bytes.ts';
import {
  openDb,
  parseWords,
  print,
  printFile,
  printJson,
  run,
  type Surroundings,
  showBar,
  splitAt,
  tellRefusedLine,
} from './run.ts';

const formats: TableFormat[] = ['csv', 'ndjson'];
const maps: FileMap[] = ['paperround', 'listmonk', 'mailchimp', 'substack'];

export type ImportOptions = {
  format?: TableFormat;
  map: FileMap;
  topics: string[];
  consent?: string;
  refused?: string;
  dryRun?: true;
};

export function addTransferCommands(subscribers: Command): void {
  subscribers
    .command('import')
    .description(
      'take in a file of readers; the same again goes on where it ended, and changes nobody who is there',
    )
    .argument('<file>', 'CSV with names on top, or NDJSON, or - for standard input')
    .addOption(new Option('--format <format>', 'of the file; else by its looks').choices(formats))
    .addOption(new Option('--map <sender>', 'whose export it is').choices(maps).default('paperround'))
    .option('--topics <ids>', 'for rows that choose nothing', splitAt(','), [])
    .option(
      '--consent <evidence>',
      'where, when and how all of them agreed: they read at once, and this is kept',
      parseWords,
    )
    .option('--refused <file>', 'write the rows that are not taken there, with why')
    .option('--dry-run', 'change nothing, and say what would come of it')
    .option('--json', 'print one JSON document')
    .action((file: string, { json, ...options }: ImportOptions & { json?: true }) =>
      run(async (surroundings) => {
        const counts = await importSubscribers(surroundings, { file, ...options });
        showBar('');
        if (json) printJson(counts);
        else print(describeCounts(counts, options));
        if (counts.refused > 0) throw new ConfigError(describeRefused(counts, options));
      }),
    );
  subscribers
    .command('export')
    .description(
      'who reads, or did, as a file that `subscribers import` takes in, with the record of their consent',
    )
    .addOption(new Option('--format <format>', 'of the file').choices(formats).default('csv'))
    .action(({ format }: { format: TableFormat }) =>
      run(async (surroundings) => {
        const { exportReaders } = await import('../subscribers/transfer/export-readers.ts');
        await printFile(exportReaders(await openDb(surroundings), format));
      }),
    );
}

const shownRefusals = 20;

/** The first rows that are not taken are told on stderr, and all of them in the file that was named for it. */
export async function importSubscribers(
  surroundings: Surroundings,
  { file, format, map, topics: defaultTopics, consent, refused, dryRun }: ImportOptions & { file: string },
): Promise<ImportCounts & { wentOn: boolean }> {
  const [{ importReaders }, { writeCsv }] = await Promise.all([
    import('../subscribers/transfer/import-readers.ts'),
    import('../text/csv.ts'),
  ]);
  const inFolder = (path: string) => resolve(surroundings.config.workingFolder, path);
  const name = file === '-' ? 'standard input' : file;
  const how = JSON.stringify({ format, map, defaultTopics, consent });
  const db = await openDb(surroundings);
  const topics = await openTopics(surroundings, db);
  const missing = defaultTopics.find((given) => !topics.some(({ id }) => id === given));
  if (missing !== undefined)
    throw new ConfigError(`There is no topic “${missing}”: \`topics list\` has all of them`);
  const report = refused === undefined ? null : await openReport(inFolder(refused), refused);
  try {
    const fingerprint = file === '-' ? null : await hashFile(inFolder(file), how);
    const stream = file === '-' ? process.stdin : createReadStream(inFolder(file));
    let told = 0;
    return await importReaders(
      {
        db,
        now: () => new Date(),
        async onRefused({ line, why, email }) {
          if (told === 0) report?.write(writeCsv(['line', 'why', 'email']));
          told += 1;
          if (told <= shownRefusals) tellRefusedLine(name, { line, why });
          if (told === shownRefusals + 1 && report === null)
            console.error('… more are not taken: --refused <file> has them all');
          if (report !== null && !report.write(writeCsv([String(line), why, email])))
            await once(report, 'drain');
        },
        onStep: ({ rows }) => showBar(`${rows} rows`),
      },
      {
        file: { name, fingerprint, chunks: stream.setEncoding('utf8'), format: format ?? null },
        options: {
          map,
          topics,
          defaultTopics,
          consent: consent ?? null,
          now: new Date(),
        },
        isTrial: dryRun === true,
      },
    );
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw tellUnread(name, error);
  } finally {
    report?.end();
    if (report !== null) await finished(report);
  }
}

/** Before any row is read: the rows that are not taken are to be told in it. */
async function openReport(path: string, name: string): Promise<WriteStream> {
  const report = createWriteStream(path);
  try {
    await once(report, 'open');
    return report;
  } catch (error) {
    throw new ConfigError(`${name} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

async function hashFile(path: string, how: string): Promise<string> {
  const hash = createHash('sha256').update(how);
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

function describeCounts(
  { rows, active, toAsk, known, suppressed, refused, wentOn }: ImportCounts & { wentOn: boolean },
  { dryRun }: Pick<ImportOptions, 'dryRun'>,
): string {
  const shown: [number, string][] = [
    [active, 'read from tomorrow on'],
    [toAsk, 'are sent the mail with the button, some every minute'],
    [known, 'were there already, or twice in the file'],
    [suppressed, 'are suppressed'],
    [refused, 'are not taken'],
  ];
  const begin = `${rows} ${rows === 1 ? 'row' : 'rows'}${wentOn ? ', those of an earlier run included' : ''}`;
  const parts = shown.flatMap(([count, words]) => (count === 0 ? [] : [`${count} ${words}`]));
  return `${[begin, ...parts].join('; ')}.${dryRun ? ' Nothing was changed.' : ''}\n`;
}

/** That there is no such topic is the mistake of whole files: the names are ours. */
function describeRefused(
  { refused }: Pick<ImportCounts, 'refused'>,
  { refused: file, map }: Pick<ImportOptions, 'refused' | 'map'>,
): string {
  const where =
    file !== undefined
      ? `${file} names them all`
      : `${refused > shownRefusals ? 'the first are' : refused === 1 ? 'it is' : 'they are'} named above`;
  const hint = map === 'paperround' ? ', and `--map` reads the exports of other senders' : '';
  return `${refused} ${refused === 1 ? 'row is' : 'rows are'} not taken: ${where}. \`topics list\` has the topics that a row may name${hint}.`;
}
