// Takes the templates of all mails apart, once per process; a language costs only its words.
import { footerIn } from '../brand/brand.ts';
import { type Language, languageCodes } from '../languages/languages.ts';
import { wordsOf } from '../languages/words.ts';
import { cleanText } from '../text/clean-text.ts';
import { emptyHtml, type Html, trustHtml } from '../text/html.ts';
import { fillWords } from './fill-words.ts';
import type { Sender } from './mail-content.ts';
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
    accountMail: compileAccountMail(speak(sources.accountMail)),
  };
}

function compileAccountMail(source: Source) {
  const { rest, ...brand } = cutBrand(source);
  return {
    ...brand,
    page: compileTemplate(rest, [
      ...(['subject', 'preheader', 'filler', 'siteName', 'postalAddress'] as const),
      ...(['heading', 'news', 'offer', 'button', 'url', 'otherwise', 'noMail', 'logo', 'footer'] as const),
    ]),
  };
}

/** What only some operators have. */
function cutBrand(source: Source) {
  const logo = cutPiece(source, 'logo');
  const footer = cutPiece(logo.rest, 'footer');
  return {
    rest: footer.rest,
    logo: compileTemplate(logo.piece, ['logo', 'width', 'height']),
    footer: compileTemplate(footer.piece, ['footer']),
  };
}

export type BrandTemplate = Pick<ReturnType<typeof cutBrand>, 'logo' | 'footer'>;

/** The blanks of a page for it; empty where there is nothing of the kind. */
export function fillBrand(
  template: BrandTemplate,
  { logo, footer = {} }: Pick<Sender, 'logo' | 'footer'>,
  language: Language,
): { logo: Html; footer: Html } {
  const text = cleanText(footerIn(footer, language));
  return {
    logo: logo
      ? trustHtml(template.logo({ logo: logo.url, width: String(logo.width), height: String(logo.height) }))
      : emptyHtml,
    footer: text === '' ? emptyHtml : trustHtml(template.footer({ footer: text })),
  };
}

export type DigestTemplate = ReturnType<typeof compileDigest>;
export type CardTemplate = ReturnType<typeof compileCard>;

function compileDigest(source: Source) {
  const { rest: unbranded, ...brand } = cutBrand(source);
  const early = cutPiece(unbranded, 'early');
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
    ...brand,
    page: compilePieceTemplate(dropBlank(parts.rest, 'parts'), [
      ...(['subject', 'preheader', 'filler', 'siteName', 'date', 'count', 'home', 'postalAddress'] as const),
      ...(['early', 'note', 'gap', 'whyHere', 'lead', 'card', 'briefHeading', 'brief', 'more'] as const),
      ...(['preferences', 'unsubscribe', 'digest', 'email', 'subscribedOn', 'logo', 'footer'] as const),
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
