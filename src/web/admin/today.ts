// /admin: is today all right? What wants a hand comes first, with its remedy.
import type { RequestHandler } from 'express';
import { countReasons, listEditionProgress } from '../../ledger/edition-progress.ts';
import { findRemedy, type OutcomeCode } from '../../ledger/outcome-codes.ts';
import { listSourceStates } from '../../sources/source-states.ts';
import { countReaders, countReadersByDay } from '../../subscribers/search-readers.ts';
import { addDays, utcDay } from '../../text/days.ts';
import { editionColumns, viewEdition } from './editions.ts';
import { type AdminDeps, type Section, sendAdminPage } from './page.ts';

const shownDays = 7;
const chartDays = 30;

export function getToday(deps: AdminDeps): RequestHandler {
  const { db, now, links } = deps;
  return async (_request, response) => {
    const today = utcDay(now());
    const to = addDays(today, 1);
    const [editions, readers, byDay, sources, stalled] = await Promise.all([
      listEditionProgress(db, { from: addDays(to, -shownDays), to, now: now() }),
      countReaders(db),
      countReadersByDay(db, { days: chartDays, now: now() }),
      listSourceStates(db, { sources: deps.sources, now: now() }),
      deps.health.ready(),
    ]);
    const warnings: (Section & { type: 'warnings' })['warnings'] = [];
    for (const part of stalled) warnings.push({ text: `Not well: ${part}`, remedy: 'The log says more.' });
    for (const { edition, unknown, hold, ...counts } of editions) {
      const href = links.admin(`/editions/${edition}`);
      if (unknown > 0)
        warnings.push({
          text: `${unknown} mails of ${edition} may or may not have left`,
          remedy: 'Look into the log of the mail server, then settle them.',
          href,
        });
      if (hold === 'paused')
        warnings.push({
          text: `The edition of ${edition} is paused`,
          remedy: 'Let it go on, or cancel it.',
          href,
        });
      const left = counts.planned + counts.deferred;
      if (left > 0 && edition < addDays(today, -1))
        warnings.push({ text: `${left} digests of ${edition} have not left yet`, remedy: null, href });
    }
    const newest = editions[0];
    for (const { reason, count, state } of newest ? await countReasons(db, newest.edition) : []) {
      const remedy = findRemedy(reason as OutcomeCode);
      if (remedy === null || newest === undefined) continue;
      const href = links.admin(`/deliveries?edition=${newest.edition}&reason=${reason}`);
      warnings.push({ text: `${count} ${state}: ${reason.replaceAll('_', ' ')}`, remedy, href });
    }
    for (const { name, isOn, fetches } of sources) {
      const last = fetches[0];
      if (!isOn || last?.outcome !== 'failed') continue;
      warnings.push({
        text: `${name}: ${last.reason ?? 'the last fetch failed'}`,
        remedy: null,
        href: links.admin('/sources'),
      });
    }
    sendAdminPage(deps, response, {
      title: warnings.length === 0 ? 'Today all is well' : 'Today wants a look',
      // A week of deliveries is counted for it.
      liveSeconds: 60,
      sections: [
        ...(warnings.length === 0
          ? []
          : [{ type: 'warnings' as const, title: 'What wants a hand', warnings }]),
        {
          type: 'figures',
          title: 'Readers',
          figures: [
            {
              label: 'read',
              value: readers.active,
              tone: 'good',
              href: links.admin('/readers?status=active'),
            },
            { label: 'not confirmed', value: readers.pending, href: links.admin('/readers?status=pending') },
            { label: 'left', value: readers.unsubscribed, href: links.admin('/readers?status=unsubscribed') },
            { label: 'suppressed', value: readers.suppressed, href: links.admin('/suppressions') },
          ],
        },
        {
          type: 'table',
          title: 'The last editions',
          columns: editionColumns,
          rows: editions.map((edition) => viewEdition(edition, links)),
          empty: 'No digest was promised in the last days.',
        },
        {
          type: 'bars',
          title: `Confirmed and left, ${chartDays} days`,
          bars: {
            series: ['confirmed', 'left'],
            days: byDay.map(({ day, confirmed, left }) => ({ day, values: [confirmed, left] })),
          },
        },
        {
          type: 'table',
          title: 'Sources',
          columns: ['Source', 'Last fetch', 'Came to', 'New papers', 'Next'],
          rows: sources
            .filter(({ isOn }) => isOn)
            .map(({ name, fetches: [last], nextTryAt }) => [
              name,
              last?.startedAt ?? null,
              last === undefined
                ? null
                : { text: last.outcome ?? 'under way', tone: last.outcome === 'failed' ? 'bad' : 'good' },
              last?.new ?? null,
              nextTryAt,
            ]),
          empty: 'No source is on: papers come by “papers import”.',
        },
      ],
    });
  };
}
