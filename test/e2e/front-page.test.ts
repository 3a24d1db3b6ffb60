// What a first visitor's browser loads, with the service as `npm start` brings it up and the sample's 58 papers.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { describeWith } from '../support/needs.ts';
import { type Installation, makeInstallation } from '../support/service.ts';

describeWith('chromium', 'the front page', () => {
  let installation: Installation;
  let browser: Browser;
  beforeAll(async () => {
    installation = await makeInstallation();
    [browser] = await Promise.all([launchChromium(), installation.start()]);
  });
  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });

  test('is below 115 KB in all, before compression, in five requests and from here only', async () => {
    const page = await browser.newPage();
    const loaded = new Map<string, number>();
    page.on('requestfinished', async (request) => {
      const body = await (await request.response())?.body();
      loaded.set(request.url(), body?.byteLength ?? 0);
    });
    await page.goto(installation.siteUrl, { waitUntil: 'networkidle' });
    // A browser without a window fetches no icon by itself.
    const icon = await page.locator('link[rel="icon"]').getAttribute('href');
    const iconUrl = new URL(icon ?? '', installation.siteUrl).href;
    loaded.set(iconUrl, (await (await fetch(iconUrl)).arrayBuffer()).byteLength);

    for (const url of loaded.keys()) expect(url).toContain(`${installation.siteUrl}/`);
    expect([...loaded.keys()].map((url) => /\.[a-z]+$/.exec(url)?.[0] ?? 'page').sort()).toEqual([
      '.css',
      '.js',
      '.js',
      '.svg',
      'page',
    ]);
    const bytes = [...loaded.values()].reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(20_000);
    // 49 topics, once to follow and once to leave out, with what each covers, and 418 time zones.
    expect(bytes).toBeLessThan(115_000);
    expect(await page.context().cookies()).toEqual([]);
    await page.close();
  });
});
