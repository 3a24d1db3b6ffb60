// The languages that pages and mails speak. This list is the only one: each has its catalogue beside this file.

/** The first is the fallback. */
export const languageCodes = ['en', 'de', 'fr', 'es', 'zh', 'ja'] as const;

export type Language = (typeof languageCodes)[number];

export const fallbackLanguage: Language = 'en';

export type LanguageFacts = {
  /** In the language itself. */
  name: string;
  /** For `lang` attributes and Content-Language (BCP 47). */
  tag: string;
  /** Whose dates and plurals are used. */
  locale: string;
};

export const languages: Readonly<Record<Language, LanguageFacts>> = {
  en: { name: 'English', tag: 'en', locale: 'en-GB' },
  de: { name: 'Deutsch', tag: 'de', locale: 'de' },
  fr: { name: 'Français', tag: 'fr', locale: 'fr' },
  es: { name: 'Español', tag: 'es', locale: 'es' },
  zh: { name: '简体中文', tag: 'zh-Hans', locale: 'zh-Hans' },
  ja: { name: '日本語', tag: 'ja', locale: 'ja' },
};

/** Null for anything but a code of the list. */
export function readLanguage(given: unknown): Language | null {
  return languageCodes.find((code) => code === given) ?? null;
}
