// Learns at once, whether it is time or not; from more papers where a source is named.
import { TemporaryError } from '../../platform/errors.ts';
import { openDatabase } from '../../service/open-database.ts';
import { fillInDays } from '../../sources/run-fetch.ts';
import { dayAt } from '../../sources/timetable.ts';
import { addDays } from '../../text/days.ts';
import { readTopics } from '../../topics/topics-file.ts';
import { type Learnt, learn, placePapers } from '../../vectors/keep-vectors.ts';
import type { Surroundings } from '../run.ts';
import { chooseSource } from '../source-commands.ts';

export type FilledDay = { day: string; outcome: string | null; papers: number; reason: string | null };

const now = () => new Date();

/** Throws ConfigError for a source that is none, TemporaryError while another process learns. */
export async function learnNow(
  surroundings: Surroundings,
  { from, days, onDay }: { from: string | undefined; days: number; onDay: (day: FilledDay) => void },
): Promise<Learnt & { filledIn: number; days: FilledDay[]; placed: number }> {
  const { config, log, closer } = surroundings;
  const { db } = await openDatabase({ config, log }, closer);
  const filled: FilledDay[] = [];
  if (from !== undefined) {
    const { source, timetable } = chooseSource({ config, db }, from);
    const today = dayAt(timetable, now());
    const wanted = Array.from({ length: days }, (_, index) => addDays(today, -index - 1));
    const deps = { db, now, random: Math.random };
    for await (const fetch of fillInDays(deps, source, {
      days: wanted,
      signal: new AbortController().signal,
    })) {
      const { day, outcome, reason } = fetch;
      filled.push({ day, outcome, papers: fetch.new, reason });
      onDay({ day, outcome, papers: fetch.new, reason });
    }
    const topics = await readTopics(config);
    await topics.storeTopics(db);
    await topics.assignTopics(db);
  }
  const result = await learn({ db, now }, { isDue: ({ storedPapers }) => storedPapers > 0 });
  if (result.type === 'learning')
    throw new TemporaryError('Another process is learning: try again when it is done');
  const learnt = result.type === 'learnt' ? result.learnt : { papers: 0, terms: 0, dimensions: 0 };
  const placed = await placePapers({ db });
  return { ...learnt, filledIn: filled.reduce((sum, { papers }) => sum + papers, 0), days: filled, placed };
}
