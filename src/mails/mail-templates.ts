// Takes the templates of all mails apart, once per process; a language costs only its words.
import { type Language, languageCodes } from '../languages/languages.ts';
import { wordsOf } from '../languages/words.ts';
import { fillWords } from './fill-words.ts';
import type { MailSources } from './mail-sources.ts';
import { compilePieceTemplate, compileTemplate, cutPiece, type Source } from './template.ts';

export type MailTemplates = Readonly<Record<Language, TemplatesOfLanguage>>;

type TemplatesOfLanguage = ReturnType<typeof compileLanguage>;

/** Throws ConfigError with file and place of any mistake in them. */
export function createMailTemplates(sources: MailSources): MailTemplates {
  return Object.fromEntries(
    languageCodes.map((language) => [language, compileLanguage(sources, language)]),
  ) as MailTemplates;
}

function compileLanguage(sources: MailSources, language: Language) {
  const speak = (source: Source) => fillWords(source, wordsOf(language));
  return {
    digest: compileDigest(speak(sources.digest)),
    accountMail: compileTemplate(speak(sources.accountMail), [
      ...(['subject', 'preheader', 'filler', 'siteName', 'postalAddress'] as const),
      ...(['heading', 'news', 'offer', 'button', 'url', 'otherwise', 'noMail'] as const),
    ]),
  };
}

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
      ...(['subject', 'preheader', 'filler', 'siteName', 'date', 'count', 'home', 'postalAddress'] as const),
      ...(['early', 'note', 'gap', 'whyHere', 'lead', 'card', 'briefHeading', 'brief', 'more'] as const),
      ...(['preferences', 'unsubscribe', 'digest', 'email', 'subscribedOn'] as const),
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
