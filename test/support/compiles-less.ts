// How node runs what tests run.
import { execFileSync } from 'node:child_process';

/**
 * V8 compiles for programs that do the same for hours. In tests most is asked a few times only: to wait fifteen times as long before
 * it is optimized saves a tenth of the processor. So does not to forget what one file of tests needed, which another one needs again
 * some minutes later; and a little less, to leave Prisma's WebAssembly as it is for longer.
 */
const wanted = ['--interrupt-budget=1000000', '--no-flush-bytecode', '--wasm-tiering-budget=30000000'];

const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });

/** Those that this Node knows: it does not start with any other. */
export const compilesLess: string[] = wanted.filter((option) =>
  known.includes(`\n  --${option.replace(/^--(?:no-)?|=.*/g, '')} `),
);
