// Makes HTML of the MJML templates, once per process: blanks and pieces are still in it.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import mjml2html from 'mjml';
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

async function compileMjml(path: string): Promise<Source> {
  const mjml = await readTemplate(path);
  // MJML itself leaves only a comment in the mail where it could not include something.
  for (const [, included = ''] of mjml.matchAll(/<mj-include\s+path="([^"]*)"/g)) {
    await readTemplate(join(dirname(path), included));
  }
  try {
    const options = { filePath: path, ignoreIncludes: false, validationLevel: 'strict', fonts: {} } as const;
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
