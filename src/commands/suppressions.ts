// `suppressions …`: addresses that get no mail, by an operator's hand or that of their mail server.
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { ConfigError } from '../platform/errors.ts';
import type { ImportCounts, SuppressionFormat } from '../subscribers/suppressions/suppression-file.ts';
import type { Suppression, SuppressionFilter } from '../subscribers/suppressions/suppression-store.ts';
import { utcDay } from '../text/days.ts';
import { readAddress } from './find-reader.ts';
import { tellUnread } from './read-bytes.ts';
import {
  openDb,
  parseDomain,
  parseSince,
  parseUntil,
  print,
  printFile,
  printJson,
  printRows,
  run,
  type Surroundings,
  showBar,
  tellRefusedLine,
} from './run.ts';

type LiftOptions = Omit<SuppressionFilter, 'email'> & { yes?: true; json?: true };

const suppressionFormats: SuppressionFormat[] = ['csv', 'ndjson'];

export function addSuppressionCommands(program: Command): void {
  const suppressions = program.command('suppressions').description('addresses that get no mail');
  suppressions
    .command('list')
    .description('all of them, and why')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: true }) =>
      run(async (surroundings) => {
        const rows = walkSuppressions(surroundings);
        await printRows(rows, { name: 'suppressions', json, describe, none: 'No address is suppressed.' });
      }),
    );
  suppressions
    .command('lift')
    .description('let an address get mail again, or all those that fit')
    .argument('[address]', 'such as ada@example.org')
    .option(
      '--reason <cause or words>',
      'hard, soft, complaint, operator, imported or owner; or words that the reason has in it',
    )
    .option('--domain <domain>', 'of the addresses', parseDomain)
    .option(
      '--since <time>',
      'suppressed then or later: a day, or a time such as 2026-03-01T09:00Z',
      parseSince,
    )
    .option('--until <time>', 'suppressed before that time, or up to the end of that day', parseUntil)
    .option('--yes', 'lift them: without it, they are only listed')
    .option('--json', 'print one JSON document')
    .action((address: string | undefined, { yes, json, ...filter }: LiftOptions) =>
      run(async (surroundings) => {
        if (address !== undefined) {
          const { email, lifted } = await liftOne(surroundings, address, filter);
          if (json) return printJson({ email, lifted });
          return print(lifted > 0 ? `${email} gets mail again.\n` : `${email} was not suppressed.\n`);
        }
        if (Object.keys(filter).length === 0)
          throw new ConfigError('Which? Give an address, or --reason, --domain, --since, --until');
        if (yes) {
          const lifted = await liftSuppressed(surroundings, filter);
          const left = await countLeft(surroundings, filter);
          if (json) return printJson({ lifted, left });
          return print(`${lifted} addresses get mail again.\n${describeLeft(left)}`);
        }
        const rows = walkSuppressions(surroundings, filter);
        if (json) return printRows(rows, { name: 'suppressions', json, describe, none: '' });
        let count = 0;
        for await (const suppression of rows) {
          print(describe(suppression));
          count += 1;
        }
        const left = await countLeft(surroundings, filter);
        print(`${count} addresses fit. Nothing is lifted yet: add --yes.\n${describeLeft(left)}`);
      }),
    );
  suppressions
    .command('export')
    .description('all of them as a file, for `suppressions import` here or elsewhere')
    .addOption(new Option('--format <format>', 'of the file').choices(suppressionFormats).default('csv'))
    .action(({ format }: { format: SuppressionFormat }) =>
      run(async (surroundings) => {
        await printFile(writeRows(surroundings, format));
      }),
    );
  suppressions
    .command('import')
    .description('bar the addresses of a file; lines that are none are told, and the others count')
    .argument('<file>', 'CSV or NDJSON, or - for standard input')
    .addOption(new Option('--format <format>', 'of the file; else by its looks').choices(suppressionFormats))
    .option('--json', 'print one JSON document')
    .action((file: string, { format, json }: { format?: SuppressionFormat; json?: true }) =>
      run(async (surroundings) => {
        const { added, known, refused } = await importFile(surroundings, { file, format: format ?? null });
        if (json) printJson({ added, known, refused });
        else print(`${added} addresses get no mail any more, ${known} were suppressed already.\n`);
        if (refused > 0)
          throw new ConfigError(
            refused === 1
              ? '1 line is not taken: it is named above.'
              : `${refused} lines are not taken: they are named above.`,
          );
      }),
    );
  suppressions
    .command('add')
    .description('let an address get no mail any more')
    .argument('<address>', 'such as ada@example.org')
    .option('--json', 'print one JSON document')
    .action((address: string, { json }: { json?: true }) =>
      run(async (surroundings) => {
        const email = await readAddress(address);
        const isAdded = await suppressAddress(surroundings, email);
        if (json) return printJson({ email, isNew: isAdded });
        print(isAdded ? `${email} gets no mail any more.\n` : `${email} was suppressed already.\n`);
      }),
    );
}

/** Whoever asks for a domain, or a time, takes it for all of that. */
async function countLeft(
  surroundings: Surroundings,
  filter: SuppressionFilter,
): Promise<{ wished: number; hashed: number }> {
  const store = await import('../subscribers/suppressions/suppression-store.ts');
  const db = await openDb(surroundings);
  return {
    wished: await store.countWished(db, filter),
    hashed: filter.domain === undefined ? 0 : await store.countHashed(db, filter),
  };
}

function describeLeft({ wished, hashed }: { wished: number; hashed: number }): string {
  const ofWished = `${wished} more stay: they were asked for, by hand or in a file. Lift one by its address, or all of a cause by --reason, such as operator.\n`;
  const ofHashed = `Of ${hashed} more only a hash is kept, which tells no domain: lift one by its whole address.\n`;
  return `${wished > 0 ? ofWished : ''}${hashed > 0 ? ofHashed : ''}`;
}

async function liftOne(
  surroundings: Surroundings,
  address: string,
  filter: object,
): Promise<{ email: string; lifted: number }> {
  if (Object.keys(filter).length > 0)
    throw new ConfigError('Give an address, or --reason, --domain, --since, --until: not both');
  const email = await readAddress(address);
  return { email, lifted: await liftSuppressed(surroundings, { email }) };
}

function describe({ email, cause, reason, createdAt }: Suppression): string {
  return `${utcDay(createdAt)}  ${email}  ${cause}: ${reason}\n`;
}

const suppressionsPerStep = 1000;

async function* writeRows(surroundings: Surroundings, format: SuppressionFormat): AsyncGenerator<string> {
  const { writeHead, writeSuppression } = await import('../subscribers/suppressions/suppression-file.ts');
  yield writeHead(format);
  for await (const suppression of walkSuppressions(surroundings)) yield writeSuppression(suppression, format);
}

export async function* walkSuppressions(
  surroundings: Surroundings,
  filter: SuppressionFilter = {},
): AsyncGenerator<Suppression> {
  const { listSuppressions } = await import('../subscribers/suppressions/suppression-store.ts');
  const db = await openDb(surroundings);
  for (let after = ''; ; ) {
    const suppressions: Suppression[] = await listSuppressions(db, {
      after,
      limit: suppressionsPerStep,
      filter,
    });
    yield* suppressions;
    after = suppressions.at(-1)?.email ?? '';
    if (suppressions.length < suppressionsPerStep) return;
  }
}

export async function liftSuppressed(surroundings: Surroundings, filter: SuppressionFilter): Promise<number> {
  const { liftSuppressions } = await import('../subscribers/suppressions/suppression-store.ts');
  return liftSuppressions(await openDb(surroundings), { filter, now: new Date() });
}

export async function suppressAddress(surroundings: Surroundings, email: string): Promise<boolean> {
  const { addSuppression } = await import('../subscribers/suppressions/suppression-store.ts');
  const db = await openDb(surroundings);
  const reason = 'added by the operator';
  return addSuppression(db, { email, cause: 'operator', reason, now: new Date() });
}

export async function importFile(
  surroundings: Surroundings,
  { file, format }: { file: string; format: SuppressionFormat | null },
): Promise<ImportCounts> {
  const { importSuppressions } = await import('../subscribers/suppressions/suppression-file.ts');
  const name = file === '-' ? 'standard input' : file;
  const onRefused = (line: number, why: string) => tellRefusedLine(name, { line, why });
  const db = await openDb(surroundings);
  // Not before: a stream that fails while nobody listens to it yet ends the process.
  const stream =
    file === '-' ? process.stdin : createReadStream(resolve(surroundings.config.workingFolder, file));
  try {
    const onStep = ({ added, known }: ImportCounts) => showBar(`${added + known} addresses`);
    const deps = { db, now: new Date(), onRefused, onStep };
    const counts = await importSuppressions(deps, { chunks: stream.setEncoding('utf8'), format });
    showBar('');
    return counts;
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw tellUnread(name, error);
  }
}
