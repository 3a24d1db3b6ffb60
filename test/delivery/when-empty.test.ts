// What a reader gets when nothing matched, over the real mailer.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listPicks } from '../../src/papers/pick-store.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { readMail } from '../support/read-mail.ts';
import { ada, expertPaper, grace, paper } from '../support/world.ts';

let post: PostOffice;
beforeEach(async () => {
  post = await openPostOffice();
  await post.list('2026-03-02', [
    paper({ title: 'Seventh', upvotes: 1 }),
    paper({ title: 'Second best', upvotes: 30 }),
    paper({ title: 'Best', upvotes: 40 }),
    paper({ title: 'Unwanted: a survey', abstract: 'A survey.', upvotes: 90 }),
    paper({ title: 'Third best', upvotes: 20 }),
  ]);
});
afterEach(() => post.close());

const day = 86_400_000;
const digestTo = async (email: string) => {
  const mail = post.smtp.mails.findLast(({ to, raw }) => to === email && raw.includes('Precedence: bulk'));
  return mail === undefined ? null : readMail(mail.raw);
};

test('who asked for the top 3 gets them, without what they never want; who did not gets nothing', async () => {
  await post.subscribe(ada, { whenEmpty: 'top3', excludedKeywords: ['survey'] });
  await post.subscribe(grace);
  await post.sweep();
  expect(await digestTo(grace)).toBeNull();
  const mail = await digestTo(ada);
  expect(mail?.subject).toBe('Best + 2 more · the day’s top, 2 Mar');
  expect(
    [...(mail?.text.matchAll(/^(?:Best|Second best|Third best|Unwanted.*|Seventh)$/gm) ?? [])].map(String),
  ).toEqual(['Best', 'Second best', 'Third best']);
  const row = await post.db.delivery.findFirst({ where: { state: 'accepted', kind: 'digest' } });
  expect(await listPicks(post.db, [row?.picks ?? []])).toEqual([
    [
      { seq: 3, because: [] },
      { seq: 2, because: [] },
      { seq: 5, because: [] },
    ],
  ]);
});

test('never the same paper twice, nothing on a day without papers, and what matches as soon as something does', async () => {
  await post.subscribe(ada, { whenEmpty: 'top3' });
  await post.sweep();
  post.pass(day);
  expect(await post.sweep()).toMatchObject({ accepted: 0, nothing: 1 });
  post.pass(day);
  await post.list('2026-03-04', [paper({ title: 'Best', upvotes: 99 }), expertPaper('speech')]);
  await post.sweep();
  const mail = await digestTo(ada);
  expect(mail?.subject).toContain('Mixture-of-Experts for speech');
  expect(mail?.text).not.toContain('Best');
});

test('what was withdrawn after the edition was read is in no digest', async () => {
  await post.subscribe(ada, { whenEmpty: 'top3' });
  await post.subscribe(grace, { whenEmpty: 'top3' });
  const claimed = await post.db.delivery.count({ where: { kind: 'digest' } });
  expect(claimed).toBe(2);
  await post.db.delivery.updateMany({
    where: { subscriber: { email: grace } },
    data: { nextTryAt: new Date('2026-03-02T18:00:00Z') },
  });
  await post.sweep();
  expect((await digestTo(ada))?.text).toContain('\nBest\n');
  await post.db.paper.updateMany({ where: { title: 'Best' }, data: { isWithdrawn: true } });
  post.clock.now = new Date('2026-03-02T18:00:01Z');
  await post.sweep();
  const mail = await digestTo(grace);
  expect(mail?.text).not.toContain('\nBest\n');
  expect(mail?.text).toContain('\nSecond best\n');
});
