// Why a paper is in a digest, in the words of a mail: what the reader follows, the paper's words that speak for it,
// and where they stand.

import type { Words } from '../languages/words.ts';
import { readAsMatched } from '../matching/index-paper.ts';
import type { Paper } from '../papers/paper.ts';
import { cleanText } from '../text/clean-text.ts';
import { findPlace } from '../text/find-words.ts';
import { mendText } from '../text/mend-text.ts';
import { shortenText } from '../text/shorten-text.ts';
import { textWidth } from '../text/text-width.ts';
import type { Reason } from './digest.ts';

export type ReasonView = {
  /** What the reader follows: a topic's name, the keyword query in quotation marks, an author, or that it is an organisation. */
  label: string;
  /** At most one for title, abstract and authors each. */
  places: WordsInPlace[];
};

/** Where the words are, in a language's order: `expert parallelism` + ` in the title`, `タイトルに ` + `expert parallelism`. */
export type WordsInPlace = {
  before: string;
  /** Joined by commas; empty where the label says it all. */
  words: string;
  after: string;
};

const maxReasons = 3;
const maxWords = 3;
/** Of all words together, so that a reason stays a line on a desk and two on a phone; the best one is always said. */
const wordsColumns = 44;
const labelLength = { words: 12, columns: 80 };
const wordLength = { words: 8, columns: 60 };

/** Of a paper, as listed. */
export function viewReasons(
  reasons: readonly Reason[],
  { paper, spoken }: { paper: Pick<Paper, 'title' | 'authors'>; spoken: Words },
): ReasonView[] {
  const placeOf = findPlacesIn(paper);
  return reasons.slice(0, maxReasons).map((reason) => viewReason(reason, { placeOf, spoken }));
}

/** Why a paper is there that nothing spoke for. */
export function viewTop({ upvotes }: Pick<Paper, 'upvotes'>, { t }: Words): ReasonView {
  return { label: t(upvotes ? 'reason.mostUpvoted' : 'reason.firstListed'), places: [] };
}

/** What stands between label and words, and the places in one line: `: expert parallelism in the title`. */
export function separate(places: readonly WordsInPlace[], { t, gap }: Words): string {
  const [first] = places;
  if (first === undefined) return '';
  if (first.words === '') return gap;
  // A colon of full width brings its own space.
  return t('reason.label', { label: '' }).replace(/:$/, ': ');
}

/** What stands between two places, whose own words have commas between them. */
export function betweenPlaces({ t, gap, comma }: Words): string {
  if (gap === '') return comma;
  // Spaced as the language spaces colons; French has a narrower space before semicolons.
  return `${t('reason.label', { label: '' }).replace('\u00a0', '\u202f').replace(':', ';')} `;
}

/** `Mixture of experts: expert parallelism in the title; routing, gating in the abstract` */
export function writeReason({ label, places }: ReasonView, spoken: Words): string {
  const parts = places.map(({ before, words, after }) => before + words + after);
  return `${label}${separate(places, spoken)}${parts.join(betweenPlaces(spoken))}`;
}

/** Without the words that speak for it; an organisation is its name. */
export function nameReason({ label, places }: ReasonView, spoken: Words): string {
  const [first] = places;
  const isName = first !== undefined && first.before === '' && first.after === '';
  return isName ? writeReason({ label, places }, spoken) : label;
}

function viewReason(
  reason: Reason,
  { placeOf, spoken }: { placeOf: (word: string) => Place; spoken: Words },
): ReasonView {
  const { t } = spoken;
  if (reason.type === 'organization') {
    const name = shortenText(cleanText(reason.name), labelLength);
    return { label: t('reason.organization'), places: [{ before: '', words: name, after: '' }] };
  }
  if (reason.type === 'author') {
    const name = shortenText(cleanText(reason.name), labelLength);
    return { label: t('reason.author', { name }), places: [] };
  }
  const { name, label } = nameWhatSpeaks(reason, t);
  const words = takeBest(dropRepeats(preferPhrases(listWords([reason]))));
  const saysIt = words.length === 1 && words[0]?.toLowerCase() === name.replaceAll('"', '').toLowerCase();
  const places = (['title', 'abstract', 'authors'] as const).flatMap((place) => {
    const there = words.filter((word) => placeOf(word) === place);
    if (there.length === 0) return [];
    return [saysIt ? namePlace(place, spoken) : placeWords(there, place, spoken)];
  });
  return { label, places };
}

function nameWhatSpeaks(
  reason: Exclude<Reason, { type: 'organization' | 'author' }>,
  t: Words['t'],
): { name: string; label: string } {
  const shorten = (text: string) => shortenText(cleanText(text), labelLength);
  switch (reason.type) {
    case 'topic':
      return { name: shorten(reason.name), label: shorten(reason.name) };
    case 'query': {
      const name = shorten(reason.query);
      return { name, label: t('reason.quoted', { query: name.replaceAll('"', '') }) };
    }
    case 'alike': {
      if (reason.like === null) return { name: '', label: t('reason.likeOwnWords') };
      const name = shorten(mendText(reason.like));
      return { name, label: t('reason.like', { title: name }) };
    }
  }
}

type Place = 'title' | 'abstract' | 'authors';

/** Of the words that spoke for a paper, which are all there: those that its title does not have are the abstract's. */
function findPlacesIn({ title, authors = [] }: Pick<Paper, 'title' | 'authors'>): (word: string) => Place {
  // What the matcher took for the letter and its number, `π0`, may be shown as `π_(0.5)`.
  const titles = [mendText(title), readAsMatched(title)];
  const names = new Set(authors.map(mendText));
  return (word) => {
    if (titles.some((text) => findPlace(text, word) !== null)) return 'title';
    return names.has(word) ? 'authors' : 'abstract';
  };
}

const placeWord = {
  title: 'reason.inTitle',
  abstract: 'reason.inAbstract',
  authors: 'reason.inAuthors',
} as const;

function namePlace(place: Place, { t }: Words): WordsInPlace {
  return { before: t(placeWord[place]), words: '', after: '' };
}

const wordsAtPlace = {
  title: 'reason.wordsInTitle',
  abstract: 'reason.wordsInAbstract',
  authors: 'reason.wordsInAuthors',
} as const;

function placeWords(words: readonly string[], place: Place, { partsOf }: Words): WordsInPlace {
  const [before = '', , after = ''] = partsOf(wordsAtPlace[place]);
  return { before, words: words.join(', '), after };
}

function takeBest(words: readonly string[]): string[] {
  let columns = 0;
  return words.slice(0, maxWords).filter((word, index) => {
    columns += textWidth(word);
    return index === 0 || columns <= wordsColumns;
  });
}

/** `LLM: serving` was found across the end of a clause: true, but hardly a phrase to quote while there are others. */
function preferPhrases(words: readonly string[]): readonly string[] {
  const phrases = words.filter((word) => !/[:;.!?,)] /.test(word));
  return phrases.length === 0 ? words : phrases;
}

/** After `MoE`, `MoE model` says nothing new. */
function dropRepeats(words: readonly string[]): string[] {
  const folded = words.map((word) => word.toLowerCase().replace(/[\s-]+/g, ' '));
  return words.filter((_, index) => {
    const word = folded[index] ?? '';
    return !folded.slice(0, index).some((earlier) => word.includes(earlier) || earlier.includes(word));
  });
}

/** All matched words, each once, as the paper's mended text has them. */
export function listWords(reasons: readonly Reason[]): string[] {
  const words = new Map<string, string>();
  for (const word of reasons.flatMap(({ because }) => because)) {
    const mended = shortenText(mendText(word), wordLength);
    if (mended !== '' && !words.has(mended.toLowerCase())) words.set(mended.toLowerCase(), mended);
  }
  return [...words.values()];
}
