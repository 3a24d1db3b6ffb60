// The inbox as somebody sees it in a browser.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Inbox, startInbox } from '../../../src/local/inbox/inbox.ts';
import { launchChromium } from '../../support/chromium.ts';
import { describeWith } from '../../support/needs.ts';

describeWith('chromium', 'the inbox in a browser', () => {
  let folder: string;
  let inbox: Inbox;
  let browser: Browser;
  let site: Server;
  let siteUrl: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paperround-inbox-'));
    inbox = await startInbox({ folder, host: '127.0.0.1', webPort: 0, log() {} });
    browser = await launchChromium();
    site = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end('<title>no script</title><script>document.title = String(window.opener)</script>');
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    await browser.close();
    site.close();
    await inbox.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function send(mail: SendMailOptions): Promise<string> {
    const people = { from: 'digest@papers.example', to: 'ada@papers.example' };
    const { response } = await createTransport({ url: inbox.smtpUrl }).sendMail({ ...people, ...mail });
    return response.split(' ').at(-1) ?? '';
  }

  async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.goto(`${inbox.webUrl}${path}`);
    return page;
  }

  test('a link in a mail opens in a tab of its own, as an ordinary page', async () => {
    const id = await send({ html: `<!doctype html><p><a href="${siteUrl}/confirm">Confirm</a></p>` });
    const page = await open(`/messages/${id}`);
    const link = page.frameLocator('iframe').getByRole('link', { name: 'Confirm' });
    const [tab] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
    await tab.waitForLoadState();
    expect(tab.url()).toBe(`${siteUrl}/confirm`);
    expect(await tab.title()).toBe('null');
    expect(page.url()).toBe(`${inbox.webUrl}/messages/${id}`);
    await page.context().close();
  });

  test('a mail runs no script, loads nothing from elsewhere, and cannot leave its frame', async () => {
    const id = await send({
      html: `<style>p { color: rgb(1, 2, 3) }</style><script>document.title = 'ran'</script>
        <meta http-equiv="refresh" content="0; url=${siteUrl}/refreshed"><img src="${siteUrl}/seen.png">
        <p onclick="document.title = 'ran'">Hello</p><a href="${siteUrl}/top" target="_top">out</a>`,
    });
    const asked: string[] = [];
    site.on('request', ({ url }) => asked.push(url ?? ''));
    const page = await open(`/messages/${id}`);
    const frame = page.frameLocator('iframe');
    await frame.getByText('Hello').click();
    const look = '[document.title, getComputedStyle(document.querySelector("p")).color]';
    expect(await frame.getByText('Hello').evaluate(look)).toEqual(['', 'rgb(1, 2, 3)']);
    await frame.getByRole('link', { name: 'out' }).click();
    await page.waitForTimeout(300);
    expect(page.url()).toBe(`${inbox.webUrl}/messages/${id}`);
    expect(asked).toEqual([]);
    await page.context().close();
  });

  test('a new mail appears in the open list', async () => {
    const page = await open('/');
    await send({ subject: 'Just arrived' });
    await page.getByRole('link', { name: 'Just arrived' }).click({ timeout: 10_000 });
    await page.getByRole('heading', { name: 'Just arrived' }).waitFor();
    await page.context().close();
  });

  test('everything is reached without JavaScript, and the button empties the inbox', async () => {
    await send({ subject: 'Both parts', text: 'In words', html: '<p>In colour</p>' });
    const page = await open('/', { javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Both parts' }).click();
    await page.getByRole('link', { name: 'Plain text' }).click();
    await page.getByText('In words').waitFor();
    await page.getByRole('link', { name: 'On a phone' }).click();
    expect((await page.locator('iframe').boundingBox())?.width).toBe(362);
    await page.getByRole('link', { name: 'All mails' }).click();
    await page.getByText('Empty the inbox').click();
    await page.getByRole('button', { name: 'Delete all mails' }).click();
    await page.getByText('No mail yet').waitFor();
    await page.context().close();
  });

  test.each([
    { width: 360, colorScheme: 'dark' as const },
    { width: 1280, colorScheme: 'light' as const },
  ])('pages fit and are accessible at $width px, $colorScheme', async ({ width, colorScheme }) => {
    const subject = `${'Long'.repeat(60)} subject`;
    const id = await send({
      subject,
      text: `https://papers.example/${'x'.repeat(300)}`,
      html: '<p>Hello</p>',
    });
    const paths = [
      '/',
      ...['html', 'text', 'headers'].map((view) => `/messages/${id}?view=${view}`),
      '/nowhere',
    ];
    for (const path of paths) {
      const page = await open(path, { viewport: { width, height: 740 }, colorScheme });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.evaluate(axe.source);
      // The frame shows whatever was mailed: that is not ours to judge.
      const violations = await page.evaluate(
        "axe.run({ exclude: ['iframe'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))",
      );
      expect({ path, violations }).toEqual({ path, violations: [] });
      await page.context().close();
    }
  });
});
