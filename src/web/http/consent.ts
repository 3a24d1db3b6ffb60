// What is kept of a consent: where it was given, to which words, and from where.
import type { Request } from 'express';
import { hashWords } from '../../languages/catalogue.ts';
import type { Language } from '../../languages/languages.ts';
import type { Consent } from '../../subscribers/sign-up/sign-up-store.ts';
import type { WebDeps } from './deps.ts';
import { readSource } from './limits/rate-limits.ts';

type Door = Extract<Consent['door'], 'form' | 'api'>;

/** What is read before the button is pressed: the mail and the page behind its link, and of the form what stands there. */
const textsRead: Record<Door, readonly string[]> = {
  form: ['home.', 'inbox.', 'accountMails.confirmation.', 'confirm.'],
  api: ['accountMails.confirmation.', 'confirm.'],
};

export function recordConsent(
  { hashSource }: Pick<WebDeps, 'hashSource'>,
  request: Request,
  { door, language }: { door: Door; language: Language },
): Consent {
  return {
    door,
    words: `${language} ${hashWords(language, textsRead[door])}`,
    source: hashSource(readSource(request).address),
  };
}
