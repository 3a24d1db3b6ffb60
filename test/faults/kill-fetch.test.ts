// kill -9 while sources are fetched, at moments that chance picks: every paper is there once, and counted once.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { printApiPage, printRss } from '../sources/arxiv/print-feed.ts';
import { forkScript } from '../support/build.ts';
import { faultSize } from '../support/fault-sizes.ts';
import type { Begin, IngestSettings } from '../support/ingest-process.ts';
import { hfEntry } from '../support/live-sources.ts';
import { printListing } from '../support/print-listing.ts';
import { createSeededRandom } from '../support/random.ts';
import { json, type Reply, type SourceServer, startSourceServer, xml } from '../support/source-server.ts';
import { createWorld, expertPaper, type World } from '../support/world.ts';

/** After each kill the clock goes on by a quarter of an hour, and what is fetched is to stay what it was. */
const mostKillsADay = 20;
const days = Math.ceil(faultSize('KILLS') / mostKillsADay);
const kills = Math.ceil(faultSize('KILLS') / days);
const timeoutMs = 240_000 + kills * 10_000;

let world: World;
let server: SourceServer;
let folder: string;
beforeEach(async () => {
  [world, server, folder] = await Promise.all([
    createWorld(),
    startSourceServer(),
    mkdtemp(join(tmpdir(), 'paperround-kill-')),
  ]);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await server.close();
  await world.close();
});

async function boot(): Promise<ChildProcess> {
  const settings: IngestSettings = { databaseUrl: world.databaseUrl, serverUrl: server.url, folder };
  const child = await forkScript('test/support/ingest-process.ts', [JSON.stringify(settings)]);
  await once(child, 'message');
  return child;
}

const hfIds = (day: string) =>
  Array.from({ length: 130 }, (_, index) => `26${day.slice(5, 7)}.${day.slice(8)}${100 + index}`);

/** Two days of Hugging Face on two pages each; arXiv's feed and API, which know half of the same papers. */
function play(): void {
  const slowly =
    (reply: Reply): Reply =>
    (response) => {
      if (typeof reply === 'function') return reply(response);
      setTimeout(() => response.writeHead(200, reply.headers).end(reply.body), 100);
    };
  server.otherwise((url) => {
    const { searchParams } = url;
    if (url.pathname === '/api/daily_papers') {
      const [day = '', page] = [searchParams.get('date') ?? '', Number(searchParams.get('p'))];
      return slowly(
        json(
          hfIds(day)
            .slice(page * 100, page * 100 + 100)
            .map((id) => hfEntry(id, { day })),
        ),
      );
    }
    const [older, newer] = [hfIds('2026-03-02'), hfIds('2026-03-03')].map((ids) => [
      ...ids.slice(0, 60),
      `${ids[0]?.slice(0, 7)}999`,
    ]);
    if (url.pathname !== '/api/query')
      return slowly(xml(printRss((newer ?? []).map((id) => ({ id, title: `Paper ${id}` })))));
    const start = Number(searchParams.get('start'));
    // Submitted in the window of 2 March: others are not taken for that day's.
    const published = '2026-02-27T12:00:00Z';
    const entries = (older ?? [])
      .slice(start, start + 40)
      .map((id) => ({ id, title: `Paper ${id}`, published }));
    return slowly(xml(printApiPage(entries, 61)));
  });
}

test.each(Array.from({ length: days }, (_, index) => index + 1))(
  'a process that is killed again and again (day %i)',
  { timeout: timeoutMs },
  async () => {
    const random = createSeededRandom('killing fetches');
    play();
    const listed = Array.from({ length: 5 }, (_, index) => expertPaper(`folder ${index}`));
    await writeFile(
      join(folder, 'papers-2026-03-03.txt'),
      printListing({ date: '2026-03-03', papers: listed }),
    );
    await utimes(join(folder, 'papers-2026-03-03.txt'), 0, 0);

    let now = new Date('2026-03-03T09:00:00Z');
    for (let killed = 0; killed <= kills; killed += 1) {
      const child = await boot();
      const begin: Begin = { now: now.toISOString() };
      child.send(begin);
      if (killed < kills) await Promise.race([sleep(random.below(1500)), once(child, 'message')]);
      else await once(child, 'message');
      child.kill('SIGKILL');
      await once(child, 'exit');
      // By then nobody believes in what it had begun.
      now = new Date(now.getTime() + 16 * 60_000);
      await world.db.hostLock.deleteMany();
    }

    const papers = await world.db.paper.findMany({ orderBy: { seq: 'asc' } });
    const ids = ['2026-03-02', '2026-03-03'].flatMap((day) => [
      ...hfIds(day),
      `${hfIds(day)[0]?.slice(0, 7)}999`,
    ]);
    expect(
      papers
        .map(({ key }) => key)
        .filter((key) => key.startsWith('arxiv:'))
        .sort(),
    ).toEqual(ids.map((id) => `arxiv:${id}`).sort());
    expect(papers).toHaveLength(ids.length + listed.length);
    const { _sum } = await world.db.sourceFetch.aggregate({ _sum: { newPapers: true } });
    expect(_sum.newPapers).toBe(papers.length);
    expect(await readdir(join(folder, 'imported'))).toEqual(['papers-2026-03-03.txt']);
    const places = await world.db.listing.findMany({
      select: { source: true, _count: { select: { papers: true } } },
    });
    expect(places.map(({ source, _count }) => `${source} ${_count.papers}`).sort()).toEqual([
      'arxiv 61',
      'arxiv 61',
      'folder:papers-2026-03-03.txt 5',
      'hf 130',
      'hf 130',
    ]);
  },
);
