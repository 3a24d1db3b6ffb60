// Reads and compiles the MJML templates, once per process; a language costs only its words.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import mjml2html from 'mjml';
import { ConfigError } from '../errors.ts';
import { type Language, languageCodes } from '../languages/languages.ts';
import { wordsOf } from '../languages/words.ts';
import { readersBlanks } from './digest-words.ts';
import { fillWords } from './fill-words.ts';
import { foldLines, toAscii } from './html.ts';
import { compilePieceTemplate, compileTemplate, cutPiece, type Source } from './template.ts';

export type MailTemplates = Readonly<Record<Language, TemplatesOfLanguage>>;

type TemplatesOfLanguage = ReturnType<typeof compileLanguage>;

/** `folder` holds the .mjml files. Throws ConfigError with file and place of any mistake in them. */
export async function createMailTemplates(folder: string): Promise<MailTemplates> {
  const sources = await Promise.all(
    ['digest.mjml', 'confirmation.mjml', 'already-subscribed.mjml', 'reader-note.mjml'].map((name) =>
      compileMjml(join(folder, name)),
    ),
  );
  return Object.fromEntries(
    languageCodes.map((language) => [language, compileLanguage(sources, language)]),
  ) as MailTemplates;
}

function compileLanguage(sources: readonly Source[], language: Language) {
  const [digest, confirmation, alreadySubscribed, readerNote] = sources.map((source) =>
    fillWords(source, wordsOf(language)),
  );
  if (!digest || !confirmation || !alreadySubscribed || !readerNote) throw new Error('unreachable');
  return {
    digest: compileDigest(digest),
    confirmation: compileTemplate(confirmation, [...noteBlanks, 'confirmUrl']),
    alreadySubscribed: compileTemplate(alreadySubscribed, [...noteBlanks, 'preferencesUrl']),
    readerNote: compileTemplate(readerNote, [
      ...noteBlanks,
      ...(['heading', 'news', 'offer', 'button', 'url', 'otherwise'] as const),
    ]),
  };
}

const noteBlanks = ['subject', 'preheader', 'filler', 'siteName', 'postalAddress'] as const;

export type DigestTemplate = ReturnType<typeof compileDigest>;
export type CardTemplate = ReturnType<typeof compileCard>;

function compileDigest(source: Source) {
  const early = cutPiece(source, 'early');
  const note = cutPiece(early.rest, 'note');
  const lead = cutPiece(note.rest, 'lead');
  const card = cutPiece(lead.rest, 'card');
  const briefHeading = cutPiece(card.rest, 'briefHeading');
  const brief = cutPiece(briefHeading.rest, 'brief');
  const briefWhy = cutPiece(brief.piece, 'why');
  const more = cutPiece(brief.rest, 'more');
  const parts = cutPiece(more.rest, 'parts');
  const part = (name: string) => cutPiece(parts.piece, name).piece;
  return {
    page: compilePieceTemplate(dropBlank(parts.rest, 'parts'), [
      ...([
        'subject',
        'preheader',
        'filler',
        'siteName',
        'date',
        'edition',
        'count',
        'home',
        'postalAddress',
      ] as const),
      ...(['early', 'note', 'gap', 'whyHere', 'lead', 'card', 'briefHeading', 'brief', 'more'] as const),
      ...readersBlanks,
    ]),
    early: compileTemplate(early.piece, ['preferences', 'unsubscribe']),
    note: compileTemplate(note.piece, ['note']),
    lead: compileCard(lead.piece),
    card: compileCard(card.piece),
    briefHeading: compileTemplate(briefHeading.piece, []),
    brief: {
      frame: compileTemplate(briefWhy.rest, ['paper', 'title', 'why']),
      why: compileTemplate(briefWhy.piece, ['why']),
    },
    more: compileTemplate(more.piece, ['archive', 'more']),
    reason: compileTemplate(part('reason'), ['label', 'places']),
    words: compileTemplate(part('words'), ['words']),
    hit: compileTemplate(part('hit'), ['words']),
    link: compileTemplate(part('link'), ['url', 'label']),
  };
}

function dropBlank({ where, html }: Source, name: string): Source {
  return { where, html: html.replace(`{{${name}}}`, '') };
}

function compileCard(source: Source) {
  const why = cutPiece(source, 'why');
  const abstract = cutPiece(why.rest, 'abstract');
  const facts = cutPiece(abstract.rest, 'facts');
  return {
    frame: compileTemplate(facts.rest, ['paper', 'title', 'why', 'abstract', 'facts', 'more', 'fewer']),
    why: compileTemplate(why.piece, ['why']),
    abstract: compileTemplate(abstract.piece, ['abstract']),
    facts: compileTemplate(facts.piece, ['facts']),
  };
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
