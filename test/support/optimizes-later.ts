// How node runs what tests run.
import { execFileSync } from 'node:child_process';

/**
 * V8 optimizes a function once so much of it was run. In a test most are asked a few times only: to wait fifteen times as long saves a
 * tenth of the processor. Later versions than that of Node 20 reckon otherwise, and know no such option.
 */
export const optimizesLater: string[] = /^ +--interrupt-budget /m.test(
  execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' }),
)
  ? ['--interrupt-budget=1000000']
  : [];
