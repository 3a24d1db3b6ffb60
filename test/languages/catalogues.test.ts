// Every language has every message, with the same blanks and the plural forms it needs; and every message is used.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { packageFolder } from '../../src/config/config.ts';
import { type Language, languageCodes, languages } from '../../src/languages/languages.ts';
import { accountMails } from '../../src/subscribers/account/account-mails.ts';

type Tree = { [name: string]: string | Tree };
const treeShape: z.ZodType<Tree> = z.record(
  z.string(),
  z.union([z.string().min(1), z.lazy(() => treeShape)]),
);

/** By dotted name, plural forms each on their own. */
const catalogues = new Map(languageCodes.map((code) => [code, flatten(readCatalogue(code))]));
const pluralForm = /_(?:zero|one|two|few|many|other)$/;
const baseOf = (name: string) => name.replace(pluralForm, '');
const basesOf = (code: Language) => [...new Set([...messagesOf(code).keys()].map(baseOf))];
const others = languageCodes.filter((code) => code !== 'en');

function readCatalogue(code: Language): Tree {
  const path = join(packageFolder, 'src/languages', `${code}.json`);
  return treeShape.parse(JSON.parse(readFileSync(path, 'utf8')));
}

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([name, value]) =>
      typeof value === 'string'
        ? [[prefix + name, value] as const]
        : [...flatten(value, `${prefix}${name}.`)],
    ),
  );
}

function messagesOf(code: Language): Map<string, string> {
  const found = catalogues.get(code);
  if (found === undefined) throw new Error(`There is no catalogue ${code}`);
  return found;
}

/** The plural forms of a message, or the message itself. */
function formsOf(code: Language, base: string): [name: string, text: string][] {
  return [...messagesOf(code)].filter(([name]) => baseOf(name) === base);
}

function blanksOf(code: Language, base: string): string[] {
  const texts = formsOf(code, base).map(([, text]) => text);
  return [...new Set(texts.flatMap((text) => text.match(/\{\{\w+\}\}/g) ?? []))].toSorted();
}

test('there is a catalogue for each language, and no other', () => {
  const files = readdirSync(join(packageFolder, 'src/languages')).filter((name) => name.endsWith('.json'));
  expect(files.toSorted()).toEqual(languageCodes.map((code) => `${code}.json`).toSorted());
});

test.each(others)('%s has the messages of English, and no other', (code) => {
  expect(basesOf(code).toSorted()).toEqual(basesOf('en').toSorted());
});

test.each(others)('%s has the blanks of English in every message', (code) => {
  for (const base of basesOf('en')) expect(blanksOf(code, base), base).toEqual(blanksOf('en', base));
});

test.each(languageCodes)('%s has the plural forms that it needs', (code) => {
  const needed = new Intl.PluralRules(languages[code].locale).resolvedOptions().pluralCategories;
  for (const base of basesOf(code)) {
    const forms = formsOf(code, base).map(([name]) => name.slice(base.length));
    expect(forms.toSorted(), base).toEqual(
      forms.includes('') ? [''] : needed.map((category) => `_${category}`).toSorted(),
    );
  }
});

test.each(others)('%s is translated: hardly a message is as in English', (code) => {
  const english = messagesOf('en');
  const same = [...messagesOf(code)].filter(
    ([name, text]) => /\p{L}{4}/u.test(text.replace(/\{\{\w+\}\}/g, '')) && english.get(name) === text,
  );
  // Words such as Code and Links are the same in some.
  expect(same.length, same.join('\n')).toBeLessThan(15);
});

test.each(languageCodes)('%s has no stray space, no markup and no straight apostrophe', (code) => {
  for (const [name, text] of messagesOf(code)) {
    expect(text, name).toBe(text.trim());
    expect(text, name).not.toMatch(/ {2}|<|&\w+;|\p{L}'\p{L}/u);
  }
});

/** What no message of a language may have: how its printers would never set a sentence. */
const misprints: [Language, string, RegExp][] = [
  ['de', 'quotation marks other than „these“', /[«»”]|(?<!„[^“]*)“/u],
  ['fr', 'a mark that may begin a line', / [;:!?»]|« /u],
  ['fr', 'a mark without its narrow space', /[^\u202f][;!?]|[^\u00a0]:|«(?!\u00a0)|(?<!\u00a0)»/u],
  ['es', 'a question or an exclamation that only ends', /^[^¿]*\?|\?[^¿]*\?|^[^¡]*!/u],
  ['zh', 'a mark of half width', /\p{Script=Han}[,.;:!?)]|[,;:!?(]\p{Script=Han}/u],
  ['ja', 'a mark of half width', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}][,.;:!?)]/u],
  ['zh', 'a space beside a mark that has its own', /[。，、：；？！（）“”] | [。，、：；？！（）“”]/u],
  ['ja', 'a space beside a mark that has its own', /[。、：；？！（）「」] | [。、：；？！（）]/u],
  ['ja', 'a number parted from what it counts', /\d [件名日分語週]|\{\{(?:count|number)\}\} /u],
  ['en', 'a mail that can be counted', /\b(?:a|one|this|new|same) mail\b(?! server)|\bmails\b/iu],
];

test.each(misprints)('%s has not: %s', (code, _, misprint) => {
  const found = [...messagesOf(code)].filter(([, text]) => misprint.test(text));
  expect(found).toEqual([]);
});

test('every message is used: its name stands in the program or in a template', () => {
  const sources = listSources().map((path) => readFileSync(path, 'utf8'));
  const named = new Set(sources.flatMap((text) => text.match(/[a-zA-Z]+(?:\.[a-zA-Z]+)+/g) ?? []));
  // The words of a kind of mail go by its name.
  const isOfAccountMail = (base: string) =>
    base.startsWith('accountMails.') && (base.split('.')[1] ?? '') in accountMails;
  expect(basesOf('en').filter((base) => !named.has(base) && !isOfAccountMail(base))).toEqual([]);
});

test('every message that a page template names is there', () => {
  const bases = new Set(basesOf('en'));
  for (const path of listSources().filter((name) => name.endsWith('.eta'))) {
    for (const [, base = ''] of readFileSync(path, 'utf8').matchAll(/it\.(?:t|parts)\('([^']+)'/g)) {
      expect(bases, path).toContain(base);
    }
  }
});

function listSources(): string[] {
  return ['src', 'templates'].flatMap((folder) =>
    readdirSync(join(packageFolder, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:ts|eta|mjml)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes('generated')),
  );
}
