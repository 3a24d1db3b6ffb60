// /api/v1/mail: a test mail, and what came of it.
import { z } from 'zod';
import { listTestMails, testStates } from '../../../operators/test-mails.ts';
import { listServerStates, serverConditions } from '../../../smtp/servers/states.ts';
import { emailShape } from '../../../subscribers/preferences/parse-preferences.ts';
import { askTestMail } from '../../http/ask-test-mail.ts';
import type { Route } from '../route.ts';
import { instant, rowId } from '../shapes.ts';
import { defineKeyRoute, gone, refuse } from './key-route.ts';

const testMail = z
  .object({
    id: rowId,
    domain: z.string().describe('Of the address, which is not kept.'),
    askedBy: z.string(),
    askedAt: instant,
    state: z.enum(testStates).describe('`given up`: no worker sent it within ten minutes.'),
    outcome: z.string().nullable().describe('`accepted`, `refused`, `not-sent` or `unknown`.'),
    words: z.string().nullable().describe('The server’s, or why it was not sent; without addresses.'),
    remedy: z.string().nullable(),
  })
  .meta({ id: 'TestMail' });

const mailServer = z
  .object({
    name: z.string(),
    condition: z
      .enum(serverConditions)
      .describe(
        '`paused`: it is left alone until `pausedUntil`; `trying again`: that is over, and it took nothing since; `no worker`: none told of it lately.',
      ),
    pausedSince: instant.nullable(),
    pausedUntil: instant.nullable(),
    lastError: z.string().nullable().describe('In its own words, without addresses.'),
    lastErrorAt: instant.nullable(),
    remedy: z.string().nullable(),
    lastAcceptedAt: instant.nullable(),
    latencyMs: z.int().nullable().describe('Of the mails lately taken, on average.'),
    workers: z.object({ alive: z.int(), paused: z.int().describe('Who leave it alone for now.') }),
    connections: z.object({
      configured: z.int().describe('Of all workers together.'),
      open: z.int(),
      learned: z.int().nullable().describe('What it was found to take, which the workers share.'),
    }),
    mailsPerSession: z.int().nullable(),
    learnedUntil: instant.nullable().describe('Then it is found out anew.'),
    limits: z.array(
      z.object({
        limit: z.string().describe('Such as `500 in a minute`.'),
        count: z.number(),
        used: z.int().nullable().describe('Of a window that ends now; null by the second.'),
      }),
    ),
    seenAt: instant,
  })
  .meta({ id: 'MailServer' });

export const mailRoutes: readonly Route[] = [
  defineKeyRoute({
    method: 'get',
    path: '/mail/servers',
    id: 'listMailServers',
    tag: 'service',
    summary: 'How the mail servers are, and their limits',
    details: 'As all workers find them: each tells every ten seconds.',
    scope: 'mail:read',
    says: 'All that a worker used in the last day.',
    answer: z.object({ servers: z.array(mailServer) }),
    act: async ({ db, now }) => ({ servers: await listServerStates(db, now()) }),
  }),
  defineKeyRoute({
    method: 'post',
    path: '/mail/tests',
    id: 'sendTestMail',
    tag: 'service',
    summary: 'Send a test mail',
    details:
      'A worker sends it within seconds, as it sends digests; `GET /mail/tests/{id}` tells how that went.',
    scope: 'mail:write',
    body: z.strictObject({ email: emailShape }),
    problems: [409],
    status: 202,
    says: 'The number of it.',
    answer: z.object({ id: rowId }),
    tell: () => 'asked for',
    async act(deps, { body: { email }, key }) {
      const asked = await askTestMail(deps, { email, askedBy: `key ${key.name}` });
      if (asked.type === 'suppressed') return refuse(409, 'The address is suppressed: it gets no mail.');
      if (asked.type === 'too-many') return refuse(429, 'So many test mails are enough for an hour.');
      return { id: asked.id };
    },
  }),
  defineKeyRoute({
    method: 'get',
    path: '/mail/tests/{id}',
    id: 'showTestMail',
    tag: 'service',
    summary: 'What came of a test mail',
    details: 'It is known for a month.',
    scope: 'mail:read',
    params: z.object({ id: rowId }),
    says: 'As it is now.',
    answer: testMail,
    async act({ db, now }, { params: { id } }) {
      const [found] = await listTestMails(db, { now: now(), limit: 1, id });
      return found ?? gone;
    },
  }),
];
