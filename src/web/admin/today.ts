// /admin: is today all right? What wants a hand comes first, with its remedy.
import type { RequestHandler } from 'express';
import { countReadersByDay } from '../../subscribers/search-readers.ts';
import { lookAtToday } from '../http/look-at-today.ts';
import { editionColumns, viewEdition } from './editions.ts';
import { type AdminDeps, sendAdminPage } from './page.ts';

const chartDays = 30;

export function getToday(deps: AdminDeps): RequestHandler {
  const { db, now, links } = deps;
  return async (_request, response) => {
    const [today, byDay] = await Promise.all([
      lookAtToday(deps),
      countReadersByDay(db, { days: chartDays, now: now() }),
    ]);
    const { editions, readers, sources } = today;
    const warnings = today.warnings.map(({ text, remedy, page }) => ({
      text,
      remedy,
      ...(page === null ? {} : { href: links.admin(page) }),
    }));
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
          empty: 'No source is on: papers come by `papers import`.',
        },
      ],
    });
  };
}
