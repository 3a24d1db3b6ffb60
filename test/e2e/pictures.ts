// Makes README's pictures (`npm run pictures`): of a digest that went over SMTP, and of the page where it began.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { packageFolder } from '../../src/config.ts';
import { findExternalTool } from '../support/external-tools.ts';
import { openLocalInbox, waitForMail } from '../support/mailbox.ts';
import { findLink, readMail } from '../support/read-mail.ts';
import { makeInstallation } from '../support/service.ts';

const folder = join(packageFolder, '.github', 'pictures');
const reader = {
  email: 'ada@example.org',
  topics: ['mixture-of-experts', 'llm-inference', 'distributed-training'],
  keywords: ['"kv cache"'],
};

type Picture = { file: string; width: number; height: number; colorScheme: 'light' | 'dark' };

const digests: Picture[] = [
  { file: 'digest.png', width: 720, height: 1150, colorScheme: 'light' },
  { file: 'digest-phone-dark.png', width: 390, height: 844, colorScheme: 'dark' },
];
const signUp: Picture = { file: 'sign-up.png', width: 1280, height: 900, colorScheme: 'light' };

const installation = await makeInstallation();
await mkdir(folder, { recursive: true });
const executablePath = findExternalTool('chromium') ?? '';
const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: ['--disable-gpu'] });
try {
  await installation.start();
  const html = await receiveDigest();
  for (const picture of digests) await takePicture(browser, picture, (page) => page.setContent(html));
  await takePicture(browser, signUp, async (page) => {
    await page.goto(installation.siteUrl);
    for (const id of reader.topics) await page.check(`input[value="${id}"]`);
    await page.getByRole('region', { name: 'Your digest today' }).getByRole('link').first().waitFor();
  });
} finally {
  await browser.close();
  await installation.remove();
}

/** The HTML of a first digest, as its reader's mail program has it. */
async function receiveDigest(): Promise<string> {
  await fetch(`${installation.siteUrl}/api/v1/subscriptions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(reader),
  });
  const mailbox = openLocalInbox(installation.inboxUrl);
  const confirmation = await readMail(await waitForMail(mailbox, reader.email, 1));
  await fetch(findLink(confirmation, 'confirm'), { method: 'POST' });
  return (await readMail(await waitForMail(mailbox, reader.email, 2))).html;
}

async function takePicture(
  from: Browser,
  { file, width, height, colorScheme }: Picture,
  show: (page: Awaited<ReturnType<Browser['newPage']>>) => Promise<unknown>,
): Promise<void> {
  const page = await from.newPage({ viewport: { width, height }, colorScheme });
  await show(page);
  await page.screenshot({ path: join(folder, file) });
  await page.close();
}
