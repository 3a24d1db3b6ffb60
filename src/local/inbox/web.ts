// The web side of the local inbox: pages for people, JSON for scripts. Nothing here listens.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { httpTimeouts } from '../../platform/http-timeouts.ts';
import type { InboxFolder } from './folder.ts';
import { isKey, isLocalRequest, isOwnPost, mailHeaders, pageHeaders } from './guard.ts';
import { type MailSummary, readMail, summarizeMail } from './mail.ts';
import { createInboxPages, type InboxPages, openLinksInNewTab, type Reply } from './pages.ts';
import { proofRoute, readProof } from './proof.ts';

/** `root`: what every address begins with, `/` and the key. */
type Site = { root: string; folder: InboxFolder; pages: InboxPages; summaries: Summaries };
type Summaries = (ids: string[]) => Promise<MailSummary[]>;
type Route = {
  method: 'GET' | 'POST';
  pattern: RegExp;
  answer(site: Site, input: { name: string; query: URLSearchParams }): Promise<Reply | null> | Reply | null;
};

const pageLength = 100;

/**
 * The one answer without the key: whoever asks has just written what is read here into the folder. The key is not to be told to
 * a server of which nobody knows yet whose it is.
 */
const proofOfFolder: Route = {
  method: 'GET',
  pattern: new RegExp(`^${proofRoute}([^/]+)$`),
  async answer({ folder }, { name }) {
    const proof = await readProof(folder.path, name);
    return proof === null ? null : { status: 200, type: 'text/plain', body: proof };
  },
};

/** The first that fits answers; null from it means: not found. */
const routes: Route[] = [
  {
    method: 'GET',
    pattern: /^\/$/,
    async answer({ folder, pages, summaries }, { query }) {
      const ids = await folder.listIds();
      const start = Math.min(findStart(ids, query.get('before')), ids.length);
      const shown = ids.slice(start, start + pageLength);
      const next = ids.length > start + pageLength ? (shown.at(-1) ?? null) : null;
      return pages.list({ mails: await summaries(shown), total: ids.length, isNewest: start === 0, next });
    },
  },
  {
    method: 'GET',
    pattern: /^\/messages\/([^/]+)$/,
    async answer({ folder, pages }, { name, query }) {
      const kept = await folder.findMail(name);
      if (kept === null) return null;
      const ids = await folder.listIds();
      const place = ids.indexOf(name);
      const neighbours = {
        newer: ids[place - 1] ?? null,
        older: place < 0 ? null : (ids[place + 1] ?? null),
      };
      return pages.mail({ mail: await readMail(kept), view: query.get('view'), ...neighbours });
    },
  },
  {
    method: 'GET',
    pattern: /^\/messages\/([^/]+)\/html$/,
    async answer({ folder }, { name }) {
      const kept = await folder.findMail(name);
      const html = kept === null ? null : (await readMail(kept)).html;
      if (html === null) return null;
      return { status: 200, type: 'text/html', headers: mailHeaders, body: openLinksInNewTab(html) };
    },
  },
  {
    method: 'GET',
    pattern: /^\/messages\/([^/]+)\/source$/,
    async answer({ folder }, { name }) {
      const kept = await folder.findMail(name);
      if (kept === null) return null;
      const headers = { ...mailHeaders, 'Content-Disposition': `attachment; filename="${kept.id}.eml"` };
      return { status: 200, type: 'message/rfc822', headers, body: kept.source };
    },
  },
  {
    method: 'POST',
    pattern: /^\/empty$/,
    async answer({ root, folder }) {
      await folder.empty();
      return { status: 303, type: 'text/plain', headers: { Location: `${root}/` }, body: '' };
    },
  },
  {
    method: 'GET',
    pattern: /^\/api\/messages$/,
    async answer({ folder, summaries }) {
      return json(200, { messages: await summaries(await folder.listIds()) });
    },
  },
  {
    method: 'GET',
    pattern: /^\/api\/messages\/([^/]+)$/,
    async answer({ folder }, { name }) {
      const kept = await folder.findMail(name);
      return kept === null ? json(404, { error: 'There is no such mail' }) : json(200, await readMail(kept));
    },
  },
  {
    method: 'GET',
    pattern: /^\/api\/latest$/,
    async answer({ folder }) {
      const ids = await folder.listIds();
      return json(200, { id: ids[0] ?? null, total: ids.length });
    },
  },
  {
    method: 'GET',
    pattern: /^\/(inbox\.css|inbox\.js|icon\.svg)$/,
    answer: ({ pages }, { name }) => pages.asset(name),
  },
];

/** Reads the templates; throws when one is missing or broken. */
export function createInboxServer(input: {
  folder: InboxFolder;
  key: string;
  log: (message: string) => void;
}): Server {
  const { folder, key, log } = input;
  const root = `/${key}`;
  const site = { root, folder, pages: createInboxPages(root), summaries: createSummaries(folder) };
  return createServer(httpTimeouts, (request, response) => {
    answer(site, request)
      .catch((error: Error): Reply => {
        log(`The inbox page could not answer: ${error.message}`);
        return site.pages.notice({
          status: 500,
          title: 'That did not work',
          text: 'The reason is in the log.',
        });
      })
      .then(({ status, type, body, headers }) => {
        const charset = type.startsWith('message/') ? type : `${type}; charset=utf-8`;
        response.writeHead(status, { ...pageHeaders, ...headers, 'Content-Type': charset });
        response.end(body);
      });
  });
}

async function answer(site: Site, request: IncomingMessage): Promise<Reply> {
  const { notice, locked } = site.pages;
  if (!isLocalRequest(request)) {
    const text = 'This page is for this machine alone: open it as http://localhost, with its port.';
    return locked({ status: 403, title: 'Not from here', text });
  }
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const [whole = '/', search = ''] = (request.url ?? '/').split('?', 2);
  const [, given = '', path = ''] = /^\/([^/]*)(.*)$/s.exec(whole) ?? [];
  const hasKey = isKey(`/${given}`, site.root);
  if (!hasKey && !whole.startsWith(proofRoute)) {
    const text =
      'Open the address that was printed at start: it has a key, which other users of this machine have not.';
    return locked({ status: 403, title: 'The key is missing', text });
  }
  if (hasKey && path === '')
    return { status: 303, type: 'text/plain', headers: { Location: `${site.root}/` }, body: '' };
  const route = hasKey
    ? routes.find((one) => one.method === method && one.pattern.test(path))
    : method === 'GET' && proofOfFolder.pattern.test(whole)
      ? proofOfFolder
      : undefined;
  if (route?.method === 'POST' && !isOwnPost(request)) {
    return notice({ status: 403, title: 'Not from here', text: 'Only the button on this page does that.' });
  }
  const name = route?.pattern.exec(hasKey ? path : whole)?.[1] ?? '';
  const reply = await route?.answer(site, { name, query: new URLSearchParams(search) });
  const text = 'There is nothing at this address. It may have been deleted: only the newest mails are kept.';
  return reply ?? (hasKey ? notice : locked)({ status: 404, title: 'Not here', text });
}

/** A kept mail never changes, so its summary is made once. What was deleted meanwhile is left out. */
function createSummaries(folder: InboxFolder): Summaries {
  const known = new Map<string, MailSummary>();
  return async (ids) => {
    const mails: MailSummary[] = [];
    // One at a time: a thousand open files are more than some systems allow.
    for (const id of ids) {
      const head = known.has(id) ? null : await folder.findHead(id);
      const mail = known.get(id) ?? (head === null ? null : await summarizeMail(head));
      if (mail === null) continue;
      mails.push(mail);
      known.set(id, mail);
    }
    if (known.size > 5_000) known.clear();
    return mails;
  };
}

function findStart(ids: string[], before: string | null): number {
  if (before === null) return 0;
  const start = ids.findIndex((id) => id < before);
  return start < 0 ? ids.length : start;
}

function json(status: number, value: object): Reply {
  return { status, type: 'application/json', body: JSON.stringify(value) };
}
