// What a spam filter thinks of every kind of mail in every language, as it went over SMTP.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { requestAddressChange } from '../../src/subscribers/account/change-address.ts';
import { sayGoodbye } from '../../src/subscribers/account/unsubscribe.ts';
import { requestPreferencesLink } from '../../src/subscribers/sign-up/request-preferences-link.ts';
import { describeWith } from '../support/needs.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import type { CaughtMail } from '../support/smtp-catcher.ts';
import { type Rspamd, startRspamd } from '../support/start-rspamd.ts';
import { expertPaper, grace } from '../support/world.ts';

type Score = { subject: string; points: number; rules: string[] };

/** Without asking any network. One process for all mails: its rules take a second of processor to load. */
async function scoreAll(mails: Buffer[]): Promise<Score[]> {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-mbox-'));
  const mbox = join(folder, 'mails');
  const letters = mails.map(
    (raw) => `From sender@example.org Mon Mar  2 07:00:00 2026\n${raw.toString('latin1')}\n`,
  );
  await writeFile(mbox, letters.join('').replaceAll('\r\n', '\n'), 'latin1');
  const child = spawn(
    inject('externalPrograms').spamassassin ?? '',
    ['--local', '--test-mode', '--mbox', mbox],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const judged = await text(child.stdout);
  await rm(folder, { recursive: true });
  return judged.split(/^(?=From sender@example\.org )/m).map((mail) => {
    const [, points, rules = ''] =
      /^X-Spam-Status: \S+ score=(-?[\d.]+)[\s\S]*?tests=([\s\S]*?)\s+autolearn=/m.exec(mail) ?? [];
    if (points === undefined) throw new Error(`SpamAssassin gave no score: ${mail.slice(0, 500)}`);
    const subject = /^Subject: .*$/m.exec(mail)?.[0] ?? '';
    return { subject, points: Number(points), rules: rules.replace(/\s/g, '').split(',') };
  });
}

let post: PostOffice;
beforeAll(async () => {
  post = await openPostOffice();
  await post.list('2026-03-02', [expertPaper('speech'), expertPaper('vision')]);
  for (const language of ['en', 'de', 'zh'] as const) {
    const email = `ada-${language}@example.org`;
    await post.subscribe(email, { language });
    await post.deliver();
    await post.signUp(email, { language });
    await requestPreferencesLink(post, email);
    const { id } = await post.find(email);
    await requestAddressChange(post, { subscriberId: id, email: `new-${email}` });
    await post.deliver();
    await sayGoodbye(post, id);
    await post.deliver();
  }
  await post.signUp(grace);
  await post.deliver();
});
afterAll(() => post?.close());

describeWith('spamassassin', 'SpamAssassin', () => {
  test('gives no kind of mail a point', async () => {
    expect(post.smtp.mails.length).toBeGreaterThan(15);
    const scores = await scoreAll(post.smtp.mails.map(({ raw }) => raw));
    expect(scores).toHaveLength(post.smtp.mails.length);
    expect(scores.filter(({ points }) => points > 0)).toEqual([]);
  });
});

describeWith('rspamd', 'rspamd', () => {
  let rspamd: Rspamd;
  beforeAll(async () => {
    rspamd = await startRspamd();
  });
  afterAll(() => rspamd?.stop());

  const known = new Set([
    // The tests' clock.
    'DATE_IN_PAST',
    'DATE_IN_FUTURE',
    // 0.05 of 15 points: what an inbox shows beside the subject is hidden in the mail.
    'MANY_INVISIBLE_PARTS',
    // 1 of 15: text and HTML together have an odd number of links, as half of all digests have.
    'URI_COUNT_ODD',
  ]);

  async function findPoints(mail: CaughtMail): Promise<string[]> {
    const found = await rspamd.judge(mail);
    return [...found].flatMap(([name, points]) =>
      points > 0 && !known.has(name) ? [`${name} ${points}`] : [],
    );
  }

  test('finds nothing against any kind of mail, but that a line is hidden and that links come in odd numbers', async () => {
    const found = await Promise.all(
      post.smtp.mails.map(async (mail) => ({
        subject: /^Subject: .*$/m.exec(mail.raw.toString('latin1'))?.[0],
        points: await findPoints(mail),
      })),
    );
    expect(found.length).toBeGreaterThan(15);
    expect(found.filter(({ points }) => points.length > 0)).toEqual([]);
  });

  test('is awake: it has something against a mail that hides what it is', async () => {
    const raw = Buffer.from(
      'From: "PayPal" <x@example.net>\r\nTo: ada@example.org\r\nSubject: =?utf-8?B?V0lOIE5PVyEhIQ==?=\r\nContent-Type: text/html\r\n\r\n<a href="http://192.0.2.1/">http://paypal.com</a>\r\n',
    );
    expect(await findPoints({ from: 'x@example.net', to: 'ada@example.org', raw })).not.toEqual([]);
  });
});
