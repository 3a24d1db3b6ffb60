// The operator's topics, out of seeds/topics.yaml.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../config/config.ts';
import { createTopicAssigner, type TopicAssigner } from './assign-topics.ts';

/** Throws ConfigError with the line of a mistake in the file. */
export async function readTopics(): Promise<TopicAssigner> {
  const path = join(packageFolder, 'seeds', 'topics.yaml');
  return createTopicAssigner(await readFile(path, 'utf8'), 'seeds/topics.yaml');
}
