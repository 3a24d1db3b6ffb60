// A watched folder with real files: what is taken, what is left alone, and where it all goes.
import { spawnSync } from 'node:child_process';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hfEntry, type LiveSources, openLiveSources } from '../../support/live-sources.ts';
import { printListing } from '../../support/print-listing.ts';
import { createWorld, expertPaper, type World } from '../../support/world.ts';

const abstract =
  'We train sparse mixture-of-experts models for many animals, and balance their experts with care.';
const listing = printListing({
  date: '2026-03-03',
  papers: ['Fish', 'Birds', 'Cats'].map((about) => ({
    ...expertPaper(about),
    abstract: `${abstract} They help ${about}.`,
  })),
});
const fileName = 'papers-2026-03-03.txt';

let world: World;
let parent: string;
let folder: string;
let sources: LiveSources;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'paperround-folder-'));
  folder = join(parent, 'listings');
  await mkdir(folder);
  sources = openLiveSources(world, 'http://127.0.0.1:9', { env: { LISTINGS_FOLDER: folder } });
});
afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
  await world.db.sourceFetch.deleteMany();
  await world.db.listing.deleteMany();
  await world.db.paper.deleteMany();
});

const wake = () => {
  world.clock.now = new Date();
  return sources.wake('folder');
};
const drop = async (name: string, text: string | Buffer, changedAt = new Date(Date.now() - 60_000)) => {
  await writeFile(join(folder, name), text);
  await utimes(join(folder, name), changedAt, changedAt);
};
const ls = async (path = '.') => (await readdir(join(folder, path))).sort();

describe('a listing', () => {
  test('is imported once, and moved away', async () => {
    await drop(fileName, listing);
    expect(await wake()).toMatchObject([
      { source: 'folder', day: '2026-03-03', outcome: 'ok', new: 3, known: 0, warnings: [], nextTryAt: null },
    ]);
    expect(await ls()).toEqual(['imported', 'refused']);
    expect(await readFile(join(folder, 'imported', fileName), 'utf8')).toBe(listing);
    expect(await world.db.listing.findMany()).toMatchObject([{ source: `folder:${fileName}` }]);
    expect(await world.db.paperTopic.count()).toBe(3);
    expect(await wake()).toEqual([]);
  });

  test('may be arXiv’s mail or an answer of Hugging Face’s API', async () => {
    const mail = [
      '\\\\\narXiv:2603.00007\nDate: Mon, 2 Mar 2026 10:00:00 GMT   (9kb)\n\nTitle: A Ferry\nAuthors: Ada Lovelace\nCategories: cs.LG\n\\\\\n  We cross.\n\\\\ ( https://arxiv.org/abs/2603.00007 ,  9kb)\n',
      '\\\\\narXiv:2603.00001\nreplaced with revised version Mon, 2 Mar 2026 10:00:00 GMT\n\nTitle: Gone\nAuthors: A\nComments: This paper has been withdrawn\n\\\\ ( https://arxiv.org/abs/2603.00001 ,  9kb)\n',
    ].join(`${'-'.repeat(78)}\n`);
    await drop('hf.json', JSON.stringify([hfEntry('2603.00001')]));
    await wake();
    await drop('cs.eml', mail);
    await wake();
    const papers = await world.db.paper.findMany({ orderBy: { seq: 'asc' } });
    expect(papers.map(({ arxivId, isWithdrawn }) => [arxivId, isWithdrawn])).toEqual([
      ['2603.00001', true],
      ['2603.00007', false],
    ]);
    const days = await world.db.listing.findMany({ orderBy: { source: 'asc' } });
    expect(days.map(({ source, date }) => [source, date.toISOString().slice(0, 10)])).toEqual(
      [
        ['folder:cs.eml', '2026-03-03'],
        ['folder:hf.json', '2026-03-03'],
      ].sort(),
    );
  });

  test('of a name that was there before keeps both', async () => {
    await drop(fileName, listing);
    await wake();
    await drop(fileName, listing);
    expect(await wake()).toMatchObject([{ outcome: 'ok', new: 0, known: 3 }]);
    expect(await ls('imported')).toEqual(['papers-2026-03-03-2.txt', fileName]);
  });

  test('is imported by the next process when one died before it was moved', async () => {
    await drop(fileName, listing);
    const request = {
      day: '2026-03-03',
      now: new Date(),
      findValidators: async () => null,
      signal: new AbortController().signal,
    };
    const { value } = await sources.get('folder').collect(request).next();
    if (value?.type !== 'papers') throw new Error('no papers');
    await world.list(value.day, value.papers);
    expect(await wake()).toMatchObject([{ outcome: 'ok', new: 0, known: 3 }]);
    expect(await ls('imported')).toEqual([fileName]);
  });

  test('makes the folder when it is not there yet', async () => {
    await rm(folder, { recursive: true });
    expect(await wake()).toEqual([]);
    expect(await ls()).toEqual(['imported', 'refused']);
  });
});

describe('a file that is being written', () => {
  test('is never imported by halves', async () => {
    const path = join(folder, fileName);
    const pieces = [0, 1, 2, 3].map((quarter) =>
      listing.slice(quarter * (listing.length / 4), (quarter + 1) * (listing.length / 4)),
    );
    for (const piece of pieces) {
      await appendFile(path, piece);
      await sleep(60);
      expect(await wake()).toEqual([]);
    }
    await sleep(250);
    expect(await wake()).toMatchObject([{ outcome: 'ok', new: 3 }]);
    expect(await readFile(join(folder, 'imported', fileName), 'utf8')).toBe(listing);
  });

  test('that changes between two looks waits, however old it says that it is', async () => {
    await drop(fileName, listing.slice(0, 900));
    const waking = wake();
    await sleep(20);
    await drop(fileName, listing);
    const fetches = [...(await waking), ...(await wake())];
    expect(fetches).toMatchObject([{ outcome: 'ok', new: 3 }]);
  });

  test.each(['.hidden.txt', 'listing.txt.part', 'listing.tmp', 'listing.txt~', 'listing.crdownload'])(
    'under the name %s is left alone',
    async (name) => {
      await drop(name, listing);
      expect(await wake()).toEqual([]);
      expect(await ls()).toContain(name);
    },
  );

  test('by a computer whose clock is ahead is imported all the same', async () => {
    await drop(fileName, listing, new Date(Date.now() + 3_600_000));
    expect(await wake()).toMatchObject([{ outcome: 'ok' }]);
  });
});

describe('a file that is no listing', () => {
  test.each([
    ['page.html', '<!doctype html><p>Papers</p>', /HTML/],
    ['empty.txt', '', /empty/i],
    ['picture.txt', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0]), /./],
  ])('%s is refused with a sentence, and keeps nobody', async (name, content, reason) => {
    await drop(name, content);
    await drop(`z-${fileName}`, listing);
    expect(await wake()).toMatchObject([
      { outcome: 'failed', reason: expect.stringMatching(reason), nextTryAt: null },
      { outcome: 'ok', new: 3 },
    ]);
    expect(await ls('refused')).toEqual([name, `${name}.why.txt`]);
    expect(await readFile(join(folder, 'refused', `${name}.why.txt`), 'utf8')).toMatch(reason);
  });
});

describe('nothing outside of the folder is followed:', () => {
  beforeEach(async () => {
    await writeFile(join(parent, 'secret.txt'), listing);
  });

  test('links, subfolders and pipes are left alone', async () => {
    await symlink(join(parent, 'secret.txt'), join(folder, fileName));
    await symlink(parent, join(folder, 'up'));
    await mkdir(join(folder, 'older'));
    await writeFile(join(folder, 'older', fileName), listing);
    spawnSync('mkfifo', [join(folder, 'pipe.txt')]);
    await sleep(250);
    expect(await wake()).toEqual([]);
    expect(await readFile(join(parent, 'secret.txt'), 'utf8')).toBe(listing);
  });

  test('a link in place of imported/ is told once, and nothing is moved there', async () => {
    await symlink(parent, join(folder, 'imported'));
    await drop(fileName, listing);
    expect(await wake()).toMatchObject([
      { outcome: 'failed', reason: expect.stringMatching(/imported is no folder: .* Move it away$/) },
    ]);
    expect(await wake()).toEqual([]);
    expect(await ls()).toContain(fileName);
    expect(await world.db.paper.count()).toBe(0);
  });
});

test('a folder that is none is told', async () => {
  await rm(folder, { recursive: true });
  await writeFile(folder, 'no folder');
  expect(await wake()).toMatchObject([
    {
      outcome: 'failed',
      reason: expect.stringMatching(/listings cannot be used \(EEXIST\): make it a folder/),
    },
  ]);
});
