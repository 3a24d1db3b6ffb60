// The terms of a paper: the stems of its words, and of each two that stand side by side. What its vectors are made of.

import type { MatchablePaper } from '../matching/match.ts';
import { readTex } from '../matching/words/greek.ts';
import { commonWords, splitWords } from '../matching/words/split-words.ts';
import { stemWord } from '../matching/words/stem-word.ts';
import { unifySpelling } from '../text/clean-text.ts';

const longestText = 20_000;

/** How often each term occurs, in the title twice. A pair is `stem stem`; none runs over a common word or a full stop. */
export function countTerms({ title, abstract }: MatchablePaper): Map<string, number> {
  const counts = new Map<string, number>();
  countIn(counts, title, 2);
  if (abstract !== null) countIn(counts, abstract, 1);
  return counts;
}

function countIn(counts: Map<string, number>, text: string, times: number): void {
  walkTerms(text, (term) => counts.set(term, (counts.get(term) ?? 0) + times));
}

/** How each of these terms is written in the paper, where it stands first by itself; else the words with hyphens that it is a part of. */
export function findSpellings(
  { title, abstract }: MatchablePaper,
  terms: ReadonlySet<string>,
): Map<string, string> {
  const [alone, within] = [new Map<string, string>(), new Map<string, string>()];
  for (const text of [title, abstract ?? '']) {
    walkTerms(text, (term, start, end, cleaned) => {
      if (!terms.has(term) || alone.has(term)) return;
      const before = beforeHyphen.exec(cleaned.slice(Math.max(0, start - longestPart), start))?.[0] ?? '';
      const behind = behindHyphen.exec(cleaned.slice(end, end + longestPart))?.[0] ?? '';
      const isAlone = before === '' && behind === '';
      if (isAlone) alone.set(term, cleaned.slice(start, end));
      else if (!within.has(term)) within.set(term, before + cleaned.slice(start, end) + behind);
    });
  }
  return new Map([...within, ...alone]);
}

/** What is joined to a word: the `self-` of self-attention. */
const beforeHyphen = /(?:[\p{L}\p{M}\p{N}]+(?:['.][\p{L}\p{M}\p{N}]+)*-)+$/u;
const behindHyphen = /^(?:-[\p{L}\p{M}\p{N}]+)+/u;
const longestPart = 40;

type Visit = (term: string, start: number, end: number, cleaned: string) => void;

function walkTerms(text: string, visit: Visit): void {
  const cleaned = readTex(unifySpelling(text.slice(0, longestText))).replace(links, ' ');
  let before: { stem: string; start: number; end: number } | null = null;
  for (const { text: word, start, end } of splitWords(cleaned)) {
    if (commonWords.has(word) || isNumber.test(word)) {
      before = null;
      continue;
    }
    const stem = stemOnce(word);
    visit(stem, start, end, cleaned);
    if (before !== null && !parts(cleaned, before.end, start))
      visit(`${before.stem} ${stem}`, before.start, end, cleaned);
    before = { stem, start, end };
  }
}

const links = /(?:https?:\/\/|www\.)\S+/gi;
/** Years, scores and counts say nothing about a subject; 3d and 4k do. */
const isNumber = /^\p{N}+$/u;

/** Whether there is more than a space or a hyphen in between. */
function parts(text: string, from: number, to: number): boolean {
  if (to - from === 1) return text[from] !== ' ' && text[from] !== '-';
  for (let at = from; at < to; at += 1) {
    const character = text[at];
    if (character !== ' ' && character !== '-' && character !== "'" && character !== 's') return true;
  }
  return false;
}

/** The words of a field are few, and met again and again: a stem costs more than a look into a table. */
const stems = new Map<string, string>();
const keptStems = 100_000;

function stemOnce(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (stems.size >= keptStems) stems.clear();
  const stem = stemWord(word);
  stems.set(word, stem);
  return stem;
}
