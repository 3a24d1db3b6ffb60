// What readers and their programs ask the API for: signing up, and all that the token of a mailed link opens.
import { z } from 'zod';
import { createLinks } from '../../../platform/links.ts';
import { emailShape } from '../../../subscribers/preferences/parse-preferences.ts';
import { subscriberStatuses } from '../../../subscribers/subscriber.ts';
import { expandZoteroInJson } from '../../http/expand-zotero.ts';
import { readJson } from '../../http/read-body.ts';
import type { Route } from '../route.ts';
import { accepted, day, instant } from '../shapes.ts';
import { deleteData, getData, postAccountLink, postAddress, postCloseLinks } from './own-data.ts';
import { getFeed, postFeed } from './own-feed.ts';
import { paperShape } from './paper-shape.ts';
import { getPapers } from './papers.ts';
import { preferenceAnswers, preferenceFields } from './preference-shapes.ts';
import { postPreferencesLink } from './preferences-links.ts';
import { deleteSubscription, getSubscription, patchSubscription } from './subscription.ts';
import { postSubscription } from './subscriptions.ts';
import { getTopics } from './topics.ts';

const byPreferences = { type: 'reader', token: 'preferences' } as const;
const byAccount = { type: 'reader', token: 'account' } as const;
const tokenQuery = z.strictObject({
  token: z.string().optional().describe('Instead of the header `Authorization`.'),
});

const subscription = z
  .object({
    email: z.string(),
    status: z.enum(subscriberStatuses),
    ...preferenceAnswers,
    nextDigestAt: instant.nullable(),
    createdAt: instant,
    confirmedAt: instant.nullable(),
    unsubscribedAt: instant.nullable(),
  })
  .meta({ id: 'Subscription' });

const feeds = z.object({ atom: z.string(), json: z.string() }).meta({ id: 'Feeds' });

export const readerRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/subscriptions',
    id: 'signUp',
    tag: 'sign_up',
    summary: 'Sign up',
    details:
      'A mail with a button goes to the address; nothing else is sent before it was pressed. Neither the answer nor its time tells whether the address is known.',
    access: { type: 'open' },
    body: z.strictObject({
      email: emailShape,
      ...preferenceFields,
      altcha: z
        .string()
        .optional()
        .describe('Where a proof of work is asked for: the solved challenge of `GET /subscribe/challenge`.'),
    }),
    answer: { status: 202, says: 'A mail is on its way, unless the address is barred.', shape: accepted },
    problems: [429, 503],
    open: (deps, { limitMails, limitReceiver }) => [
      limitMails,
      readJson,
      expandZoteroInJson(deps),
      limitReceiver,
      postSubscription(deps),
    ],
  },
  {
    method: 'post',
    path: '/preferences-links',
    id: 'askForLink',
    tag: 'sign_up',
    summary: 'Have the link to one’s preferences mailed',
    access: { type: 'open' },
    body: z.object({ email: emailShape }),
    answer: { status: 202, says: 'A mail is on its way, if the address is subscribed.', shape: accepted },
    problems: [429, 503],
    open: (deps, { limitMails, limitReceiver }) => [
      limitMails,
      readJson,
      limitReceiver,
      postPreferencesLink(deps),
    ],
  },
  {
    method: 'get',
    path: '/topics',
    id: 'listTopics',
    tag: 'sign_up',
    summary: 'What can be followed',
    access: { type: 'open' },
    query: z.strictObject({}),
    answer: {
      status: 200,
      says: 'All topics, in the order of the form.',
      shape: z.object({
        topics: z.array(
          z.object({ id: z.string(), name: z.string(), description: z.string() }).meta({ id: 'Topic' }),
        ),
      }),
    },
    open: (deps, { share }) => share(getTopics(deps)),
  },
  {
    method: 'get',
    path: '/papers',
    id: 'listPapersOfDay',
    tag: 'sign_up',
    summary: 'What was listed on a day',
    access: { type: 'open' },
    query: z.strictObject({ date: day.optional().describe('The latest one unless it is given.') }),
    answer: {
      status: 200,
      says: 'The papers of the day.',
      shape: z.object({ date: day.nullable(), papers: z.array(paperShape) }),
    },
    open: (deps, { share }) => share(getPapers({ db: deps.db, links: createLinks(deps.config.baseUrl) })),
  },
  {
    method: 'get',
    path: '/subscription',
    id: 'getSubscription',
    tag: 'subscription',
    summary: 'What is set',
    access: byPreferences,
    query: tokenQuery,
    answer: { status: 200, says: 'The subscription.', shape: subscription },
    problems: [409],
    open: (deps) => getSubscription(deps),
  },
  {
    method: 'patch',
    path: '/subscription',
    id: 'changeSubscription',
    tag: 'subscription',
    summary: 'Set some of it',
    access: byPreferences,
    query: tokenQuery,
    body: z.strictObject(preferenceFields),
    answer: { status: 200, says: 'The subscription, as it is now.', shape: subscription },
    problems: [409, 429],
    open: (deps, { limitChanges }) => [
      limitChanges,
      readJson,
      expandZoteroInJson(deps),
      patchSubscription(deps),
    ],
  },
  {
    method: 'delete',
    path: '/subscription',
    id: 'unsubscribe',
    tag: 'subscription',
    summary: 'Unsubscribe',
    access: byPreferences,
    query: tokenQuery,
    answer: { status: 204, says: 'No digest comes any more.', shape: null },
    open: (deps) => deleteSubscription(deps),
  },
  {
    method: 'get',
    path: '/subscription/feed',
    id: 'getFeed',
    tag: 'subscription',
    summary: 'The addresses of one’s own feed',
    access: byPreferences,
    query: tokenQuery,
    answer: { status: 200, says: 'As Atom, and as JSON Feed.', shape: feeds },
    problems: [409],
    open: (deps) => getFeed(deps),
  },
  {
    method: 'post',
    path: '/subscription/feed',
    id: 'renewFeed',
    tag: 'subscription',
    summary: 'New addresses for it; the old ones answer 410',
    access: byPreferences,
    query: tokenQuery,
    answer: { status: 200, says: 'The new ones.', shape: feeds },
    problems: [409, 429],
    open: (deps, { limitChanges }) => [limitChanges, postFeed(deps)],
  },
  {
    method: 'post',
    path: '/subscription/links',
    id: 'closeLinks',
    tag: 'subscription',
    summary: 'Make all older links invalid',
    access: byPreferences,
    query: tokenQuery,
    answer: {
      status: 200,
      says: 'A fresh token of the preferences.',
      shape: z.object({ token: z.string() }),
    },
    problems: [409, 429],
    open: (deps, { limitChanges }) => [limitChanges, postCloseLinks(deps)],
  },
  {
    method: 'post',
    path: '/subscription/account-links',
    id: 'askForAccountLink',
    tag: 'subscription',
    summary: 'Have the link to download, erasure and another address mailed',
    access: byPreferences,
    query: tokenQuery,
    answer: { status: 202, says: 'A mail is on its way. Its link works for an hour.', shape: accepted },
    problems: [429],
    open: (deps, { limitMails }) => [limitMails, postAccountLink(deps)],
  },
  {
    method: 'post',
    path: '/subscription/address',
    id: 'changeAddress',
    tag: 'subscription',
    summary: 'Ask for another address',
    access: byAccount,
    query: tokenQuery,
    body: z.object({ email: emailShape }),
    answer: {
      status: 202,
      says: 'A mail is on its way to the new address: nothing changes before its button was pressed.',
      shape: accepted,
    },
    problems: [409, 429, 503],
    open: (deps, { limitMails, limitReceiver }) => [limitMails, readJson, limitReceiver, postAddress(deps)],
  },
  {
    method: 'get',
    path: '/subscription/data',
    id: 'getData',
    tag: 'subscription',
    summary: 'Everything that is kept about the reader',
    access: byAccount,
    query: tokenQuery,
    answer: {
      status: 200,
      says: 'One document, however long.',
      shape: z.looseObject({ format: z.literal('paperround-reader-data/2'), exportedAt: instant }),
    },
    problems: [429],
    open: (deps, { limitChanges }) => [limitChanges, getData(deps)],
  },
  {
    method: 'delete',
    path: '/subscription/data',
    id: 'eraseData',
    tag: 'subscription',
    summary: 'Erase it',
    access: byAccount,
    query: tokenQuery,
    answer: { status: 204, says: 'Nothing of it is left.', shape: null },
    open: (deps) => deleteData(deps),
  },
];
