// The topics of this installation: the operator's file, or seeds/topics.yaml.
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Config, packageFolder } from '../config/config.ts';
import { ConfigError } from '../platform/errors.ts';
import {
  createPaperAssigner,
  createTopicAssigner,
  type PaperAssigner,
  type TopicAssigner,
} from './assign-topics.ts';

const own = join(packageFolder, 'seeds', 'topics.yaml');

/** Throws ConfigError with the line of a mistake in the file. */
export async function readTopics({ topicsFile }: Pick<Config, 'topicsFile'>): Promise<TopicAssigner> {
  const path = topicsFile ?? own;
  return createTopicAssigner(await readTopicsText(path), nameFile(path));
}

/** For a process in which they were read before: a mistake in the file shows when papers come. */
export async function readTopicsLater({ topicsFile }: Pick<Config, 'topicsFile'>): Promise<PaperAssigner> {
  const path = topicsFile ?? own;
  return createPaperAssigner(await readTopicsText(path), nameFile(path));
}

/** Its text, and what it is called in messages. Throws ConfigError when it cannot be read. */
export async function readCatalogue({
  topicsFile,
}: Partial<Pick<Config, 'topicsFile'>>): Promise<{ yaml: string; fileName: string }> {
  const path = topicsFile ?? own;
  return { yaml: await readTopicsText(path), fileName: nameFile(path) };
}

/** Throws ConfigError when it cannot be read. */
export async function readTopicsText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`The topics file ${path} cannot be read (${(error as Error).message})`);
  }
}

/** Short for what comes with the program. */
function nameFile(path: string): string {
  const inside = relative(packageFolder, path);
  return inside.startsWith('..') ? path : inside;
}
