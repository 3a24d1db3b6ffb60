// What readers do themselves, from the mail they got to the mail they get: pages over HTTP, mails over SMTP.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { answerRequests } from '../../src/subscribers/sign-up/answer-requests.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import { type ReadMail, readMail } from '../support/read-mail.ts';
import { openSite, type Site } from '../support/site.ts';
import { ada, expertPaper } from '../support/world.ts';

const newAda = 'ada@example.net';
const day = 24 * 60 * 60 * 1000;

let post: PostOffice;
let site: Site;
beforeEach(async () => {
  post = await openPostOffice();
  await post.list('2026-03-02', [expertPaper('translation')]);
  site = await openSite(post);
});
afterEach(async () => {
  site.close();
  await post.close();
});

/** Delivers what is due; the mails that left since the last time. */
async function receive(): Promise<(ReadMail & { to: string })[]> {
  const before = post.smtp.mails.length;
  await post.deliver();
  const fresh = post.smtp.mails.slice(before);
  return Promise.all(fresh.map(async ({ raw, to }) => ({ ...(await readMail(raw)), to })));
}

/** The page behind a mail's link: opened, and its one button pressed with what the page sends. */
async function follow(mail: ReadMail | undefined, page: string): Promise<string> {
  const url = mail?.urls.find((each) => new URL(each).pathname.startsWith(`/${page}/`)) ?? '';
  expect(mail?.hrefs).toContain(url);
  const { pathname } = new URL(url);
  const opened = await fetch(`${site.url}${pathname}`);
  expect(opened.status).toBe(200);
  const hidden = [...(await opened.text()).matchAll(/type="hidden" name="([^"]+)" value="([^"]+)"/g)];
  const fields = hidden.map(([, name = '', value = '']): [string, string] => [name, value]);
  return (await submit(pathname, fields)).text();
}

const submit = (path: string, fields: [string, string][] = []) =>
  fetch(`${site.url}${path}`, { method: 'POST', body: new URLSearchParams(fields) });

const pathTo = (mail: ReadMail | undefined, page: string) =>
  new URL(mail?.urls.find((url) => url.includes(`/${page}/`)) ?? '').pathname;

/** From the link in a digest by the mail that it asks for: never by the link alone. */
async function openAccount(digest: ReadMail | undefined): Promise<string> {
  expect((await submit(`${pathTo(digest, 'preferences')}/account`)).status).toBe(200);
  const [mail, ...others] = await receive();
  expect(others).toEqual([]);
  expect(mail).toMatchObject({ to: ada, subject: 'Your account at Paperround', oneClickUrl: null });
  const path = pathTo(mail, 'account');
  expect((await fetch(`${site.url}${path}`)).status).toBe(200);
  return path;
}

async function subscribeAda() {
  const subscriber = await post.subscribe(ada);
  await post.db.delivery.deleteMany({ where: { kind: 'confirmation' } });
  const [digest] = await receive();
  return { subscriber, digest };
}

describe('a reader', () => {
  test('who has no mail at hand asks for the preferences link, and gets in by it', async () => {
    await subscribeAda();
    await submit('/preferences', [['email', 'nobody@example.org']]);
    expect(await receive()).toEqual([]);
    await submit('/preferences', [['email', ada]]);
    const [mail] = await receive();
    expect(mail).toMatchObject({ to: ada, subject: 'Your preferences at Paperround', oneClickUrl: null });
    const page = await fetch(`${site.url}${pathTo(mail, 'preferences')}`);
    expect(await page.text()).toContain(ada);
  });

  test('who leaves by the page gets one goodbye mail, and is back by its link', async () => {
    const { subscriber, digest } = await subscribeAda();
    expect(await follow(digest, 'unsubscribe')).toContain('Goodbye');
    const [goodbye, ...others] = await receive();
    expect(others).toEqual([]);
    expect(goodbye).toMatchObject({ to: ada, subject: 'You have left Paperround', oneClickUrl: null });
    expect(await follow(goodbye, 'undo')).toContain('Welcome back');
    expect((await post.find(ada)).preferences).toEqual(subscriber.preferences);
    post.pass(day);
    await post.list('2026-03-03', [expertPaper('speech')]);
    expect(await post.sweep()).toMatchObject({ accepted: 1 });
  });

  test('who leaves by one-click gets no mail any more', async () => {
    const { digest } = await subscribeAda();
    await submit(new URL(digest?.oneClickUrl ?? '').pathname, [['List-Unsubscribe', 'One-Click']]);
    expect(await receive()).toEqual([]);
  });

  test('moves to another address: confirmed there, announced here, and the next digest goes there', async () => {
    const { digest } = await subscribeAda();
    await submit(`${await openAccount(digest)}/address`, [['email', newAda]]);
    const mails = await receive();
    expect(mails.map(({ to, subject }) => `${to}: ${subject}`).toSorted()).toEqual([
      `${newAda}: Confirm your new address for Paperround`,
      `${ada}: Your Paperround digest is to go to another address`,
    ]);
    const toNew = mails.find(({ to }) => to === newAda);
    // Who asked is nobody's business there.
    expect(`${toNew?.text}${toNew?.html}`).not.toContain(ada);
    expect(await follow(toNew, 'address')).toContain(newAda);
    post.pass(day);
    await post.list('2026-03-03', [expertPaper('speech')]);
    await post.sweep();
    expect(post.smtp.mails.at(-1)?.to).toBe(newAda);
    const last = await readMail(post.smtp.mails.at(-1)?.raw ?? Buffer.alloc(0));
    expect(last.text).not.toContain('translation');

    const note = mails.find(({ to }) => to === ada);
    expect(await follow(note, 'keep-address')).toContain(ada);
    expect((await post.find(ada)).servedThrough).toBe(2);
  });

  test('whose change of address is stopped, or whose new address is suppressed, gets no mail there', async () => {
    const { subscriber, digest } = await subscribeAda();
    await submit(`${await openAccount(digest)}/address`, [['email', newAda]]);
    await post.db.addressChange.deleteMany({ where: { subscriberId: subscriber.id } });
    expect(await receive()).toEqual([]);
    await post.db.suppression.create({ data: { emailKey: newAda, reason: 'complaint' } });
    await submit(`${await openAccount(digest)}/address`, [['email', newAda]]);
    expect((await receive()).map(({ to }) => to)).toEqual([ada]);
  });

  test('who moved while a digest was being written gets it at the new address only', async () => {
    const { id } = await post.subscribe(ada);
    await post.db.delivery.deleteMany({ where: { kind: 'confirmation' } });
    const { writeMails } = post.deps;
    let isFirst = true;
    await deliverDue({
      ...post.deps,
      writeMails: async (claimed) => {
        const written = await writeMails(claimed);
        if (isFirst)
          await post.db.subscriber.update({ where: { id }, data: { email: newAda, emailKey: newAda } });
        isFirst = false;
        return written;
      },
    });
    await post.deliver();
    expect(post.smtp.mails.map(({ to }) => to)).toEqual([newAda]);
  });

  test('who moved after a digest was promised gets it with links that work at the new address', async () => {
    const { id } = await post.subscribe(ada);
    await post.db.delivery.deleteMany({ where: { kind: 'confirmation' } });
    const linksSince = new Date();
    await post.db.delivery.updateMany({ data: { createdAt: new Date(linksSince.getTime() - day) } });
    await post.db.subscriber.update({
      where: { id },
      data: { email: newAda, emailKey: newAda, linksSince },
    });
    const [digest] = await receive();
    expect(digest?.to).toBe(newAda);
    expect((await fetch(`${site.url}${pathTo(digest, 'preferences')}`)).status).toBe(200);
    await submit('/preferences', [['email', newAda]]);
    await answerRequests(post);
    await post.db.delivery.updateMany({
      where: { kind: 'preferences_link' },
      data: { createdAt: new Date(linksSince.getTime() - day) },
    });
    const [link] = await receive();
    expect((await fetch(`${site.url}${pathTo(link, 'preferences')}`)).status).toBe(200);
  });

  test('opens each digest’s own web page, however old the mail is', async () => {
    const { digest } = await subscribeAda();
    post.pass(day);
    await post.list('2026-03-03', [expertPaper('speech')]);
    await post.sweep();
    const second = await readMail(post.smtp.mails.at(-1)?.raw ?? Buffer.alloc(0));
    const read = async (mail: ReadMail | undefined) =>
      (await fetch(`${site.url}${pathTo(mail, 'digest')}`)).text();
    expect(await read(digest)).toContain('</mark> for translation</a>');
    expect(await read(digest)).not.toContain(' for speech');
    expect(await read(second)).toContain('</mark> for speech</a>');
    expect(second.html.indexOf('/digest/')).toBeLessThan(second.html.indexOf('<h1'));
  });

  test('takes all data away and is erased, also while a digest is under way', async () => {
    const { digest } = await subscribeAda();
    const account = await openAccount(digest);
    expect(await (await fetch(`${site.url}${account}/data`)).json()).toMatchObject({
      deliveries: [
        { kind: 'digest', picks: [{ title: 'Mixture-of-Experts for translation' }] },
        { kind: 'account_link' },
      ],
    });
    await submit('/preferences', [['email', ada]]);
    await answerRequests(post);
    const { writeMails } = post.deps;
    await deliverDue({
      ...post.deps,
      writeMails: async (claimed) => {
        const written = await writeMails(claimed);
        await submit(`${account}/erase`);
        return written;
      },
    });
    expect(await receive()).toEqual([]);
    expect(post.smtp.mails).toHaveLength(2);
    expect(await post.db.subscriber.count()).toBe(0);
    expect(await post.db.delivery.count()).toBe(0);
  });
});
