// A Chromium for page tests: the system's own, with a fresh profile.
import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';

/**
 * Only inside `describeWith('chromium', ...)`; close it in `afterAll`. The profile is new each time and removed on
 * close. Use `browser.newContext()` per test: `javaScriptEnabled: false`, `colorScheme` and `viewport` go there.
 */
export async function launchChromium(): Promise<Browser> {
  const executablePath = inject('externalPrograms').chromium;
  if (executablePath === null)
    throw new Error("No Chromium here: wrap the suite in describeWith('chromium', ...)");
  return chromium.launch({
    executablePath,
    headless: true,
    // As root there is no sandbox to be had.
    chromiumSandbox: false,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
