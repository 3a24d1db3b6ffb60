// Each source as an operator sees it: on or off, what its last fetches gave, when it is asked next.
import type { DbOrTransaction } from '../platform/postgres/db.ts';
import { type Fetch, listDayRecords, listFetches } from './fetch-store.ts';
import type { Source } from './source.ts';
import { findNextTry } from './timetable.ts';

export type SourceState = {
  id: string;
  name: string;
  isOn: boolean;
  /** Null for one that is off, or that is looked at all the time. */
  nextTryAt: Date | null;
  /** Newest first. */
  fetches: Fetch[];
};

export type OpenedSource = { source: Source; isOn: boolean };

const shownFetches = 10;

export async function listSourceStates(
  db: DbOrTransaction,
  { sources, now }: { sources: readonly OpenedSource[]; now: Date },
): Promise<SourceState[]> {
  return Promise.all(
    sources.map(async ({ source: { id, name, timetable }, isOn }) => {
      const isTimed = isOn && timetable !== null;
      return {
        id,
        name,
        isOn,
        nextTryAt: isTimed ? findNextTry(timetable, await listDayRecords(db, id), now) : null,
        fetches: await listFetches(db, { source: id, limit: shownFetches }),
      };
    }),
  );
}
