// Runs in the processes that tests start, put into each script by build.ts: gets at the modules that are compiled once per run.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';

export const modulesFile = 'modules.cjs';
/** Around them: what CommonJS modules expect to be there, and what stands for `import()` and `import.meta.url`. */
export const modulesFunction = {
  start: '(function (module, require, importHere, urlHere, __filename, __dirname) {',
  end: '})',
};

type Modules = Record<string, () => unknown>;
let modules: Modules | null = null;

export type Build = { folder: string; keepsCompiled: boolean };

/** What `module` exports, asked for by `script`: both as they are named in the project. */
export function loadCompiled(build: Build, module: string, script: string): unknown {
  modules ??= runModules(build, script);
  return modules[module]?.();
}

/** What was compiled before this process ends is kept for those that run the same script and command after it. */
function runModules({ folder, keepsCompiled }: Build, script: string): Modules {
  const file = join(folder, modulesFile);
  const [first = ''] = process.argv.slice(2);
  const command = /^[a-z-]+$/.test(first) ? first : '';
  const kept = join(folder, `${script.replaceAll('/', '-')}-${command}.compiled`);
  const compiled = keepsCompiled ? readIfThere(kept) : null;
  // All of it is ASCII, and takes half the room then.
  const unit = new Script(readFileSync(file, 'latin1'), {
    filename: file,
    ...(compiled === null ? {} : { cachedData: compiled }),
  });
  if (keepsCompiled && (compiled === null || unit.cachedDataRejected))
    process.once('exit', () => keep(kept, unit));
  const module: { exports: Modules } = { exports: {} };
  const importHere = (name: string) => import(name);
  unit.runInThisContext()(module, createRequire(file), importHere, pathToFileURL(file).href, file, folder);
  return module.exports;
}

function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

function keep(file: string, unit: Script): void {
  // What ended at once compiled little of what others need.
  if (process.uptime() < 0.4) return;
  try {
    // Several may end at once.
    writeFileSync(`${file}-${process.pid}`, unit.createCachedData());
    renameSync(`${file}-${process.pid}`, file);
  } catch {
    // The run is over, and its folder gone.
  }
}
