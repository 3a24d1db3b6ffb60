// How the tests run. The servers they need are started once per run by support/global-setup.ts.
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { compilesLess } from './support/compiles-less.ts';

/**
 * Begun last, each of these would run alone, or wait, while the other workers have nothing left to do. Those that wait most of their
 * time stand between those that compute, one at a time: side by side, they would leave the processor idle. In a soak the first takes
 * half an hour.
 */
const slowest = [
  'faults/model.test.ts',
  'faults/kill-resend.test.ts',
  'faults/server-run.test.ts',
  'faults/kill.test.ts',
  'e2e/restart.test.ts',
  'web/all-pages.test.ts',
  'faults/hosts.test.ts',
  'e2e/set-ups.test.ts',
  'service/rounds.test.ts',
  'e2e/journey.test.ts',
  'local/postgres/postgres.test.ts',
  'faults/server.test.ts',
  'commands/cli.test.ts',
  'service/two-versions.test.ts',
  'faults/redis.test.ts',
  'web/chromium.test.ts',
  'web/admin.test.ts',
  'platform/redis/redis.test.ts',
  'ledger/schedule.test.ts',
  'containers.test.ts',
  'platform/http-timeouts.test.ts',
  'web/api-contract.test.ts',
  'delivery/deliver.test.ts',
  'platform/queue.test.ts',
  'commands/operator-commands.test.ts',
  'service/new-sources.test.ts',
  'web/all-routes.test.ts',
  'faults/clock.test.ts',
  'bounces/mailbox.test.ts',
  'delivery/not-the-readers-fault.test.ts',
  'mails/spam-score.test.ts',
  'smtp/quota.test.ts',
  'faults/database.test.ts',
  'platform/odd-databases.test.ts',
  'bounces/receiver.test.ts',
  'local/inbox/page.test.ts',
  'platform/silent-database.test.ts',
  'mails/in-a-browser.test.ts',
  'service/health.test.ts',
  'docs-commands.test.ts',
  'service/ingest.test.ts',
];

/** Without the figures of an earlier run, vitest begins with the largest files. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = slowest.findIndex((name) => moduleId.endsWith(name));
      return place === -1 ? slowest.length : place;
    };
    return (await super.sort(files)).sort((one, other) => placeOf(one) - placeOf(other));
  }
}

export default defineConfig({
  root: dirname(dirname(fileURLToPath(import.meta.url))),
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // No test replaces a module: files that run in one process share what it has loaded, which took a tenth of the time.
    isolate: false,
    execArgv: compilesLess,
    sequence: { sequencer: SlowestFirst },
    // Machines are shared: a test that hangs is to fail, a test on a busy machine is not.
    testTimeout: 180_000,
    hookTimeout: 240_000,
    // A worker that waits for a server or a browser leaves its core to another one. A fourth on two cores would have a twentieth of
    // the processor for loading and compiling all over again.
    maxWorkers: Math.min(availableParallelism() + 1, 4),
  },
});
