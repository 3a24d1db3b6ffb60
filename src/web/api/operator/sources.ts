// /api/v1/sources: where papers come from; and who follows which topic.
import { z } from 'zod';
import { askSoon } from '../../../sources/fetch-store.ts';
import { listSourceStates } from '../../../sources/source-states.ts';
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
    summary: 'Ask a source again, without waiting for its time',
    details: 'A worker asks it within a minute; `GET /sources` tells how it went.',
    scope: 'sources:write',
    params: z.object({ id: z.string().max(300) }),
    body: z.strictObject({}),
    problems: [409],
    status: 202,
    says: '`never`: it was never asked, and a worker begins with it by itself.',
    answer: z.object({ state: z.enum(['due', 'under way', 'never']) }),
    tell: ({ state }) => state,
    async act({ db, now, sources }, { params: { id } }) {
      const opened = sources.find((each) => each.source.id === id);
      if (opened === undefined) return gone;
      if (!opened.isOn || opened.source.timetable === null)
        return refuse(409, 'It is off, or has no timetable: it is looked at all the time.');
      return { state: await askSoon(db, { source: id, now: now() }) };
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
