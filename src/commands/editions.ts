// `editions …`: how far each day's digests have come, and an operator's hand on them.
import { type Command, InvalidArgumentError } from 'commander';
import { sayWhatToDo } from '../ledger/outcome-codes.ts';
import type { EditionProgress, ReasonCount } from '../ledger/reports/edition-progress.ts';
import { ConfigError } from '../platform/errors.ts';
import { addDays, utcDay } from '../text/days.ts';
import { openDb, parseDay, print, printJson, run, type Surroundings } from './run.ts';

export function addEditionCommands(program: Command): void {
  const editions = program
    .command('editions')
    .description('the digests of each day, and how far they have come');
  editions
    .command('list')
    .description(
      'the last days: promised, sent, nothing to send, put off, refused, unknown; rate and time left',
    )
    .option('--days <number>', 'so many', parseDays, 14)
    .option('--json', 'print one JSON document')
    .action(({ days, json }: { days: number; json?: true }) =>
      run(async (surroundings) => {
        const { editions: found, heldAhead } = await listLastEditions(surroundings, days);
        if (json) return printJson({ editions: found, heldAhead });
        for (const { edition, state } of heldAhead)
          print(`${edition}  ${state.toUpperCase()}  nothing is promised yet\n`);
        if (found.length === 0) print(`No digest was promised in the last ${days} days.\n`);
        for (const edition of found) print(describeEdition(edition));
      }),
    );
  editions
    .command('show')
    .description('one day, with the reasons of what was not sent')
    .argument('<edition>', 'the day it is for, YYYY-MM-DD', parseDay)
    .option('--json', 'print one JSON document')
    .action((edition: string, { json }: { json?: true }) =>
      run(async (surroundings) => {
        const { reasons, ...progress } = await showEdition(surroundings, edition);
        if (json) return printJson({ ...progress, reasons });
        print(describeEdition(progress));
        for (const { count, state, reason } of reasons) {
          const remedy = sayWhatToDo({ state, reason })?.replace('<day>', edition) ?? null;
          print(`  ${count} ${state}: ${reason}\n${remedy === null ? '' : `    ${remedy}\n`}`);
        }
      }),
    );
  addHoldCommands(editions);
}

/** `digest …` has them too. */
export function addHoldCommands(command: Command): void {
  for (const [name, state, description, tell] of [
    [
      'pause',
      'paused',
      'let nothing of an edition leave for now',
      (edition: string, left: number) =>
        `Edition ${edition} is paused: ${left} digests wait, and all that come. \`editions resume ${edition}\` lets them go on.\n`,
    ],
    [
      'resume',
      null,
      'let a paused or cancelled edition go on',
      (edition: string, left: number, cancelled: number) =>
        `Edition ${edition} goes on: ${left} digests are not sent yet.\n${cancelled === 0 ? '' : `${cancelled} were cancelled: \`deliveries retry --edition ${edition} --reason edition_cancelled\` sends them after all.\n`}`,
    ],
    [
      'cancel',
      'cancelled',
      'never send what is left of an edition; its papers come with the next',
      (edition: string, left: number) =>
        `Edition ${edition} is cancelled: ${left} digests are not sent, nor any that come, until \`editions resume ${edition}\`.\n`,
    ],
  ] as const) {
    command
      .command(name)
      .description(description)
      .argument('<edition>', 'the day it is for, YYYY-MM-DD', parseDay)
      .option('--json', 'print one JSON document')
      .action((edition: string, { json }: { json?: true }) =>
        run(async (surroundings) => {
          const { left, cancelled } = await holdDigests(surroundings, { edition, state });
          if (json) return printJson({ edition, hold: state, left, cancelled });
          print(tell(edition, left, cancelled));
        }),
      );
  }
}

/** Holds an edition, or lets it go on (null). Returns how many of its digests are still to be sent, and how many are not any more. */
async function holdDigests(
  surroundings: Surroundings,
  { edition, state }: { edition: string; state: 'paused' | 'cancelled' | null },
): Promise<{ left: number; cancelled: number }> {
  const { countCancelledDigests, countUnsentDigests, holdEdition } = await import(
    '../ledger/hold-edition.ts'
  );
  const db = await openDb(surroundings);
  await holdEdition(db, { edition, state, now: new Date() });
  return {
    left: await countUnsentDigests(db, edition),
    cancelled: await countCancelledDigests(db, edition),
  };
}

/** Tomorrow's may be under way east of here. */
async function listLastEditions(surroundings: Surroundings, days: number) {
  const [{ listHeldAhead }, { listEditionProgress }] = await Promise.all([
    import('../ledger/hold-edition.ts'),
    import('../ledger/reports/edition-progress.ts'),
  ]);
  const now = new Date();
  const to = addDays(utcDay(now), 1);
  const db = await openDb(surroundings);
  const editions = await listEditionProgress(db, { from: addDays(to, -days), to, now });
  return { editions, heldAhead: await listHeldAhead(db, { from: addDays(to, -2), begun: editions }) };
}

async function showEdition(
  surroundings: Surroundings,
  edition: string,
): Promise<EditionProgress & { reasons: ReasonCount[] }> {
  const { countReasons, listEditionProgress } = await import('../ledger/reports/edition-progress.ts');
  const db = await openDb(surroundings);
  const [progress] = await listEditionProgress(db, { from: edition, to: edition, now: new Date() });
  if (progress === undefined) throw new ConfigError(`No digest was promised for ${edition}`);
  return { ...progress, reasons: await countReasons(db, edition) };
}

/** One line. */
export function describeEdition({
  edition,
  hold,
  promised,
  perSecond,
  secondsLeft,
  ...counts
}: EditionProgress): string {
  const shown: [number, string][] = [
    [counts.planned, 'planned'],
    [counts.underWay, 'under way'],
    [counts.sent, 'sent'],
    [counts.nothingToSend, 'with nothing to send'],
    [counts.cancelled, 'cancelled'],
    [counts.deferred, 'put off'],
    [counts.rejected, 'refused'],
    [counts.unknown, 'unknown'],
    [counts.bounced, 'came back'],
  ];
  const facts = [
    `${promised} promised`,
    ...shown.flatMap(([count, words]) => (count === 0 ? [] : [`${count} ${words}`])),
    ...(perSecond < 0.05 ? [] : [`${perSecond.toFixed(1)}/s`]),
    ...(secondsLeft === null ? [] : [`${secondsLeft} s left`]),
  ];
  return `${edition}${hold === null ? '' : `  ${hold.toUpperCase()}`}  ${facts.join(', ')}\n`;
}

function parseDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 400)
    throw new InvalidArgumentError('It is not a number from 1 to 400.');
  return days;
}
