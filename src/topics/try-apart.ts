// What a draft finds, and the draft that a topic of the file would be: in a thread, since the whole catalogue is read and
// weighed against hundreds of papers.
import type { MatchablePaper } from '../matching/match.ts';
import { askThread } from '../platform/thread.ts';
import type { TopicDraft } from './draft.ts';
import type { Topic } from './read-topics.ts';
import type { TriedTopic } from './try-topic.ts';
import type { WrittenTopic } from './written/written.ts';

/** Where the catalogue is, and what it is called in messages. */
export type Catalogue = { yaml: string; fileName: string };

export type Ask =
  | { type: 'try'; topic: Topic; papers: readonly MatchablePaper[]; written: readonly WrittenTopic[] }
  | { type: 'find'; id: string };

/** As `tryTopic` does, among all topics in force. Rejects when `signal` ends it. */
export function tryApart(
  catalogue: Catalogue,
  tried: { topic: Topic; papers: readonly MatchablePaper[]; written: readonly WrittenTopic[] },
  signal: AbortSignal,
): Promise<TriedTopic> {
  return askOf<TriedTopic>(catalogue, { type: 'try', ...tried }, signal);
}

export function findApart(catalogue: Catalogue, id: string, signal: AbortSignal): Promise<TopicDraft | null> {
  return askOf<TopicDraft | null>(catalogue, { type: 'find', id }, signal);
}

function askOf<Answer>(catalogue: Catalogue, ask: Ask, signal: AbortSignal): Promise<Answer> {
  return askThread<Answer>('try-thread', import.meta.url, { data: { catalogue, ask }, signal });
}
