// /api/v1/topics: a draft of a topic, tried and stored; what is written, retired, and as in the file again.
import { z } from 'zod';
import {
  type Change,
  describeOutcome,
  putTopic,
  restoreTopic,
  retireTopic,
  type TopicOutcome,
  takeBackTopic,
} from '../../../topics/written/write-topic.ts';
import { listWritten } from '../../../topics/written/written.ts';
import { findTopicOfFile, tryDraft } from '../../http/try-draft.ts';
import type { ApiDeps, Route } from '../route.ts';
import { instant, words } from '../shapes.ts';
import { defineKeyRoute, gone, type Refusal, refuse } from './key-route.ts';

const most = { lines: 100, characters: 1000 };
const line = words(most.characters);

const draft = {
  id: line.describe('That of a topic there is stands in its place.'),
  name: line,
  group: line.default('').describe('The id of one that there is; empty: none.'),
  description: line,
  phrases: z.array(line).max(most.lines).default([]),
  examples: z.array(line).max(most.lines).default([]).describe('Titles that its papers could have.'),
  further: z.string().max(16_000).default('').describe('Whatever else the file may say of it, as YAML.'),
};

const seen = z
  .int()
  .min(0)
  .max(2_000_000_000)
  .optional()
  .describe('The version that this is a change of, 0 where nothing was written yet: another one is 409.');

const written = z
  .object({
    id: z.string(),
    definition: z.string().nullable().describe('An item of the topics file, as YAML; null: as in the file.'),
    retired: z.boolean(),
    version: z.int(),
    changedAt: instant,
    changedBy: z.string(),
  })
  .meta({ id: 'WrittenTopic', description: 'What was written of a topic: it counts before the file.' });

const stored = z.object({ version: z.int() }).meta({ id: 'StoredTopic' });

/** What is so already is no error: a request that is sent again changes nothing. */
function answerOutcome(outcome: TopicOutcome): z.output<typeof stored> | Refusal {
  switch (outcome.type) {
    case 'stored':
    case 'unchanged':
      return { version: outcome.version };
    case 'conflict':
      return refuse(409, describeOutcome(outcome));
    case 'refused':
      return refuse(422, describeOutcome(outcome));
    case 'unknown':
      return gone;
  }
}

function defineDeed(
  { name, ...facts }: { name: string; id: string; summary: string; details: string },
  deed: (deps: ApiDeps, change: Change) => Promise<TopicOutcome>,
): Route {
  return defineKeyRoute({
    method: 'post',
    path: `/topics/{id}/${name}`,
    ...facts,
    tag: 'papers',
    scope: 'topics:write',
    params: z.object({ id: z.string().max(64) }),
    body: z.strictObject({ seen }),
    problems: [409, 422],
    says: 'Its version then.',
    answer: stored,
    tell: ({ version }) => `version ${version}`,
    act: async (deps, { params: { id }, body, key }) =>
      answerOutcome(await deed(deps, { id, by: `key ${key.name}`, expected: body.seen ?? null })),
  });
}

const tried = {
  title: z.string(),
  share: z.number().describe('What its words are worth, of what is enough near the topic.'),
  nearness: z
    .number()
    .nullable()
    .describe('To the topic, in standard deviations; null: too little is known.'),
  because: z.array(z.string()).describe('The paper’s own words.'),
};

const trial = z
  .object({
    yaml: z.string().describe('For the list of topics in the file that `TOPICS_FILE` names.'),
    papers: z.int().describe('How many it was tried on: the newest.'),
    found: z.array(z.object(tried)),
    missed: z.array(z.object({ ...tried, why: z.string() })).describe('Narrowly.'),
    unused: z.array(z.string()).describe('Phrases that no paper has.'),
  })
  .meta({ id: 'TopicTrial' });

export const topicsRoutes: readonly Route[] = [
  defineKeyRoute({
    method: 'post',
    path: '/topics/trials',
    id: 'tryTopic',
    tag: 'papers',
    summary: 'What a draft of a topic finds among the newest papers, and what it narrowly misses',
    details: 'Nothing is stored. It takes seconds, a minute at most.',
    scope: 'topics:read',
    mostBytes: 64 * 1024,
    body: z.strictObject(draft),
    problems: [503],
    says: 'What became of it.',
    answer: trial,
    tell: ({ found, papers }) => `${found.length} of ${papers} papers found`,
    async act(deps, { body }) {
      const answer = await tryDraft(deps, body);
      switch (answer.type) {
        case 'refused':
          return refuse(422, `Not tried: ${answer.reason}.`);
        case 'busy':
          return refuse(503, 'Others try theirs at this moment. Try it again soon.');
        case 'too-long':
          return refuse(503, 'It took too long. Fewer phrases, or another time.');
        case 'tried':
          return { yaml: answer.yaml, ...answer.trial };
      }
    },
  }),
  defineKeyRoute({
    method: 'get',
    path: '/topics/written',
    id: 'listWrittenTopics',
    tag: 'papers',
    summary: 'The topics that were written, changed or retired here, and not in the file',
    scope: 'topics:read',
    says: 'All of them.',
    answer: z.object({ topics: z.array(written) }),
    act: async ({ db }) => ({ topics: await listWritten(db) }),
  }),
  defineKeyRoute({
    method: 'post',
    path: '/topics',
    id: 'storeTopic',
    tag: 'papers',
    summary: 'Store a topic: a new one, or in place of the one with its id',
    details:
      'Readers see it at once, papers follow within a minute or so. `POST /topics/trials` tells before what it finds.',
    scope: 'topics:write',
    mostBytes: 64 * 1024,
    body: z.strictObject({ ...draft, seen }),
    problems: [409, 422],
    says: 'Its version then.',
    answer: stored,
    tell: ({ version }) => `version ${version}`,
    async act(deps, { body: { seen: expected = null, ...given }, key }) {
      return answerOutcome(await putTopic(deps, { draft: given, by: `key ${key.name}`, expected }));
    },
  }),
  defineDeed(
    {
      name: 'retire',
      id: 'retireTopic',
      summary: 'Offer a topic to nobody, and give it to no paper',
      details: 'Nobody’s choice is deleted: it counts again when the topic is restored.',
    },
    retireTopic,
  ),
  defineDeed(
    {
      name: 'restore',
      id: 'restoreTopic',
      summary: 'Offer a retired topic again',
      details: 'As it was written, or as the file has it.',
    },
    async (deps, change) => restoreTopic(deps, { ...change, ofFile: await findTopicOfFile(deps, change.id) }),
  ),
  defineDeed(
    {
      name: 'take-back',
      id: 'takeBackTopic',
      summary: 'Have a topic as the file has it, whatever was written',
      details: 'What was written is forgotten.',
    },
    async (deps, change) =>
      takeBackTopic(deps, { ...change, ofFile: await findTopicOfFile(deps, change.id) }),
  ),
];
