// In which language a visitor reads: what the address asks for, else what the browser prefers.
import type { Request } from 'express';
import Negotiator from 'negotiator';
import { fallbackLanguage, type Language, languageCodes, readLanguage } from '../../languages/languages.ts';

/** Browsers send some dozens of characters. */
const longestHeader = 1000;

/** The language of `?lang=`; null when it is absent or none of ours. */
export function findAskedLanguage({ query }: Pick<Request, 'query'>): Language | null {
  return readLanguage(query.lang);
}

/** By an Accept-Language header (RFC 9110 section 12.5.4), whatever it holds. `de-AT` is served with `de`. */
export function chooseLanguage(header: string | undefined): Language {
  const headers = { 'accept-language': header?.slice(0, longestHeader) };
  return readLanguage(new Negotiator({ headers }).language([...languageCodes])) ?? fallbackLanguage;
}
