// `bounces …`: what comes back.
import type { Command } from 'commander';
import type { BounceOutcome } from '../bounces/record-bounce.ts';
import { TemporaryError } from '../platform/errors.ts';
import { print, printJson, run, type Surroundings } from './run.ts';

export function addBounceCommands(program: Command): void {
  program
    .command('bounces')
    .description('mails that came back')
    .command('read')
    .description('read one mail that came back, and record what it says; exit code 75: try again later')
    .argument('<file>', 'the mail, or - for standard input')
    .option('--json', 'print one JSON document')
    .option(
      '--dry-run',
      'only print what it is taken to say, as JSON; nothing is recorded, no database is needed',
    )
    .action((file: string, { json, dryRun }: { json?: true; dryRun?: true }) =>
      run(async (surroundings) => {
        if (dryRun) return printJson(await examineBounceFile(surroundings, file));
        const outcome = await readBounceFile(surroundings, file);
        if (json) return printJson(outcome);
        print(`${describeBounce(outcome)}\n`);
      }),
    );
}

/** As JSON has it. */
type ReadBounce = BounceOutcome extends infer Each
  ? Each extends { deliveryId: bigint }
    ? Omit<Each, 'deliveryId'> & { deliveryId: string }
    : Each
  : never;

const largestMail = 10 * 1024 * 1024;

/** Once the mail is read, throws nothing but TemporaryError: a mail server that pipes to us is to keep it. */
export async function readBounceFile(
  { config, log, closer }: Surroundings,
  file: string,
): Promise<ReadBounce> {
  const [{ recordBounce }, { openBounceTokens }, { openDatabase, openTokens }, { readBytes }] =
    await Promise.all([
      import('../bounces/record-bounce.ts'),
      import('../service/open-bounces.ts'),
      import('../service/open-database.ts'),
      import('./read-bytes.ts'),
    ]);
  const raw = await readBytes(file, { workingFolder: config.workingFolder, atMost: largestMail });
  try {
    const { db } = await openDatabase({ config, log }, closer);
    const tokens = await openTokens(config);
    const deps = { db, tokens, bounceTokens: await openBounceTokens(config), now: () => new Date(), log };
    const outcome = await recordBounce(deps, { raw, deliveryId: null });
    return 'deliveryId' in outcome ? { ...outcome, deliveryId: String(outcome.deliveryId) } : outcome;
  } catch (error) {
    throw new TemporaryError(`Nothing is recorded, try again: ${(error as Error).message}`, { cause: error });
  }
}

/** What a mail is taken to say, whosever it is about. */
type ExaminedBounce = {
  type: 'bounce' | 'complaint' | 'ignored';
  /** As it is named in it. */
  recipient: string | null;
  status: string | null;
  /** Why it failed, or why it is ignored. */
  reason: string | null;
  /** What would count. */
  judgement: 'hard' | 'soft' | 'policy' | 'complaint' | 'ignored';
  /** What the server said. */
  text: string | null;
};

async function examineBounceFile({ config }: Surroundings, file: string): Promise<ExaminedBounce> {
  const [{ openMessage }, { examineBounce }, { readBytes }] = await Promise.all([
    import('../bounces/open-message.ts'),
    import('../bounces/read-bounce.ts'),
    import('./read-bytes.ts'),
  ]);
  const raw = await readBytes(file, { workingFolder: config.workingFolder, atMost: largestMail });
  const message = await openMessage(raw);
  const nothing = {
    type: 'ignored',
    judgement: 'ignored',
    recipient: null,
    status: null,
    text: null,
  } as const;
  if (message === null) return { ...nothing, reason: 'unreadable' };
  const reading = examineBounce(message);
  const { recipient } = reading;
  if (reading.kind === 'ignored') return { ...nothing, recipient, reason: reading.because };
  const { kind, status, diagnostic: text, cause } = reading;
  const type = kind === 'complaint' ? kind : 'bounce';
  return { type, recipient, status, reason: cause ?? text, judgement: kind, text };
}

export function describeBounce(outcome: ReadBounce): string {
  if (outcome.type === 'ignored') return `Ignored: ${outcome.because}`;
  const { kind, deliveryId, status, isNew, isSuppressed } = outcome;
  const facts = [
    `delivery ${deliveryId}`,
    ...(status === null ? [] : [status]),
    ...(isNew ? [] : ['known already']),
    ...(isSuppressed ? ['the address gets no mail any more'] : []),
  ];
  return `Recorded: ${kind} (${facts.join(', ')})`;
}
