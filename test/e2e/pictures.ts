// Makes README's pictures (`npm run pictures`): of a digest that went over SMTP, of the page where it began,
// and of the preferences that it leads to.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { packageFolder } from '../../src/config/config.ts';
import { findExternalTool } from '../support/external-tools.ts';
import { openLocalInbox, waitForMail } from '../support/mailbox.ts';
import { findLink, type ReadMail, readMail } from '../support/read-mail.ts';
import { makeInstallation } from '../support/service.ts';

const folder = join(packageFolder, '.github', 'pictures');
const reader = {
  email: 'ada@example.org',
  topics: ['mixture-of-experts', 'llm-inference', 'distributed-training'],
  keywords: ['"kv cache"'],
};

/** `height`: of the window, or down to where the paper after so many begins. */
type Picture = {
  file: string;
  width: number;
  height: number | { papers: number };
  colorScheme: 'light' | 'dark';
};

const digests: Picture[] = [
  { file: 'digest.png', width: 720, height: { papers: 3 }, colorScheme: 'light' },
  { file: 'digest-phone-dark.png', width: 390, height: { papers: 2 }, colorScheme: 'dark' },
];
const signUp: Picture = { file: 'sign-up.png', width: 1280, height: 900, colorScheme: 'light' };
const preferences: Picture = { file: 'preferences.png', width: 1000, height: 1250, colorScheme: 'light' };

const installation = await makeInstallation({ TOPICS_FILE: '' });
await mkdir(folder, { recursive: true });
const executablePath = findExternalTool('chromium') ?? '';
const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: ['--disable-gpu'] });
try {
  await installation.start();
  const digest = await receiveDigest();
  for (const picture of digests) await takePicture(browser, picture, (page) => page.setContent(digest.html));
  await takePicture(browser, signUp, async (page) => {
    await page.goto(installation.siteUrl);
    for (const id of reader.topics) {
      const box = page.locator(`input[name="topics"][value="${id}"]`);
      await page.locator('#topics .topic-group', { has: box }).evaluate((group) => {
        group.setAttribute('open', '');
      });
      await box.check();
    }
    await page.getByRole('region', { name: 'Your digest today' }).getByRole('link').first().waitFor();
    // While it is on its way, it is pale.
    await page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
    // To check a box scrolls, and the preview goes along.
    await page.evaluate('scrollTo(0, 0)');
    await page.waitForTimeout(500);
  });
  await takePicture(browser, preferences, (page) => page.goto(findLink(digest, 'preferences')));
} finally {
  await browser.close();
  await installation.remove();
}

/** A first digest, as its reader's mail program has it. */
async function receiveDigest(): Promise<ReadMail> {
  await fetch(`${installation.siteUrl}/api/v1/subscriptions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(reader),
  });
  const mailbox = openLocalInbox(installation.inboxUrl);
  const confirmation = await readMail(await waitForMail(mailbox, reader.email, 1));
  await fetch(findLink(confirmation, 'confirm'), { method: 'POST' });
  return readMail(await waitForMail(mailbox, reader.email, 2));
}

async function takePicture(
  from: Browser,
  { file, width, height, colorScheme }: Picture,
  show: (page: Page) => Promise<unknown>,
): Promise<void> {
  // What sticks to the window's bottom belongs at the picture's.
  const window = typeof height === 'number' ? height : 900;
  const page = await from.newPage({ viewport: { width, height: window }, colorScheme });
  await show(page);
  const end =
    typeof height === 'number' ? height : await findTop(page.locator('.card').nth(height.papers - 1));
  await page.screenshot({
    path: join(folder, file),
    fullPage: true,
    clip: { x: 0, y: 0, width, height: end },
  });
  await page.close();
}

async function findTop(locator: Locator): Promise<number> {
  const box = await locator.boundingBox();
  return Math.floor(box?.y ?? 900);
}
