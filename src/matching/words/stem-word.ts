// One key for all forms of an English word: train, trains, trained, training. Porter 2 does most of it; the tables
// keep apart the words that it would mix up (transformer and transform), and bring British and American spelling together.
import { stem as porter2 } from 'porter2';

/** The key of a word, which must be in lower case: begins as it does. Words of other languages come back unchanged or nearly so. */
export function stemWord(word: string): string {
  const spelled = spellAmerican(word);
  return stemByTable(spelled) ?? porter2(spelled);
}

/** The same, for words that come again and again: remembered. */
export function stemKnownWord(word: string): string {
  const known = remembered.get(word);
  if (known !== undefined) return known;
  const stem = stemWord(word);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(word, stem);
  return stem;
}

const remembered = new Map<string, string>();
const mostRemembered = 30_000;

/**
 * The key of two words written as one, fine tuning and finetuning; empty where a long second one would pass for an ending:
 * reasoning ability.
 */
export function stemAsOne(word: string, next: string): string {
  const stem = stemWord(word + next);
  return next.length > 4 && stem.length <= word.length ? '' : stem;
}

function spellAmerican(word: string): string {
  if (!isBritish.test(word)) return word;
  return word.replace(ourEnding, '$1or').replace(centreSpelling, 'center').replace(enceEnding, '$1ense');
}

const ourEnding = /^(behavi|colo|neighb|fav|lab|flav|hum|endeav)our/;
const centreSpelling = /^centre/;
const enceEnding = /^(def|off|lic)ence/;
const isBritish = anyOf([ourEnding, centreSpelling, enceEnding]);

function stemByTable(word: string): string | undefined {
  const singular = word.endsWith('s') ? word.slice(0, -1) : word;
  if (distinctWords.has(singular)) return singular;
  if (spelledOutPlural.test(word)) return singular;
  if (isGrouped.test(word)) return groups.find(([forms]) => forms.test(word))?.[1];
  const verb = izeEnding.exec(word)?.[1];
  return verb !== undefined && !notIzeEnding.test(word) ? `${verb}iz` : undefined;
}

// Porter 2 gives each of these the stem of another common word: objective of object, distribution of distributed.
const distinctWords = new Set(
  `accelerator accessibility activation activity adapter additional aime animal banking clustering comprehensive computer
  critical distribution documentation effective employment engineering experience experiment extensive
  illustration important international modulation monitorability objective observability occupancy organ organic organism
  personal physician political position presentation pretrained reasoning relative scheming trading transformer universal
  usability`.split(/\s+/),
);

// Their plurals have no vowel before the s that Porter 2 would ask for.
const spelledOutPlural =
  /^(?:[^aeiouy\d]{2,}|[cgntx]pu|[mv]?llm|api|gan|vae|moe|lora|sae|vla|dit|ui|gui|slo|kan)s$/;

const groups: [forms: RegExp, stem: string][] = [
  [/^recommend(?:er|ation)s?$/, 'recommender'],
  [/^consisten(?:t|tly|cy|cies)$/, 'consistenc'],
  [/^conversation(?:s|al|ally)?$/, 'conversation'],
  [/^recognition$/, 'recogniz'],
  [/^synthes[ei]s$/, 'synthesiz'],
  [/^analy(?:sis|ses|[sz]e|[sz]ed|[sz]er|[sz]ers|[sz]es|[sz]ing|tic|tics|tical)$/, 'analyz'],
  [/^adaptive(?:ly)?$/, 'adaptive'],
  [/^explainab(?:le|ility)$/, 'explainab'],
  [/^interpretab(?:le|ility)$/, 'interpretab'],
];
const isGrouped = anyOf(groups.map(([forms]) => forms));

// -ise and -ize verbs with their nouns: optimisation and optimizer, but not optimal; localization, but not local.
const izeEnding = /^(\p{L}{3,})i[sz](?:e|es|ed|ing|er|ers|able|ation|ations)$/u;
const notIzeEnding = /^(?:superv|rev|dev|adv)is/;

/** Nearly every word is none of them: one look tells. */
function anyOf(shapes: RegExp[]): RegExp {
  return new RegExp(shapes.map(({ source }) => source).join('|'));
}
