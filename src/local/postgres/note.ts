// The note a PostgreSQL server leaves while it runs, postmaster.pid: which process it is, and on which port.
import { readFileSync, unlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import { hasErrorCode } from './system.ts';

/** `port` is null while the server starts. */
export type ServerNote = { text: string; pid: number; port: number | null };

/** Null if no server left one: none was started, or the last one ended in order. */
export async function readServerNote(cluster: Cluster): Promise<ServerNote | null> {
  const text = await readFile(noteFile(cluster), 'utf8').catch(() => null);
  if (text === null) return null;
  // Line 1 is the process, line 4 the port.
  const lines = text.split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  const port = Number.parseInt(lines[3] ?? '', 10);
  return Number.isNaN(pid) ? null : { text, pid, port: Number.isNaN(port) ? null : port };
}

const noteFile = (cluster: Cluster) => join(cluster.folder, 'data', 'postmaster.pid');

/** Removes the note unless it changed: a newer one is another start's. In one breath, lest one is put there in between. */
export function forgetServer(cluster: Cluster, seenText: string): void {
  try {
    if (readFileSync(noteFile(cluster), 'utf8') === seenText) unlinkSync(noteFile(cluster));
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  }
}
