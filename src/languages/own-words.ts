// Words of the operator's in the place of ours: which of them fit.
import { listMessages } from './catalogue.ts';
import type { Language } from './languages.ts';

/** By language and the dotted name of a message, each plural form on its own. */
export type OwnWords = Map<Language, ReadonlyMap<string, string>>;

type Checked = { messages: Map<string, string>; problems: string[] };

const longest = 2000;
const pluralForm = /_(?:zero|one|two|few|many|other)$/;

/** `text` is JSON as our catalogues are, with only those that differ. */
export function readOwnWords(language: Language, text: string): Checked {
  const messages = new Map<string, string>();
  const problems: string[] = [];
  let given: unknown;
  try {
    given = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { messages, problems: [`is no JSON: ${(error as Error).message}`] };
  }
  const ours = listMessages(language);
  for (const [name, value] of flatten(given)) {
    const problem = judge(ours, name, value);
    if (problem === null) messages.set(name, String(value));
    else problems.push(`${name} ${problem}`);
  }
  return { messages, problems };
}

function judge(ours: ReadonlyMap<string, string>, name: string, value: unknown): string | null {
  const text = ours.get(name);
  if (text === undefined) {
    const alike = [...ours.keys()].filter((known) => known.split('.')[0] === name.split('.')[0]).slice(0, 3);
    return alike.length === 0
      ? 'is none of our messages'
      : `is none of our messages; others there: ${alike.join(', ')}, …`;
  }
  if (typeof value !== 'string' || value.trim() === '') return 'is no text';
  if (value.length > longest) return `is longer than ${longest} characters`;
  if (/\p{Cc}/u.test(value)) return 'has line breaks or control characters';
  const [wanted, found] = [listBlanks(text), listBlanks(value)];
  // A plural form may say the number as a word.
  const isFree = (blank: string) => pluralForm.test(name) && blank === '{{count}}';
  const missing = wanted.filter((blank) => !found.includes(blank) && !isFree(blank));
  const surplus = found.filter((blank) => !wanted.includes(blank) && !isFree(blank));
  if (missing.length > 0) return `lacks ${missing.join(', ')}`;
  if (surplus.length > 0) return `has ${surplus.join(', ')}, which nothing fills in`;
  return value.replace(/\{\{\w+\}\}/g, '').includes('{{') ? 'has “{{” that begins no blank' : null;
}

const listBlanks = (text: string): string[] => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].toSorted();

function flatten(tree: unknown, prefix = ''): [name: string, value: unknown][] {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree))
    return [[prefix === '' ? 'the file' : prefix, tree]];
  return Object.entries(tree).flatMap(([name, value]) =>
    flatten(value, prefix === '' ? name : `${prefix}.${name}`),
  );
}
