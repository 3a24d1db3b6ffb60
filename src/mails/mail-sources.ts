// Makes HTML of the MJML templates, once per process: blanks and pieces are still in it. MJML takes longer to load than all
// the rest of the program; the built program therefore carries the HTML of the templates it was built with.
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../platform/errors.ts';
import { foldLines, toAscii } from '../text/html.ts';
import type { Source } from './template.ts';

const files = {
  digest: 'digest.mjml',
  accountMail: 'account-mail.mjml',
} as const;

export type MailSources = Readonly<Record<keyof typeof files, Source>>;

/** `folder` holds the .mjml files. Rejects with ConfigError for one that is missing, or is no MJML. */
export async function compileMailSources(folder: string): Promise<MailSources> {
  const sources = Object.entries(files).map(async ([name, file]) => [
    name,
    await compileMjml(join(folder, file)),
  ]);
  return Object.fromEntries(await Promise.all(sources)) as MailSources;
}

/** The same, as the build left it in `stored` where the templates are still those. */
export async function loadMailSources(folder: string, stored = builtFile): Promise<MailSources> {
  const built = await readBuilt(stored);
  const isCurrent = built !== null && built.hash === (await hashTemplates(folder).catch(() => null));
  if (!isCurrent) return compileMailSources(folder);
  const { digest, accountMail } = built.sources;
  const locate = ({ html }: Source, file: string) => ({ where: join(folder, file), html });
  return { digest: locate(digest, files.digest), accountMail: locate(accountMail, files.accountMail) };
}

/** For the build. Who reads `file` meanwhile has all of what was there, or of this. */
export async function storeMailSources(folder: string, file: string): Promise<void> {
  const built: Built = { hash: await hashTemplates(folder), sources: await compileMailSources(folder) };
  await writeFile(`${file}-${process.pid}`, JSON.stringify(built));
  await rename(`${file}-${process.pid}`, file);
}

/** Beside this file in the built program; nothing is stored beside the source. */
const builtFile = fileURLToPath(new URL('mail-sources.json', import.meta.url));

type Built = { hash: string; sources: MailSources };

async function readBuilt(file: string): Promise<Built | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : JSON.parse(text);
}

/** Of every template in the folder, whichever includes which. */
async function hashTemplates(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.mjml')).sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(`\0${name}\0`).update(await readFile(join(folder, name)));
  return hash.digest('hex');
}

async function compileMjml(path: string): Promise<Source> {
  const mjml = await readTemplate(path);
  // MJML itself leaves only a comment in the mail where it could not include something.
  for (const [, included = ''] of mjml.matchAll(/<mj-include\s+path="([^"]*)"/g)) {
    await readTemplate(join(dirname(path), included));
  }
  try {
    const options = { filePath: path, ignoreIncludes: false, validationLevel: 'strict', fonts: {} } as const;
    const { default: mjml2html } = await import('mjml');
    const { html } = await mjml2html(mjml, options);
    return { where: path, html: foldLines(toAscii(squeeze(html))) };
  } catch (cause) {
    throw new ConfigError(`${path} is not valid MJML: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

async function readTemplate(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${path} can not be read`, { cause });
  }
}

/** White space means nothing in these templates but that there is some. */
function squeeze(html: string): string {
  return (
    html
      // What a template says about itself is not for readers; its pieces have a name and a colon.
      .replace(/<!--\s+[A-Z].*?-->/gs, '')
      .replace(/<!--.*?-->|<[^>]*>/g, (tag) => tag.replace(/\s+/g, ' '))
      .replace(/ style(?= |>)/g, '')
      // MJML's article around all is no landmark; the templates have landmarks of their own.
      .replace(/ aria-label="[^"]*" aria-roledescription="email" role="article"/, '')
      .replace(/\s*\n\s*/g, '\n')
      .trim()
  );
}
