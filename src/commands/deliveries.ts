// `deliveries …`: every mail that was promised, what became of it and why, and an operator's hand on what failed.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { sayWhatToDo } from '../ledger/outcome-codes.ts';
import type { DeliveryFilter, ListedDelivery, ShownDelivery } from '../ledger/reports/delivery-list.ts';
import type { Retried } from '../ledger/retry.ts';
import { type DeliveryState, deliveryStates } from '../ledger/states.ts';
import { ConfigError } from '../platform/errors.ts';
import { readRowId } from '../text/row-id.ts';
import { getReader } from './find-reader.ts';
import {
  openDb,
  parseDay,
  parseDomain,
  parseSince,
  parseUntil,
  print,
  printFile,
  printJson,
  printRows,
  run,
  type Surroundings,
} from './run.ts';

export type DeliveryOptions = {
  state?: DeliveryState;
  reason?: string;
  domain?: string;
  edition?: string;
  /** Address or id. */
  subscriber?: string;
  since?: Date;
  until?: Date;
};

export function addDeliveryCommands(program: Command): void {
  const deliveries = program
    .command('deliveries')
    .description('every mail that was promised, and what became of it');
  addFilters(
    deliveries
      .command('list')
      .description('the newest first, with the reason and the words of the server')
      .addOption(new Option('--state <state>', 'only those').choices(deliveryStates)),
  )
    .option('--limit <number>', 'at most so many; 0: all', parseLimit, 100)
    .option('--json', 'print one JSON document')
    .action(({ json, limit, ...options }: DeliveryOptions & { json?: true; limit: number }) =>
      run(async (surroundings) => {
        const rows = walk(surroundings, { options, limit });
        await printRows(rows, {
          name: 'deliveries',
          json,
          describe: describeDelivery,
          none: 'No delivery fits.',
        });
      }),
    );
  addFilters(
    deliveries
      .command('export')
      .description('the same as a file, all of them, the newest first')
      .addOption(new Option('--state <state>', 'only those').choices(deliveryStates)),
  )
    .addOption(new Option('--format <format>', 'of the file').choices(['csv', 'ndjson']).default('csv'))
    .action(({ format, ...options }: DeliveryOptions & { format: 'csv' | 'ndjson' }) =>
      run(async (surroundings) => {
        await printFile(writeRows(surroundings, { format, options }));
      }),
    );
  deliveries
    .command('show')
    .description(
      'all that is known of one: every try, what came back, what the digest held, what can be done',
    )
    .argument('<id>', 'as `deliveries list` has it', parseId)
    .option('--json', 'print one JSON document')
    .action((id: bigint, { json }: { json?: true }) =>
      run(async (surroundings) => {
        const shown = await getDelivery(surroundings, id);
        if (json) return printJson(shown);
        print(describeShown(shown));
      }),
    );
  addFilters(
    deliveries
      .command('retry')
      .description(
        'try again what failed for good or was put off, or was cancelled with its edition: never what arrived, or may have',
      )
      .argument('[id]', 'one delivery', parseId),
  )
    .option('--json', 'print one JSON document')
    .action((id: bigint | undefined, { json, ...options }: DeliveryOptions & { json?: true }) =>
      run(async (surroundings) => {
        const retried = await retryDeliveries(surroundings, { ...options, id });
        if (json) return printJson(retried);
        print(await tellOf(surroundings, { id, retried }));
      }),
    );
  deliveries
    .command('resend')
    .description('send a digest that was accepted once more, with what it held: its reader may have it twice')
    .argument('<id>', 'as `deliveries list` has it', parseId)
    .option('--json', 'print one JSON document')
    .action((id: bigint, { json }: { json?: true }) =>
      run(async (surroundings) => {
        await getDelivery(surroundings, id);
        const { resendDigest } = await import('../ledger/retry.ts');
        const resent = await resendDigest(await openDb(surroundings), { id, now: new Date() });
        if (json) return printJson(resent);
        print(await tellOf(surroundings, { id, retried: resent }));
      }),
    );
  deliveries
    .command('settle')
    .description('say what became of mails that are unknown: sent, or not sent and then they are sent again')
    .argument('[id]', 'one delivery', parseId)
    .option('--edition <day>', 'all of that day that are unknown', parseDay)
    .addOption(
      new Option('--as <outcome>', 'what became of them').choices(['sent', 'not-sent']).makeOptionMandatory(),
    )
    .option('--json', 'print one JSON document')
    .action((id: bigint | undefined, { as, edition, json }: SettleOptions) =>
      run(async (surroundings) => {
        const settled = await settleDeliveries(surroundings, { id, edition, as });
        if (json) return printJson({ settled });
        if (id !== undefined && settled === 0) return print(await describeOther(surroundings, id));
        print(`${settled} settled as ${as === 'sent' ? 'sent' : 'not sent: they are due now'}.\n`);
      }),
    );
}

function addFilters(command: Command): Command {
  return command
    .option('--reason <code>', 'such as mailbox_full, no_connection or parked')
    .option('--domain <domain>', 'of the address', parseDomain)
    .option('--edition <day>', 'the day the digest is for', parseDay)
    .option('--subscriber <address or id>', 'whose')
    .option(
      '--since <time>',
      'promised then or later: a day, or a time such as 2026-03-01T09:00Z',
      parseSince,
    )
    .option('--until <time>', 'promised before that time, or up to the end of that day', parseUntil);
}

type SettleOptions = { as: 'sent' | 'not-sent'; edition?: string; json?: true };

async function* walk(
  surroundings: Surroundings,
  { options, limit }: { options: DeliveryOptions; limit: number },
): AsyncGenerator<ListedDelivery> {
  const { walkDeliveries } = await import('../ledger/reports/delivery-list.ts');
  const filter = await readFilter(surroundings, options);
  const most = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  yield* walkDeliveries(await openDb(surroundings), { filter, most });
}

async function* writeRows(
  surroundings: Surroundings,
  { format, options }: { format: 'csv' | 'ndjson'; options: DeliveryOptions },
): AsyncGenerator<string> {
  const { writeDelivery, writeDeliveryHead } = await import('../ledger/reports/delivery-file.ts');
  yield writeDeliveryHead(format);
  for await (const row of walk(surroundings, { options, limit: 0 })) yield writeDelivery(row, format);
}

/** All failed ones are meant only where that is said: at least one of the options. */
export async function retryDeliveries(
  surroundings: Surroundings,
  { id, ...options }: DeliveryOptions & { id?: bigint | undefined },
): Promise<Retried> {
  if (id === undefined && Object.values(options).every((option) => option === undefined))
    throw new ConfigError(
      'Which? Give an id, or --edition, --reason, --domain, --subscriber, --since, --until',
    );
  if (id !== undefined) await getDelivery(surroundings, id);
  const { retryFailed } = await import('../ledger/retry.ts');
  const filter = { ...(await readFilter(surroundings, options)), id };
  return retryFailed(await openDb(surroundings), { filter, now: new Date() });
}

export async function settleDeliveries(
  surroundings: Surroundings,
  { id, edition, as }: { id?: bigint | undefined; edition?: string | undefined; as: 'sent' | 'not-sent' },
): Promise<number> {
  if ((id === undefined) === (edition === undefined))
    throw new ConfigError('Which? Give an id, or --edition');
  if (id !== undefined) await getDelivery(surroundings, id);
  const { settleUnknown } = await import('../ledger/retry.ts');
  const filter = { id, edition };
  return settleUnknown(await openDb(surroundings), { filter, as, now: new Date() });
}

async function getDelivery(surroundings: Surroundings, id: bigint): Promise<ShownDelivery> {
  const { findDeliveryById } = await import('../ledger/reports/delivery-list.ts');
  const shown = await findDeliveryById(await openDb(surroundings), id);
  if (shown === null) throw new ConfigError(`There is no delivery ${id}: \`deliveries list\` has them`);
  return shown;
}

async function tellOf(
  surroundings: Surroundings,
  { id, retried }: { id: bigint | undefined; retried: Retried },
): Promise<string> {
  const isOther = id !== undefined && retried.retried === 0 && Object.keys(retried.left).length === 0;
  return isOther ? describeOther(surroundings, id) : describeRetried(retried);
}

/** One that is not in the state for what was asked. */
async function describeOther(surroundings: Surroundings, id: bigint): Promise<string> {
  const { state, ...mail } = await getDelivery(surroundings, id);
  const why = sayWhy(mail);
  return `Delivery ${id} is ${state}${why === '' ? '' : ` (${why})`}: nothing is done.\n`;
}

async function readFilter(
  surroundings: Surroundings,
  { subscriber, ...filter }: DeliveryOptions,
): Promise<DeliveryFilter> {
  const { outcomeCodes } = await import('../ledger/outcome-codes.ts');
  if (filter.reason !== undefined && !outcomeCodes.includes(filter.reason))
    throw new ConfigError(`There is no reason ${filter.reason}: ${outcomeCodes.join(', ')}`);
  if (subscriber === undefined) return filter;
  const { id } = await getReader(await openDb(surroundings), subscriber);
  return { ...filter, subscriberId: id };
}

/** One line. */
export function describeDelivery({ id, createdAt, state, email, ...mail }: ListedDelivery): string {
  const why = sayWhy(mail);
  const what = mail.edition === null ? mail.kind : `digest of ${mail.edition}`;
  const when = createdAt.toISOString().slice(0, 16);
  return `${id}  ${when}Z  ${state.padEnd(12)}  ${email}  ${what}${why === '' ? '' : `  (${why})`}\n`;
}

type Answer = Pick<ListedDelivery, 'reason' | 'detail' | 'reply' | 'replyCode' | 'replyStatus' | 'smtpStage'>;

const sayWhy = ({ reason, detail, reply }: Answer) =>
  [reason, detail, reply].filter((part) => part !== null).join(': ');

/** In brackets; empty where there are none. */
function sayCodes({ replyCode, replyStatus, smtpStage }: Answer): string {
  const codes = [smtpStage && `at ${smtpStage}`, replyCode, replyStatus].filter((part) => part !== null);
  return codes.length === 0 ? '' : ` (${codes.join(', ')})`;
}

function describeShown({ earlierTries, bounces, papers, ...mail }: ShownDelivery): string {
  const facts: [string, string | null][] = [
    ['state', mail.state],
    [
      'reason',
      mail.reason && `${mail.reason}${mail.concerns === null ? '' : ` (concerns: ${mail.concerns})`}`,
    ],
    ['remedy', sayWhatToDo(mail)],
    ['server said', mail.reply && `${mail.reply}${sayCodes(mail)}`],
    ['detail', mail.detail],
    [
      'tried',
      `${mail.attempts} ${mail.attempts === 1 ? 'time' : 'times'}${mail.resent ? ', once more after it was unknown' : ''}`,
    ],
    ['lost workers', mail.lostWorkers === 0 ? null : String(mail.lostWorkers)],
    ['promised', mail.createdAt.toISOString()],
    ['next try', mail.nextTryAt?.toISOString() ?? null],
    ['finished', mail.finishedAt?.toISOString() ?? null],
    ['reader', `${mail.email} (${mail.subscriberId})`],
  ];
  return [
    `Delivery ${mail.id}: ${mail.edition === null ? mail.kind : `the digest of ${mail.edition}`}`,
    ...facts.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(12)}  ${value}`])),
    ...earlierTries.map(
      (tried) =>
        `  earlier try   ${tried.at.toISOString()}  ${[tried.state, sayWhy(tried)].filter((part) => part !== '').join(': ')}${sayCodes(tried)}`,
    ),
    ...bounces.map(
      ({ kind, status, diagnostic, receivedAt }) =>
        `  came back     ${receivedAt.toISOString()}  ${[kind, status, diagnostic].filter((part) => part !== null).join(' ')}`,
    ),
    ...papers.map(({ seq, title }) => `  paper         ${seq}  ${title ?? '(gone)'}`),
    '',
  ].join('\n');
}

function describeRetried({ retried, left }: Retried): string {
  const lines = Object.entries(left).map(([cause, count]) => `${count} left: ${leftWords[cause] ?? cause}\n`);
  return `${retried} are due now; a running worker takes them within a minute.\n${lines.join('')}`;
}

const leftWords: Readonly<Record<string, string>> = {
  suppressed: 'the address is suppressed (`suppressions lift` lets it get mail again)',
  carried: 'a later digest has these papers',
  edition_cancelled: 'the edition is cancelled (`editions resume` lets it go on)',
  other_status: 'the reader left, or reads already',
  paused: 'the reader has paused',
  cancelled:
    'cancelled with the edition (`deliveries retry --edition <day> --reason edition_cancelled` sends them after all)',
  unknown: 'it may have arrived (`deliveries settle` says what became of it)',
  too_old: 'a mail about the subscription whose links have had their time',
};

export function parseId(text: string): bigint {
  const id = readRowId(text);
  if (id === null) throw new InvalidArgumentError('It is not the number of a delivery.');
  return id;
}

function parseLimit(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is not a number.');
  return Number(text);
}
