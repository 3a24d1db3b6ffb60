// In which language a visitor reads: what the address asks for, else what the browser prefers.
import type { Request } from 'express';
import { fallbackLanguage, type Language, languageCodes, readLanguage } from '../../languages/languages.ts';

/** Browsers send some dozens of characters. */
const longestHeader = 1000;

/** The language of `?lang=`; null when it is absent or none of ours. */
export function findAskedLanguage({ query }: Pick<Request, 'query'>): Language | null {
  return readLanguage(query.lang);
}

/** By the Accept-Language header (RFC 9110 section 12.5.4), whatever it holds. `de-AT` is served with `de`. */
export function chooseLanguage(request: Pick<Request, 'get' | 'acceptsLanguages'>): Language {
  const header = request.get('accept-language') ?? '';
  if (header.length > longestHeader) return fallbackLanguage;
  return readLanguage(request.acceptsLanguages(...languageCodes)) ?? fallbackLanguage;
}
