// Where papers come from: how the last fetches went, and having a source asked again without waiting for its time.
import type { RequestHandler } from 'express';
import { askSoon } from '../../sources/fetch-store.ts';
import { listSourceStates } from '../../sources/source-states.ts';
import { type AdminDeps, sendAdminPage } from './page.ts';

export function getSources(deps: AdminDeps): RequestHandler {
  const { db, now } = deps;
  return async (_request, response) => {
    const sources = await listSourceStates(db, { sources: deps.sources, now: now() });
    const asked = listAsked(deps);
    sendAdminPage(deps, response, {
      title: 'Sources',
      lead: 'Where papers come from. `papers fetch --source <source>` asks one for any day, one that is off as well.',
      sections: [
        ...(asked.length === 0
          ? []
          : [
              {
                type: 'actions' as const,
                title: 'Your hand on it',
                forms: [
                  {
                    action: 'source-ask',
                    label: 'Fetch now',
                    hidden: {},
                    fields: [
                      {
                        name: 'source',
                        label: 'Source',
                        options: asked.map(({ id, name }) => ({ value: id, label: name })),
                      },
                    ],
                  },
                ],
              },
            ]),
        ...sources.map(({ id, name, isOn, nextTryAt, fetches }) => ({
          type: 'table' as const,
          title: `${name} (${id}): ${isOn ? 'on' : 'off'}${nextTryAt === null ? '' : `, next ${nextTryAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`}`,
          columns: ['Begun', 'Day', 'Came to', 'New', 'Known', 'Updated', 'Warnings', 'Why'],
          rows: fetches.map((fetch) => [
            fetch.startedAt,
            fetch.day,
            {
              text: fetch.outcome ?? 'under way',
              tone: fetch.outcome === 'failed' ? ('bad' as const) : ('good' as const),
            },
            fetch.new,
            fetch.known,
            fetch.updated,
            fetch.warnings.length,
            fetch.reason,
          ]),
          empty: 'It was never asked.',
        })),
      ],
    });
  };
}

/** Those that workers ask by a timetable. */
const listAsked = ({ sources }: Pick<AdminDeps, 'sources'>) =>
  sources.flatMap(({ source, isOn }) => (isOn && source.timetable !== null ? [source] : []));

const askedWords: Readonly<Record<Awaited<ReturnType<typeof askSoon>>, string>> = {
  due: 'A worker asks it within a minute.',
  'under way': 'It is being asked at this moment.',
  never: 'It was never asked: a worker begins with it by itself.',
};

export async function askSource(
  { db, now, sources }: AdminDeps,
  { source: id }: { source: string },
): Promise<{ target: string; result: string }> {
  const source = listAsked({ sources }).find((one) => one.id === id);
  if (source === undefined)
    return { target: 'a source', result: 'Not done. There is none of that name that is on.' };
  return { target: source.id, result: askedWords[await askSoon(db, { source: source.id, now: now() })] };
}
