// A file of readers, taken in step by step: each step is one transaction together with how far the file has come, so that killed
// anywhere the same file goes on where it ended, and nobody is taken in twice.
import type { Db } from '../../platform/postgres/db.ts';
import { readTable, type TableFormat } from '../../text/read-table.ts';
import { nameColumn } from './columns.ts';
import { createRowReader, type ReadOptions, type ReadReader } from './read-reader.ts';
import { type Stored, storeReaders } from './store-readers.ts';

export type ImportCounts = Stored & { rows: number; refused: number };

export type ImportFile = {
  name: string;
  /** Of the file and of how it is read; null: it cannot be read again, and is not gone on with. */
  fingerprint: string | null;
  chunks: AsyncIterable<string>;
  format: TableFormat | null;
};

const rowsPerStep = 5000;

/** `onRefused` is told of each row that is none, `onStep` of all so far. Nothing is changed by a trial. */
export async function importReaders(
  {
    db,
    now,
    onRefused,
    onStep,
  }: {
    db: Db;
    now: () => Date;
    onRefused: (row: { line: number; why: string; email: string }) => Promise<void>;
    onStep: (counts: ImportCounts) => void;
  },
  { file, options, isTrial }: { file: ImportFile; options: ReadOptions; isTrial: boolean },
): Promise<ImportCounts & { wentOn: boolean }> {
  const run = isTrial || file.fingerprint === null ? null : await openRun(db, { ...file, now: now() });
  const counts: ImportCounts = { ...noCounts, ...run?.counts };
  const done = run?.position ?? 0;
  const readRow = createRowReader(options);
  const table = readTable(file.chunks, {
    format: file.format,
    nameOf: (name) => nameColumn(options.map, name),
    key: 'email',
    headless: ['email'],
  });

  let step: ReadReader[] = [];
  const finishStep = async (isLast: boolean) => {
    const readers = step;
    step = [];
    const stored = await db.$transaction(async (tx) => {
      const result = await storeReaders(tx, { readers, now: now(), isTrial });
      if (run === null) return result;
      await tx.subscriberImport.update({
        where: { id: run.id },
        data: { position: counts.rows, counts: add(counts, result), finishedAt: isLast ? now() : null },
      });
      return result;
    });
    Object.assign(counts, add(counts, stored));
    onStep(counts);
  };

  let row = 0;
  for await (const { line, values } of table) {
    row += 1;
    if (row <= done) continue;
    counts.rows += 1;
    const read = typeof values === 'string' ? { type: 'refused' as const, why: values } : readRow(values);
    if (read.type === 'reader') step.push(read.reader);
    else {
      counts.refused += 1;
      await onRefused({ line, why: read.why, email: typeof values === 'string' ? '' : (values.email ?? '') });
    }
    if (counts.rows % rowsPerStep === 0) await finishStep(false);
  }
  await finishStep(true);
  return { ...counts, wentOn: done > 0 };
}

const noCounts: ImportCounts = { rows: 0, active: 0, toAsk: 0, known: 0, suppressed: 0, refused: 0 };

function add(counts: ImportCounts, stored: Stored): ImportCounts {
  const { active, toAsk, known, suppressed } = stored;
  return {
    ...counts,
    active: counts.active + active,
    toAsk: counts.toAsk + toAsk,
    known: counts.known + known,
    suppressed: counts.suppressed + suppressed,
  };
}

type Run = { id: string; position: number; counts: Partial<ImportCounts> };

/** One that was finished begins anew: what it holds is known by then. */
async function openRun(
  db: Db,
  { name, fingerprint, now }: Pick<ImportFile, 'name' | 'fingerprint'> & { now: Date },
): Promise<Run | null> {
  if (fingerprint === null) return null;
  const anew = { name, position: 0, counts: {}, startedAt: now, finishedAt: null };
  const known = await db.subscriberImport.findUnique({ where: { fingerprint } });
  if (known !== null && known.finishedAt === null)
    return { id: known.id, position: known.position, counts: known.counts as Partial<ImportCounts> };
  const { id } = await db.subscriberImport.upsert({
    where: { fingerprint },
    create: { fingerprint, ...anew },
    update: anew,
  });
  return { id, position: 0, counts: {} };
}
