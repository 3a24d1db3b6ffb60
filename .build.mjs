// Makes of src/ and templates/ what Node runs, in dist/ or the folder that is given. What was made of the same is left as it
// is: `npm start` asks for it each time. Types are checked elsewhere (`npm run typecheck`): nothing is made of them.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const project = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(project, 'dist');
const stamp = join(target, 'made-of');

/** Of all that it is made of; the lock file names what makes it. */
function hashSources() {
  const hash = createHash('sha256');
  const list = (folder) => listFiles(join(project, folder)).map((name) => join(folder, name));
  for (const name of [
    ...list('src'),
    ...list('templates'),
    'tsconfig.json',
    'package-lock.json',
    '.build.mjs',
  ])
    hash.update(`\0${name}\0`).update(readFileSync(join(project, name)));
  return hash.digest('hex');
}

function listFiles(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
}

/** File by file: what runs or starts meanwhile has the whole of each. */
function translate() {
  const fresh = join(target, `fresh-${process.pid}`);
  const tsc = join(project, 'node_modules/typescript/bin/tsc');
  const options = ['--project', join(project, 'src/tsconfig.json'), '--noCheck', '--outDir', fresh];
  mkdirSync(fresh, { recursive: true });
  try {
    execFileSync(process.execPath, [tsc, ...options], { stdio: ['ignore', 'inherit', 'inherit'] });
    chmodSync(join(fresh, 'cli.js'), 0o755);
    for (const name of listFiles(fresh)) {
      mkdirSync(dirname(join(target, name)), { recursive: true });
      renameSync(join(fresh, name), join(target, name));
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** As the program would at each start, without this: MJML takes longer to load than all the rest. */
async function compileTemplates() {
  const { storeMailSources } = await import(pathToFileURL(join(target, 'mails/mail-sources.js')).href);
  await storeMailSources(join(project, 'templates'), join(target, 'mails/mail-sources.json'));
}

function readStamp() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return null;
  }
}

const hash = hashSources();
if (readStamp() !== hash) {
  try {
    // Where this is broken off, what is there is made of nothing that anyone could tell.
    rmSync(stamp, { force: true });
    translate();
    await compileTemplates();
    writeFileSync(stamp, hash);
  } catch (error) {
    const isRefused = ['EACCES', 'EROFS'].includes(error.code);
    console.error(
      isRefused ? `${error.message}: \`npm run build\` is for the owner of the folder` : error.message,
    );
    process.exitCode = 1;
  }
}
