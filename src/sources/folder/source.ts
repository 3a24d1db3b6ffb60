// A folder in which listings are dropped: each file is imported once, when it is complete, and then moved away.

import { resolve } from 'node:path';
import { z } from 'zod';
import type { SourceKind } from '../kind.ts';
import { longestTitle } from '../listed-entry.ts';
import { describeWarning } from '../listing/listing.ts';
import { parsePapersFile } from '../papers-file.ts';
import type { Source, SourceAnswer, SourceRequest } from '../source.ts';
import { type FoundFile, findCompleteFiles, type Patience } from './find-files.ts';
import { openShelves, putAway } from './put-away.ts';
import { type FileContent, readDroppedFile } from './read-file.ts';

export const folder: SourceKind = {
  id: 'folder',
  chosenBy: 'LISTINGS_FOLDER',
  example: '/srv/paperround/listings',
  readSetting: (text) => ({ type: 'setting', setting: text ?? '' }),
  variables: {
    LISTINGS_FOLDER: { schema: z.string().min(1), example: '/srv/paperround/listings', unset: null },
  },
  lookEveryMs: 15_000,
  idOf: () => 'folder',
  nameForReaders: () => null,
  open: (setting, { rootFolder, patience }) =>
    createFolderSource({ folder: resolve(rootFolder, setting), patience }),
};

export const usualPatience: Patience = { quietMs: 20_000, lookMs: 1000 };
/** The rest comes with the next look. */
const filesAtOnce = 20;

export function createFolderSource({
  folder,
  patience,
}: {
  /** An absolute path. */
  folder: string;
  patience: Patience;
}): Source {
  return {
    id: 'folder',
    name: `Listings in ${folder}`,
    timetable: null,
    async *collect(request) {
      const trouble = await openShelves(folder);
      if (trouble !== null) {
        yield refuse(request.day, 'folder', trouble);
        return;
      }
      const files = await findCompleteFiles(folder, { patience, now: request.now });
      for (const file of files.slice(0, filesAtOnce)) {
        if (request.signal.aborted) return;
        const content = await readContent(file);
        // It will be complete at another look.
        if (content.type === 'changed') continue;
        const answer = readListing(file, content, request);
        try {
          yield answer;
        } catch {
          // Not stored: the file stays, and is tried again.
          continue;
        }
        const { name } = file;
        if (answer.type === 'failed')
          await putAway(folder, { name, shelf: 'refused', reason: answer.reason });
        else await putAway(folder, { name, shelf: 'imported', reason: null });
      }
    },
  };
}

async function readContent(file: FoundFile): Promise<FileContent> {
  try {
    return await readDroppedFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // It was taken away, or became a link.
    if (code === 'ENOENT' || code === 'ELOOP') return { type: 'changed' };
    return { type: 'refused', reason: `It cannot be read (${code}).` };
  }
}

function readListing(
  { name }: FoundFile,
  content: Exclude<FileContent, { type: 'changed' }>,
  { day }: SourceRequest,
): SourceAnswer {
  const listing = `folder:${name}`;
  if (content.type === 'refused') return refuse(day, listing, `${name}: ${content.reason}`);
  const parsed = parsePapersFile(content.bytes, { today: day, fileName: name });
  if (parsed.type === 'refused') return refuse(day, listing, `${name}: ${parsed.reason}`);
  const { date, withdrawn = [] } = parsed;
  const papers = parsed.papers.filter(({ title }) => [...title].length <= longestTitle);
  const damaged = parsed.papers.length - papers.length;
  const warnings = [
    ...parsed.warnings.map((warning) => name + describeWarning(warning)),
    ...(damaged === 0 ? [] : [`${name}: ${damaged} titles longer than a page are left out`]),
  ];
  const answer = { day: date, listing, withdrawn, warnings, validators: null };
  if (parsed.papers.length > 0) return { ...answer, type: 'papers', papers };
  return { ...answer, type: 'empty', reason: `${name} has only new versions of earlier papers` };
}

function refuse(day: string, listing: string, reason: string): SourceAnswer {
  return { type: 'failed', day, listing, reason, retryAfterMs: null, isFinal: true };
}
