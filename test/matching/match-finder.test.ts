import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMatchFinder, mostPapers } from '../../src/digests/match-finder.ts';
import { importListing } from '../../src/papers/import-listing.ts';
import { createWorld, expertPaper, type World } from '../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const question = { topics: [], queries: ['experts'], organizations: [], authors: [] };
const papers = (count: number, about: string) =>
  Array.from({ length: count }, (_, n) => expertPaper(`${about} ${n}`));

/** With topics that are not looked for: only their words count here. */
async function list(date: string, count: number): Promise<void> {
  await importListing(world, { source: date, date, papers: papers(count, date) });
  await world.db.paper.updateMany({ data: { topicsVersion: 'none' } });
}

test('a window holds papers of its days only, whatever their place in the line', async () => {
  await list('2026-03-02', 2);
  await list('2024-06-21', 3);
  await list('2026-03-01', 1);
  const found = await createMatchFinder(world).findMatches({
    after: 1,
    through: 6,
    listedFrom: '2026-03-01',
    ...question,
  });
  expect(found.map(({ paper: { firstListedOn } }) => firstListedOn)).toEqual(['2026-03-02', '2026-03-01']);
});

test('a window of an archive is cut to its newest days, and others have their turn while it is read', async ({
  onTestFinished,
}) => {
  for (const day of ['2026-02-27', '2026-02-26', '2026-02-28']) await list(day, 900);
  // A clock by which each paper takes longer than a turn may.
  let readAt = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    readAt += 11;
    return readAt;
  });
  const turns = countTurns();
  onTestFinished(() => {
    turns.stop();
    clock.mockRestore();
  });
  const found = await createMatchFinder(world).findMatches({
    after: 0,
    through: 2700,
    listedFrom: '2026-02-01',
    ...question,
  });
  const count = turns.stop();
  expect(found).toHaveLength(mostPapers);
  const ofDay = (day: string) => found.filter(({ paper }) => paper.firstListedOn === day).length;
  expect(['2026-02-28', '2026-02-27', '2026-02-26'].map(ofDay)).toEqual([900, 900, 200]);
  // Between two papers, each time. Answers of the database alone make a dozen.
  expect(count).toBeGreaterThan(mostPapers - 1);
});

/** How often the event loop came round. */
function countTurns(): { stop(): number } {
  let count = 0;
  let next = setImmediate(function turn() {
    count += 1;
    next = setImmediate(turn);
  });
  return {
    stop() {
      clearImmediate(next);
      return count;
    },
  };
}

test('what readers are shown beside their mails is of the newest days, not of what was filled in last', async () => {
  await list('2026-03-02', 2);
  await list('2024-06-21', 3);
  const found = await createMatchFinder(world).findMatchesOfNewest({ count: 3, ...question });
  expect(found.map(({ paper: { firstListedOn } }) => firstListedOn)).toEqual([
    '2026-03-02',
    '2026-03-02',
    '2024-06-21',
  ]);
});
