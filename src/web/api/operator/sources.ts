// /api/v1/sources: where papers come from; and who follows which topic.
import { z } from 'zod';
import { fetchDay } from '../../../sources/run-fetch.ts';
import { listSourceStates } from '../../../sources/source-states.ts';
import { dayAt } from '../../../sources/timetable.ts';
import { countFollowers } from '../../../topics/store.ts';
import type { Route } from '../route.ts';
import { day, instant } from '../shapes.ts';
import { defineKeyRoute, gone, refuse } from './key-route.ts';

const fetchShape = z
  .object({
    day,
    startedAt: instant,
    finishedAt: instant.nullable(),
    outcome: z.string().nullable().describe('Null: it is under way.'),
    new: z.int(),
    known: z.int(),
    updated: z.int(),
    reason: z.string().nullable(),
    warnings: z.array(z.string()),
    nextTryAt: instant.nullable(),
  })
  .meta({ id: 'Fetch', description: 'A source that was asked for a day, and what came of it.' });

const source = z
  .object({
    id: z.string(),
    name: z.string(),
    isOn: z.boolean(),
    nextTryAt: instant.nullable(),
    fetches: z.array(fetchShape).describe('The last ones, the newest first.'),
  })
  .meta({ id: 'Source' });

const topic = z
  .object({
    id: z.string(),
    name: z.string(),
    retired: z.boolean(),
    followers: z.int(),
    papers: z.int(),
  })
  .meta({ id: 'FollowedTopic' });

export const sourcesRoutes: readonly Route[] = [
  defineKeyRoute({
    method: 'get',
    path: '/sources',
    id: 'listSources',
    tag: 'papers',
    summary: 'Each source: on or off, its last fetches, when it is asked next',
    scope: 'sources:read',
    says: 'All of them.',
    answer: z.object({ sources: z.array(source) }),
    act: async ({ db, now, sources }) => ({
      sources: await listSourceStates(db, { sources, now: now() }),
    }),
  }),
  defineKeyRoute({
    method: 'post',
    path: '/sources/{id}/fetch',
    id: 'fetchSource',
    tag: 'papers',
    summary: 'Ask a source for a day now',
    details: 'The answer does not wait for it, as it may take minutes: `GET /sources` tells how it went.',
    scope: 'sources:write',
    params: z.object({ id: z.string().max(300) }),
    body: z.strictObject({ day: day.optional().describe('Its current one, unless it is given.') }),
    problems: [409],
    status: 202,
    says: 'Which day is asked for.',
    answer: z.object({ day }),
    async act({ db, now, sources, logger }, { params: { id }, body }) {
      const opened = sources.find((each) => each.source.id === id);
      if (opened === undefined) return gone;
      const { timetable } = opened.source;
      if (timetable === null) return refuse(409, 'It has no days: it is looked at all the time.');
      const wanted = body.day ?? dayAt(timetable, now());
      const { signal } = new AbortController();
      // Killed meanwhile, it is taken up again by whoever looks what is due.
      fetchDay({ db, now, random: Math.random }, opened.source, { day: wanted, signal }).catch((error) =>
        logger.error({ err: error, source: id }, 'a source could not be fetched'),
      );
      return { day: wanted };
    },
  }),
  defineKeyRoute({
    method: 'get',
    path: '/topics/followers',
    id: 'listFollowers',
    tag: 'papers',
    summary: 'How many readers and papers each topic has, the most followed first',
    scope: 'topics:read',
    says: 'All of them, those that are no longer offered too.',
    answer: z.object({ topics: z.array(topic) }),
    act: async ({ db }) => ({ topics: await countFollowers(db) }),
  }),
];
