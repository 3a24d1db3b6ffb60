// `npm test`: sees to the programs npm cannot bring, runs vitest, and ends with a line that counts the tests.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compilesLess } from './support/compiles-less.ts';
import { describeHowToGet, installMissingTools, listMissingTools } from './support/external-tools.ts';
import { parseReport, type Report, tallyRun } from './support/tally.ts';
import { makeTemporaryFolder } from './support/temporary-folder.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const say = (line: string) => process.stdout.write(`${line}\n`);

installMissingTools(say);
const missing = listMissingTools();
if (isCi(process.env.CI) && missing.length > 0) {
  for (const tool of missing) say(`There is no ${tool} here. Get it with ${describeHowToGet(tool)}.`);
  say('CI=true: nothing may be left out, so no test was run.');
  process.exit(1);
}

const folder = makeTemporaryFolder(process.env);
const reportFile = join(folder.path, 'report.json');
const vitestExitCode = await runVitest(process.argv.slice(2));
const tally = tallyRun({ report: readReport(), vitestExitCode, isCi: isCi(process.env.CI), root });
folder.remove();

for (const line of tally.closingLines) say(line);
say(tally.lastLine);
process.exitCode = tally.exitCode;

/** Resolves to vitest's exit code, or to 128 + the signal's number when a signal ended it. */
function runVitest(args: string[]): Promise<number> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const child = spawn(
    process.execPath,
    [...compilesLess, vitest, 'run', '--config', 'test/vitest.config.ts', ...reporters, ...args],
    { cwd: root, stdio: 'inherit', env: { ...process.env, TMPDIR: folder.path } },
  );
  // Stay until vitest has stopped its servers; it hears Ctrl-C itself, but not a signal sent to this process alone.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/** Null when vitest was stopped before it could write the report. */
function readReport(): Report | null {
  try {
    return parseReport(readFileSync(reportFile, 'utf8'));
  } catch {
    return null;
  }
}

function isCi(value: string | undefined): boolean {
  return value === 'true' || value === '1';
}
