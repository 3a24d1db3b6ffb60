// What comes back, and addresses that get no mail, by an operator's hand or that of their mail server.

import { type BounceOutcome, recordBounce } from '../bounces/record-bounce.ts';
import type { Config } from '../config/config.ts';
import { TemporaryError } from '../platform/errors.ts';
import type { Logger } from '../platform/logger.ts';
import type { Closer } from '../service/closer.ts';
import { openBounceTokens } from '../service/open-bounces.ts';
import { openDatabase, openTokens } from '../service/start.ts';
import {
  addSuppression,
  liftSuppression,
  listSuppressions,
  type Suppression,
} from '../subscribers/suppression-store.ts';
import { readBytes } from './read-bytes.ts';

type Surroundings = { config: Config; log: Logger };

/** As JSON has it. */
export type ReadBounce = BounceOutcome extends infer Each
  ? Each extends { deliveryId: bigint }
    ? Omit<Each, 'deliveryId'> & { deliveryId: string }
    : Each
  : never;

const largestMail = 10 * 1024 * 1024;

/** Once the mail is read, throws nothing but TemporaryError: a mail server that pipes to us is to keep it. */
export async function readBounceFile(
  { config, log }: Surroundings,
  file: string,
  closer: Closer,
): Promise<ReadBounce> {
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

const suppressionsPerStep = 1000;

export async function* walkSuppressions(
  surroundings: Surroundings,
  closer: Closer,
): AsyncGenerator<Suppression> {
  const { db } = await openDatabase(surroundings, closer);
  for (let after = ''; ; ) {
    const suppressions: Suppression[] = await listSuppressions(db, { after, limit: suppressionsPerStep });
    yield* suppressions;
    after = suppressions.at(-1)?.email ?? '';
    if (suppressions.length < suppressionsPerStep) return;
  }
}

export async function liftAddress(
  surroundings: Surroundings,
  email: string,
  closer: Closer,
): Promise<boolean> {
  const { db } = await openDatabase(surroundings, closer);
  return db.$transaction((tx) => liftSuppression(tx, { email, now: new Date() }));
}

export async function suppressAddress(
  surroundings: Surroundings,
  email: string,
  closer: Closer,
): Promise<boolean> {
  const { db } = await openDatabase(surroundings, closer);
  return addSuppression(db, { email, reason: 'added by the operator', now: new Date() });
}
