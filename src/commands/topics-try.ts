// `topics try`: an author's look at a topic, and at how readers will see it.
import { resolve } from 'node:path';
import type { MatchablePaper } from '../matching/match.ts';
import { mergePapers } from '../papers/merge-papers.ts';
import { ConfigError } from '../platform/errors.ts';
import { parseTopicsFile, type Topic, type TopicGroup } from '../topics/read-topics.ts';
import { listNewestTexts } from '../topics/store.ts';
import { readCatalogue, readTopicsText } from '../topics/topics-file.ts';
import { type TriedTopic, tryTopic } from '../topics/try-topic.ts';
import { layOver, listWritten, type WrittenTopic } from '../topics/written/written.ts';
import { readPapers } from './read-papers.ts';
import { openDb, type Surroundings } from './run.ts';

export type TopicTrial = TriedTopic & {
  topic: { id: string; name: string; group: string | null; description: string };
};

/** Of the store, the newest. */
const mostTried = 1000;

/** `topic`: the id of one in force, or a file with one or more. Throws ConfigError for what is not there. */
export async function tryGiven(
  surroundings: Surroundings,
  { topic, against }: { topic: string; against: string },
): Promise<{ trials: TopicTrial[]; warnings: string[] }> {
  const { config } = surroundings;
  const { papers, written, warnings } = await readAgainst(surroundings, against);
  const { yaml, fileName } = await readCatalogue(config);
  const { topics, groups } = layOver(parseTopicsFile(yaml, fileName), written);
  const chosen = /\.ya?ml$/i.test(topic)
    ? parseTopicsFile(await readTopicsText(resolve(config.workingFolder, topic)), topic, groups)
    : { topics: [findTopic(topics, topic)], groups };
  const others = topics.filter(({ id }) => !chosen.topics.some((one) => one.id === id));
  const all = [...chosen.topics, ...others];
  const trials = chosen.topics.map((one) => ({
    topic: preview(one, chosen.groups),
    ...tryTopic(one, { topics: all, papers }),
  }));
  return { trials, warnings };
}

/** With a listing, or a folder of them, no service is reached, and the topics are those of the file. */
async function readAgainst(
  surroundings: Surroundings,
  against: string,
): Promise<{ papers: readonly MatchablePaper[]; written: WrittenTopic[]; warnings: string[] }> {
  if (against !== 'store') {
    const { workingFolder } = surroundings.config;
    const { papers, warnings } = await readPapers(against, { workingFolder, now: new Date() });
    return { papers: mergePapers([], papers).map(({ merged }) => merged), written: [], warnings };
  }
  const db = await openDb(surroundings);
  return { papers: await listNewestTexts(db, mostTried), written: await listWritten(db), warnings: [] };
}

function findTopic(topics: readonly Topic[], id: string): Topic {
  const topic = topics.find((one) => one.id === id);
  if (topic === undefined)
    throw new ConfigError(
      `There is no topic “${id}”. Name a file such as my-topic.yaml, or one of these: ${topics.map((one) => one.id).join(', ')}`,
    );
  return topic;
}

/** As the form and the topics page show it. */
function preview(
  { id, name, group, description }: Topic,
  groups: readonly TopicGroup[],
): TopicTrial['topic'] {
  return { id, name, group: groups.find((one) => one.id === group)?.name ?? null, description };
}

export function writeTrial({ topic, papers, found, missed, unused }: TopicTrial): string {
  const line = (one: (typeof found)[number]) =>
    `  ${one.share.toFixed(2)}  ${one.nearness === null ? '' : `near ${one.nearness.toFixed(1)}  `}${one.title}\n` +
    (one.because.length === 0 ? '' : `        ${one.because.join(', ')}\n`);
  return [
    `As readers see it${topic.group === null ? '' : `, under ${topic.group}`}:\n`,
    `  [ ] ${topic.name}\n      ${topic.description}\n\n`,
    `Finds ${found.length} of ${papers} papers:\n`,
    ...found.map(line),
    missed.length === 0 ? '\nNo paper is narrowly missed.\n' : '\nNarrowly missed:\n',
    ...missed.map((one) => `${line(one)}        ${one.why}\n`),
    ...(unused.length === 0 ? [] : ['\nNo paper has:\n', ...unused.map((text) => `  ${text}\n`)]),
  ].join('');
}
