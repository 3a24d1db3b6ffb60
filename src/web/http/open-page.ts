// A page in its reader's language: the words, links that keep the language, and templates that print both.
import type { Request, Response } from 'express';
import { type Language, languageCodes, languages } from '../../languages/languages.ts';
import { type Words, wordsOf } from '../../languages/words.ts';
import type { Links } from '../../platform/links.ts';
import type { LanguageLink } from './answers/render.ts';
import { chooseLanguage, findAskedLanguage } from './choose-language.ts';
import type { SpeakingDeps } from './deps.ts';

export type Page = {
  words: Words;
  links: Links;
  render: (name: string, data: object) => string;
};

/** Speaks as the address asks (`?lang=`), else as `reader` prefers, else as the browser does. Sets headers. */
export function openPage(
  { links, linksIn, render }: SpeakingDeps,
  response: Response,
  reader?: { preferences: { language: Language } },
): Page {
  const { req: request } = response;
  const browsers = chooseLanguage(request);
  const language = findAskedLanguage(request) ?? reader?.preferences.language ?? browsers;
  const words = wordsOf(language);
  response.vary('Accept-Language').set('Content-Language', words.tag);
  const voice = {
    words,
    // Where the browser alone would bring another language, the links say which one.
    links: language === browsers ? links : linksIn(language),
    languages: listLanguageLinks(request, language),
  };
  return { words, links: voice.links, render: (name, data) => render(name, data, voice) };
}

/** The same page in each language. Relative: a page does not know under which path a proxy shows it. */
function listLanguageLinks({ query }: Request, current: Language): LanguageLink[] {
  const kept = Object.entries(query).flatMap(([name, given]) =>
    name === 'lang' ? [] : readTexts(given).map((value): [string, string] => [name, value]),
  );
  return languageCodes.map((code) => ({
    href: `?${new URLSearchParams([...kept, ['lang', code]])}`,
    tag: languages[code].tag,
    name: languages[code].name,
    isCurrent: code === current,
  }));
}

function readTexts(given: unknown): string[] {
  return [given].flat().filter((value) => typeof value === 'string');
}
