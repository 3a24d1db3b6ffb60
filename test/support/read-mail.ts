// A received message as its reader and their mail program see it.
import { type ParsedMail, simpleParser } from 'mailparser';

export type ReadMail = {
  subject: string;
  text: string;
  html: string;
  /** Of each part of the body, in their order, such as `text/plain`. */
  partTypes: string[];
  /** By lower-case name; every occurrence. */
  headers: Map<string, string[]>;
  /** Where the HTML leads: every href. */
  hrefs: string[];
  /** The addresses in the text. */
  urls: string[];
  /** The one-click address, out of its header; null where there is none. */
  oneClickUrl: string | null;
  parsed: ParsedMail;
};

export async function readMail(raw: Buffer): Promise<ReadMail> {
  const parsed = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true });
  const text = parsed.text ?? '';
  const html = parsed.html || '';
  const headers = readHeaders(parsed);
  return {
    subject: parsed.subject ?? '',
    text,
    html,
    partTypes: listPartTypes(raw, headers),
    headers,
    hrefs: [...html.matchAll(/\shref="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&')),
    urls: [...text.matchAll(/https?:\/\/\S+/g)].map(([url]) => url),
    oneClickUrl: /^<([^>]+)>/.exec(headers.get('list-unsubscribe')?.[0] ?? '')?.[1] ?? null,
    parsed,
  };
}

/** The first of the mail's links that leads to this page of the site, such as `confirm`; throws when there is none. */
export function findLink({ urls }: ReadMail, page: 'confirm' | 'preferences' | 'unsubscribe'): string {
  const url = urls.find((each) => new URL(each).pathname.startsWith(`/${page}/`));
  if (url === undefined) throw new Error(`the mail has no ${page} link: ${urls.join(' ')}`);
  return url;
}

function readHeaders({ headerLines }: ParsedMail): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const { key, line } of headerLines) {
    const value = line.slice(line.indexOf(':') + 1).replace(/\r?\n(?=[ \t])/g, '');
    headers.set(key, [...(headers.get(key) ?? []), value.trim()]);
  }
  return headers;
}

/** By the boundary, as mail programs do it: what a parser made of the parts hides how many there were. */
function listPartTypes(raw: Buffer, headers: Map<string, string[]>): string[] {
  const boundary = /boundary="?([^";]+)/.exec(headers.get('content-type')?.[0] ?? '')?.[1];
  const message = raw.toString('latin1');
  if (boundary === undefined) return [];
  return message
    .split(`\r\n--${boundary}`)
    .slice(1, -1)
    .map((part) => /^\s*content-type:\s*([^\s;]+)/im.exec(part.split('\r\n\r\n', 1)[0] ?? '')?.[1] ?? 'none');
}
