// How the tests run. The servers they need are started once per run by support/global-setup.ts.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { optimizesLater } from './support/optimizes-later.ts';

/**
 * Begun last, each of these would run alone, or wait, while the other workers have nothing left to do. What waits most of its time
 * stands between what computes: side by side, they would leave the processor idle. In a soak the first takes half an hour.
 */
const slowest = [
  'faults/model.test.ts',
  'faults/kill-resend.test.ts',
  'faults/server-run.test.ts',
  'web/all-pages.test.ts',
  'faults/kill.test.ts',
  'faults/hosts.test.ts',
  'e2e/restart.test.ts',
  'service/rounds.test.ts',
  'e2e/set-ups.test.ts',
  'local/postgres/postgres.test.ts',
  'faults/server.test.ts',
  'e2e/journey.test.ts',
  'platform/http-timeouts.test.ts',
  'commands/cli.test.ts',
  'faults/redis.test.ts',
  'containers.test.ts',
  'platform/silent-database.test.ts',
  'web/api-contract.test.ts',
  'smtp/quota.test.ts',
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
    execArgv: optimizesLater,
    sequence: { sequencer: SlowestFirst },
    // Machines are shared: a test that hangs is to fail, a test on a busy machine is not.
    testTimeout: 180_000,
    hookTimeout: 240_000,
    // A worker that waits for a server or a browser leaves its core to another one.
    maxWorkers: 4,
  },
});
