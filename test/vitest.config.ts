// How the tests run. The servers they need are started once per run by support/global-setup.ts.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // Machines are shared: a test that hangs is to fail, a test on a busy machine is not.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A worker that waits for a server or a browser leaves its core to another one.
    maxWorkers: 3,
  },
});
