// A thread whose work can wait gives way to the others of its process, where all want the same few cores.
import { readlinkSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import { basename } from 'node:path';

/** A tenth of the time that a thread of the usual priority gets beside it. */
const step = 10;

/** For this thread and those it starts later. Only Linux has threads with a priority of their own: elsewhere nothing changes. */
export function giveWay(): void {
  try {
    const thread = Number(basename(readlinkSync('/proc/thread-self')));
    setPriority(thread, Math.min(getPriority(thread) + step, constants.priority.PRIORITY_LOW));
  } catch {
    // It goes on as before.
  }
}
