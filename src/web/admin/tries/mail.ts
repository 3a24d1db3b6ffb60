// /admin/mail: how mails leave, and a test mail to an address.
import type { RequestHandler } from 'express';
import { awaitTestMail, listTestMails, type TestMail } from '../../../operators/test-mails.ts';
import { listServerStates, type ServerState } from '../../../smtp/servers/states.ts';
import { askTestMail } from '../../http/ask-test-mail.ts';
import { type AdminDeps, type Cell, type Section, sendAdminPage } from '../page.ts';

const shown = 20;
/** Most servers have answered by then; the page below tells of the others. */
const waitMs = 8000;

export function getMail(deps: AdminDeps): RequestHandler {
  const { db, now, settings } = deps;
  return async (_request, response) => {
    const [tests, servers] = await Promise.all([
      listTestMails(db, { now: now(), limit: shown }),
      listServerStates(db, now()),
    ]);
    const ofMail = settings.filter(({ name }) => /^(?:SMTP|MAIL|DKIM|BOUNCE)_/.test(name));
    const isWaiting = tests.some(({ state }) => state === 'waiting' || state === 'under way');
    sendAdminPage(deps, response, {
      title: 'Mail',
      lead: 'How mails leave. `mail check` looks up what mailbox providers will: SPF, DKIM, DMARC and the like.',
      liveSeconds: isWaiting ? 5 : 30,
      sections: [
        ...viewServers(servers),
        {
          type: 'facts',
          title: 'Settings',
          facts:
            ofMail.length === 0
              ? [['SMTP_URL', 'not set: mails go to the local inbox']]
              : ofMail.map(({ name, value }) => [name, value]),
        },
        {
          type: 'actions',
          title: 'A test mail',
          forms: [
            {
              action: 'mail-test',
              label: 'Send a test mail',
              hidden: {},
              fields: [
                {
                  name: 'email',
                  label: 'Address',
                  required: true,
                  help: 'Yours, or one of a service that looks at mails. A worker sends it as it sends digests: same sender, server and signature.',
                },
              ],
            },
          ],
        },
        {
          type: 'table',
          title: 'The last test mails',
          columns: ['Asked', 'By', 'To', 'Came to', 'The server’s words', 'What can be done'],
          rows: tests.map((test) => [
            test.askedAt,
            test.askedBy,
            test.domain,
            viewOutcome(test),
            test.words,
            test.remedy,
          ]),
          empty: 'None was sent lately.',
        },
      ],
    });
  };
}

function viewServers(servers: ServerState[]): Section[] {
  if (servers.length === 0)
    return [{ type: 'text', title: 'Mail servers', text: 'No worker has told of one yet.' }];
  const troubled = servers.filter(({ condition }) => condition === 'paused' || condition === 'trying again');
  const warnings: Section = {
    type: 'warnings',
    title: 'What wants a hand',
    warnings: troubled.map(({ name, lastError, remedy }) => ({ text: `${name}: ${lastError}`, remedy })),
  };
  return [
    ...(troubled.length === 0 ? [] : [warnings]),
    {
      type: 'table',
      title: 'Mail servers, as all workers find them',
      columns: ['Server', 'State', 'Since', 'Tried again', 'Last taken', 'An answer takes', 'Workers'],
      rows: servers.map((server) => [
        server.name,
        { text: server.condition, tone: tones[server.condition] },
        server.pausedSince,
        server.pausedUntil,
        server.lastAcceptedAt,
        server.latencyMs === null ? null : `${server.latencyMs} ms`,
        server.workers.paused === 0
          ? server.workers.alive
          : `${server.workers.alive}, ${server.workers.paused} of them leave it alone`,
      ]),
      empty: '',
    },
    {
      type: 'table',
      title: 'Their limits',
      columns: ['Server', 'Limit', 'Used'],
      rows: servers.flatMap(viewLimits),
      empty: '',
    },
    {
      type: 'table',
      title: 'What they last refused',
      columns: ['Server', 'When', 'Its words', 'What can be done'],
      rows: servers.flatMap(({ name, lastErrorAt, lastError, remedy }) =>
        lastError === null ? [] : [[name, lastErrorAt, lastError, remedy]],
      ),
      empty: 'Nothing, for as long as the workers run.',
    },
  ];
}

const tones = {
  well: 'good',
  paused: 'bad',
  'trying again': 'wait',
  'not used yet': 'dim',
  'no worker': 'dim',
} as const;

function viewLimits({ name, connections, mailsPerSession, learnedUntil, limits }: ServerState): Cell[][] {
  const until = learnedUntil === null ? '' : `, learned, until ${learnedUntil.toISOString().slice(11, 16)}`;
  const rows: Cell[][] = [
    [
      name,
      `${connections.learned ?? connections.configured} connections${connections.learned === null ? '' : until}`,
      connections.open,
    ],
    ...limits.map(({ limit, used }): Cell[] => [name, `${limit} (SMTP_URL)`, used]),
  ];
  return mailsPerSession === null
    ? rows
    : [...rows, [name, `${mailsPerSession} mails over a connection${until}`, null]];
}

function viewOutcome({ state, outcome }: TestMail): Cell {
  switch (state) {
    case 'over':
      return { text: outcome, tone: outcome === 'accepted' ? 'good' : 'bad' };
    case 'given up':
      return { text: 'nothing: no worker sent it', tone: 'bad' };
    default:
      return { text: state, tone: 'wait' };
  }
}

export async function sendTest(
  deps: AdminDeps,
  { email }: { email: string },
  adminName: string,
): Promise<{ target: string; result: string }> {
  const target = `an address at ${email.slice(email.lastIndexOf('@') + 1)}`;
  const asked = await askTestMail(deps, { email, askedBy: adminName });
  switch (asked.type) {
    case 'suppressed':
      return { target, result: 'Not done. The address is suppressed: it gets no mail.' };
    case 'too-many':
      return { target, result: 'Not done. So many test mails are enough for an hour: wait a while.' };
    case 'asked': {
      const { db, now } = deps;
      const test = await awaitTestMail(db, { id: asked.id, waitMs, now });
      return { target, result: describeTest(test) };
    }
  }
}

function describeTest(test: TestMail | null): string {
  if (test?.state !== 'over') return 'It waits for a worker, or the server takes its time: look again below.';
  const { outcome, words, remedy } = test;
  return `${outcome}: ${words}${remedy === null ? '' : ` What can be done: ${remedy}`}`;
}
