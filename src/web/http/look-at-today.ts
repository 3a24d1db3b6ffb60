// Is today all right? What wants a hand, with its remedy: for the console and for programs.

import { findRemedy, type OutcomeCode } from '../../ledger/outcome-codes.ts';
import {
  countReasons,
  type EditionProgress,
  listEditionProgress,
} from '../../ledger/reports/edition-progress.ts';
import { listServerStates, type ServerState } from '../../smtp/servers/states.ts';
import { listSourceStates, type SourceState } from '../../sources/source-states.ts';
import { countReaders, type ReaderCounts } from '../../subscribers/search-readers.ts';
import { addDays, utcDay } from '../../text/days.ts';
import { listEndpoints } from '../../webhooks/endpoints.ts';
import type { WebDeps } from './deps.ts';

export type TodaysWarning = {
  text: string;
  remedy: string | null;
  /** Where the console has more: a path below /admin. */
  page: string | null;
};

export type Today = {
  warnings: TodaysWarning[];
  /** The last days', the newest first. */
  editions: EditionProgress[];
  readers: ReaderCounts;
  sources: SourceState[];
};

const shownDays = 7;

export async function lookAtToday({
  db,
  now,
  health,
  sources: opened,
}: Pick<WebDeps, 'db' | 'now' | 'health' | 'sources'>): Promise<Today> {
  const today = utcDay(now());
  const to = addDays(today, 1);
  const [editions, readers, sources, stalled, endpoints, servers] = await Promise.all([
    listEditionProgress(db, { from: addDays(to, -shownDays), to, now: now() }),
    countReaders(db),
    listSourceStates(db, { sources: opened, now: now() }),
    health.ready(),
    listEndpoints(db),
    listServerStates(db, now()),
  ]);
  const [newest] = editions;
  const reasons = newest === undefined ? [] : await countReasons(db, newest.edition);
  return {
    editions,
    readers,
    sources,
    warnings: [
      ...stalled.map((part) => ({ text: `Not well: ${part}`, remedy: 'The log says more.', page: null })),
      ...warnOfServers(servers),
      ...editions.flatMap((edition) => warnOfEdition(edition, { today })),
      ...reasons.flatMap(({ reason, count, state }) => {
        const remedy = findRemedy(reason as OutcomeCode);
        // Those that are unknown are told of with their edition.
        if (remedy === null || state === 'unknown') return [];
        const page = `/deliveries?edition=${newest?.edition}&reason=${reason}`;
        return [{ text: `${count} ${state}: ${reason.replaceAll('_', ' ')}`, remedy, page }];
      }),
      ...endpoints.flatMap(({ url, disabledAt, disabledBecause }) =>
        disabledAt === null
          ? []
          : [
              {
                text: `The webhook to ${new URL(url).host} is disabled: ${disabledBecause}`,
                remedy: 'Mend what answers there, then enable it: what waits is sent.',
                page: '/webhooks',
              },
            ],
      ),
      ...sources.flatMap(({ name, isOn, fetches: [last] }) => {
        if (!isOn || last?.outcome !== 'failed') return [];
        return [
          { text: `${name}: ${last.reason ?? 'the last fetch failed'}`, remedy: null, page: '/sources' },
        ];
      }),
    ],
  };
}

/** Each worker tells of each mail server. Those that none tells of, beside others, are of a setting before. */
function warnOfServers(servers: readonly ServerState[]): TodaysWarning[] {
  const page = '/mail';
  if (servers.length > 0 && servers.every(({ condition }) => condition === 'no worker'))
    return [{ text: 'No worker runs', remedy: 'Start one: until then nothing is planned or sent.', page }];
  return servers.flatMap(({ name, condition, lastError, remedy }) =>
    condition === 'paused' ? [{ text: `${name} is left alone for now: ${lastError}`, remedy, page }] : [],
  );
}

function warnOfEdition(
  { edition, unknown, hold, planned, deferred }: EditionProgress,
  { today }: { today: string },
): TodaysWarning[] {
  const page = `/editions/${edition}`;
  const left = planned + deferred;
  const warnings: (TodaysWarning | false)[] = [
    unknown > 0 && {
      text: `${unknown} ${unknown === 1 ? 'mail' : 'mails'} of ${edition} may or may not have left`,
      remedy: 'Look into the log of the mail server, then settle what it tells.',
      page,
    },
    hold === 'paused' && {
      text: `The edition of ${edition} is paused`,
      remedy: 'Let it go on, or cancel it.',
      page,
    },
    left > 0 &&
      edition < addDays(today, -1) && {
        text: `${left} ${left === 1 ? 'digest' : 'digests'} of ${edition} ${left === 1 ? 'has' : 'have'} not left yet`,
        remedy: null,
        page,
      },
  ];
  return warnings.filter((warning) => warning !== false);
}
