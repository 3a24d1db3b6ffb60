// The thread in which a draft of a topic is tried.
import { parentPort, workerData } from 'node:worker_threads';
import { findDraft } from './draft.ts';
import { parseTopicsFile } from './read-topics.ts';
import type { Ask, Catalogue } from './try-apart.ts';
import { tryTopic } from './try-topic.ts';
import { layOver } from './written/written.ts';

const { catalogue, ask } = workerData as { catalogue: Catalogue; ask: Ask };

function answer() {
  if (ask.type === 'find') return findDraft(catalogue.yaml, ask.id);
  const { topics } = layOver(parseTopicsFile(catalogue.yaml, catalogue.fileName), ask.written);
  return tryTopic(ask.topic, { topics, papers: ask.papers });
}

parentPort?.postMessage(answer());
