// Puts a language's words into a mail template, once per process and language. Blanks of a message stay blanks of the
// template, to be filled in with the rest.

import { readMessageKey } from '../languages/catalogue.ts';
import type { Words } from '../languages/words.ts';
import { ConfigError } from '../platform/errors.ts';
import { escapeHtml, foldLines } from '../text/html.ts';
import type { Source } from './template.ts';

/** Fills `{{lang}}` and every `{{words:key}}`. Throws ConfigError for a key that no catalogue has. */
export function fillWords({ where, html }: Source, words: Words): Source {
  const filled = html
    .replaceAll('{{lang}}', words.tag)
    .replace(/\{\{words:([^{}]*)\}\}/g, (_, name: string) => {
      const key = readMessageKey(name);
      if (key === null) throw new ConfigError(`${where}: there is no message ${name}`);
      return words
        .partsOf(key)
        .map((part, index) => (index % 2 === 0 ? escapeHtml(part) : `{{${part}}}`))
        .join('');
    });
  return { where: `${words.language}: ${where}`, html: foldLines(filled) };
}
