// How the inbox looks: what its templates are told. They are read once; what they interpolate is escaped.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import { packageFolder } from '../../config/config.ts';
import { mailSandbox } from './guard.ts';
import type { InboxMail, MailSummary } from './mail.ts';

export type Reply = {
  status: number;
  type: string;
  body: string | Buffer;
  /** Beside, or instead of, those of every page. */
  headers?: Record<string, string>;
};

export type InboxPages = {
  list(input: { mails: MailSummary[]; total: number; isNewest: boolean; next: string | null }): Reply;
  /** `view` is what the address asks for; one that this mail does not have shows its first. */
  mail(input: { mail: InboxMail; view: string | null; newer: string | null; older: string | null }): Reply;
  notice(input: { status: number; title: string; text: string }): Reply;
  /** For whoever has not shown the key: nothing in it tells it. */
  locked(input: { status: number; title: string; text: string }): Reply;
  asset(name: string): Reply | null;
};

type View = 'html' | 'phone' | 'text' | 'headers';

const viewNames: Record<View, string> = {
  html: 'HTML',
  phone: 'On a phone',
  text: 'Plain text',
  headers: 'Headers',
};
const assetTypes: Record<string, string> = {
  'inbox.css': 'text/css',
  'inbox.js': 'text/javascript',
  'icon.svg': 'image/svg+xml',
};

/** `root` is what every address begins with. Throws when a template or an asset is missing or broken. */
export function createInboxPages(root: string, folder = join(packageFolder, 'templates/inbox')): InboxPages {
  const eta = new Eta({ autoTrim: [false, 'nl'] });
  for (const name of ['layout', 'list', 'mail', 'notice']) {
    eta.loadTemplate(`@${name}`, readFileSync(join(folder, `${name}.eta`), 'utf8'));
  }
  const render = (name: string, data: object) =>
    eta.render('@layout', { ...data, root, body: eta.render(`@${name}`, { ...data, root }) });
  const page = (status: number, body: string): Reply => ({ status, type: 'text/html', body });
  const assets = new Map(
    Object.entries(assetTypes).map(([name, type]): [string, Reply] => [
      name,
      { status: 200, type, body: readFileSync(join(folder, name)) },
    ]),
  );

  return {
    list({ mails, total, isNewest, next }) {
      const title = `${total} ${total === 1 ? 'mail' : 'mails'}`;
      const rows = mails.map((mail) => ({ ...mail, ...formatFacts(mail) }));
      return page(200, render('list', { title, mails: rows, total, isNewest, next, isLive: isNewest }));
    },
    mail({ mail, view: wanted, newer, older }) {
      const views = listViews(mail);
      const view = views.find((one) => one === wanted) ?? views[0];
      const title = mail.subject || '(no subject)';
      const facts = { ...formatFacts(mail), attachments: mail.attachments.map(formatAttachment) };
      const shown = {
        view,
        views: views.map((id) => ({ id, name: viewNames[id] })),
        sandbox: mailSandbox,
        textParts: splitLinks(mail.text ?? ''),
      };
      return page(200, render('mail', { title, mail: { ...mail, ...facts }, newer, older, ...shown }));
    },
    notice: ({ status, title, text }) => page(status, render('notice', { title, text })),
    locked: ({ status, title, text }) => ({ status, type: 'text/plain', body: `${title}. ${text}\n` }),

    asset: (name) => assets.get(name) ?? null,
  };
}

function listViews({ html, text }: InboxMail): View[] {
  return [
    ...(html === null ? [] : (['html', 'phone'] as const)),
    ...(text === null ? [] : (['text'] as const)),
    'headers',
  ];
}

const timeFormat = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

// In this machine's time zone: whoever reads it sits here.
function formatFacts({ receivedAt, sizeBytes, subject, to, envelope }: MailSummary) {
  return {
    time: timeFormat.format(receivedAt),
    isoTime: receivedAt.toISOString(),
    size: formatSize(sizeBytes),
    subject: subject || '(no subject)',
    to: to || envelope.to.join(', '),
  };
}

function formatAttachment({ name, type, sizeBytes }: InboxMail['attachments'][number]): string {
  return `${name} (${type}, ${formatSize(sizeBytes)})`;
}

function formatSize(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** A text in pieces, of which some are web addresses. Joined they are the text again. */
export function splitLinks(text: string): { text: string; isLink: boolean }[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?')\]])/)
    .map((piece, index) => ({ text: piece, isLink: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}

/** The first `base` counts, so this one goes before all of the mail's own, but after the doctype: without it in front, browsers fall back to the layout rules of the nineties. */
export function openLinksInNewTab(html: string): string {
  const [doctype = ''] = /^\s*<!doctype[^>]*>/i.exec(html) ?? [];
  return `${doctype}<base target="_blank">${html.slice(doctype.length)}`;
}
