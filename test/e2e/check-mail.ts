// What must be true of every mail that arrives, whoever sent it from where.
import { expect } from 'vitest';
import { findLink, type ReadMail, readMail } from '../support/read-mail.ts';

export type Letter = { siteUrl: string; to: string };

/** The confirmation: one link that counts, one never to be mailed again, and nothing to unsubscribe from. */
export async function readConfirmation(raw: Buffer, letter: Letter): Promise<ReadMail & { link: string }> {
  const mail = await readAnyMail(raw, letter);
  expect(mail.headers.get('list-unsubscribe')).toBeUndefined();
  const link = findLink(mail, 'confirm');
  expect(mail.hrefs.filter((href) => href === link).length).toBeGreaterThan(0);
  const known = [link, `${letter.siteUrl}/`];
  const others = [...mail.hrefs, ...mail.urls].filter((url) => !known.includes(url));
  for (const url of others) expect(url.startsWith(`${letter.siteUrl}/no-mail/`), url).toBe(true);
  return { ...mail, link };
}

export type DigestMail = ReadMail & {
  /** In the order of the mail. */
  titles: string[];
  preferences: string;
  unsubscribe: string;
};

export async function readDigest(raw: Buffer, letter: Letter): Promise<DigestMail> {
  const mail = await readAnyMail(raw, letter);
  const { headers, text } = mail;
  expect(headers.get('list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
  expect(headers.get('list-id')).toHaveLength(1);
  expect(headers.get('precedence')).toEqual(['bulk']);

  const preferences = findLink(mail, 'preferences');
  const unsubscribe = findLink(mail, 'unsubscribe');
  expect(mail.hrefs).toContain(preferences);
  expect(mail.hrefs).toContain(unsubscribe);
  expect(mail.oneClickUrl).toBe(unsubscribe);

  const papers = listPapers(mail, letter.siteUrl);
  expect(papers.length).toBeGreaterThan(0);
  const running = text.replace(/\s+/g, ' ');
  for (const { title, href } of papers) expect(running).toContain(`${title} ${href}`);
  return { ...mail, preferences, unsubscribe, titles: papers.map(({ title }) => title) };
}

/** Each of the site's links in a mail leads to a page. Opening them changes nothing, or the journey would notice. */
export async function openEveryLink({ hrefs, urls }: ReadMail, siteUrl: string): Promise<void> {
  const own = new Set([...hrefs, ...urls].filter((url) => url.startsWith(siteUrl)));
  const answers = await Promise.all([...own].map(async (url) => `${(await fetch(url)).status} ${url}`));
  expect(answers.filter((answer) => !answer.startsWith('200'))).toEqual([]);
}

async function readAnyMail(raw: Buffer, { to }: Letter): Promise<ReadMail> {
  const mail = await readMail(raw);
  expect(mail.partTypes).toEqual(['text/plain', 'text/html']);
  for (const name of ['from', 'to', 'subject', 'date', 'message-id', 'mime-version']) {
    expect(mail.headers.get(name), name).toHaveLength(1);
  }
  expect(mail.headers.get('to')).toEqual([to]);
  expect(mail.headers.get('auto-submitted')).toEqual(['auto-generated']);
  expect(mail.subject).not.toBe('');
  for (const part of [mail.subject, mail.text, mail.html]) {
    expect(part).not.toMatch(/\{\{|\[object|\bundefined\b|\bNaN\b/);
  }
  expect(mail.hrefs.filter((href) => !/^(?:https?:\/\/|mailto:)/.test(href))).toEqual([]);
  expect(mail.text.split('\n').filter((line) => line.length > 78 && !/^https?:\S+$/.test(line))).toEqual([]);
  expect(mail.parsed.attachments).toEqual([]);
  return mail;
}

/** The papers of the HTML part: each title once, with the page that it leads to. */
function listPapers({ html }: ReadMail, siteUrl: string): { title: string; href: string }[] {
  return [...html.matchAll(/<a\s[^>]*href="([^"]+\/paper\/\d+)"[^>]*>([\s\S]*?)<\/a\s*>/g)]
    .map(([, href = '', inside = '']) => ({ href, title: toText(inside) }))
    .filter(({ href }) => href.startsWith(siteUrl));
}

function toText(html: string): string {
  const characters: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
  return html
    .replace(/<[^>]+>/g, '')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => characters[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim();
}
