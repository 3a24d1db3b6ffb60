// What a spam filter thinks of every kind of mail in every language, as it went over SMTP.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { requestAddressChange } from '../../src/subscribers/change-address.ts';
import { requestPreferencesLink } from '../../src/subscribers/request-preferences-link.ts';
import { sayGoodbye } from '../../src/subscribers/unsubscribe.ts';
import { describeWith } from '../support/needs.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
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

describeWith('spamassassin', 'SpamAssassin', () => {
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

  test('gives no kind of mail a point', async () => {
    expect(post.smtp.mails.length).toBeGreaterThan(15);
    const scores = await scoreAll(post.smtp.mails.map(({ raw }) => raw));
    expect(scores).toHaveLength(post.smtp.mails.length);
    expect(scores.filter(({ points }) => points > 0)).toEqual([]);
  });
});
