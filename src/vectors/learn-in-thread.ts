// Learns in a thread of its own, which ends with its answer.
import type { MatchablePaper } from '../matching/match.ts';
import { askThread } from '../platform/thread.ts';
import type { VectorModel } from './learn.ts';

/** Rejects when the thread dies, be it of `signal`. */
export function learnInThread(papers: readonly MatchablePaper[], signal?: AbortSignal): Promise<VectorModel> {
  return askThread<VectorModel>('learn-thread', import.meta.url, { data: papers, signal });
}
