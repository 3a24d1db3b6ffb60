// /api/v1/topics/trials: a draft of a topic, before it is put into the topics file.
import { z } from 'zod';
import { tryDraft } from '../../http/try-draft.ts';
import type { Route } from '../route.ts';
import { words } from '../shapes.ts';
import { defineKeyRoute, refuse } from './key-route.ts';

const most = { lines: 100, characters: 1000 };
const line = words(most.characters);

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
    details: 'Nothing is stored: topics come from the file alone. It takes seconds, a minute at most.',
    scope: 'topics:read',
    mostBytes: 64 * 1024,
    body: z.strictObject({
      id: line.describe('That of a topic there is stands in its place.'),
      name: line,
      group: line.default('').describe('The id of one that there is; empty: none.'),
      description: line,
      phrases: z.array(line).max(most.lines).default([]),
      examples: z.array(line).max(most.lines).default([]).describe('Titles that its papers could have.'),
      further: z.string().max(16_000).default('').describe('Whatever else the file may say of it, as YAML.'),
    }),
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
];
