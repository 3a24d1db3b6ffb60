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
  /** Whose dates, numbers and plurals are used. */
  locale: string;
  /** Between two sentences: a full stop of full width brings its own space. */
  gap: ' ' | '';
  /** Between two parts of a sentence. */
  comma: ', ' | '，' | '、';
};

const spaced = { gap: ' ', comma: ', ' } as const;

export const languages: Readonly<Record<Language, LanguageFacts>> = {
  en: { name: 'English', tag: 'en', locale: 'en-GB', ...spaced },
  de: { name: 'Deutsch', tag: 'de', locale: 'de', ...spaced },
  fr: { name: 'Français', tag: 'fr', locale: 'fr', ...spaced },
  es: { name: 'Español', tag: 'es', locale: 'es', ...spaced },
  zh: { name: '简体中文', tag: 'zh-Hans', locale: 'zh-Hans', gap: '', comma: '，' },
  ja: { name: '日本語', tag: 'ja', locale: 'ja', gap: '', comma: '、' },
};

/** Null for anything but a code of the list. */
export function readLanguage(given: unknown): Language | null {
  return languageCodes.find((code) => code === given) ?? null;
}
