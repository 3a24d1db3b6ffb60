// Why a paper is near to what somebody likes, in the paper's own words.
import type { MatchablePaper } from '../matching/match.ts';
import { genericStems, partialStems } from '../matching/words/generic-words.ts';
import { splitWords } from '../matching/words/split-words.ts';
import { stemWord } from '../matching/words/stem-word.ts';
import type { VectorModel } from './learn.ts';
import type { PaperVector } from './paper-vector.ts';
import { buildProfile, type Scorer } from './profile.ts';
import { findSpellings } from './terms.ts';

/** Something that somebody likes: a paper, or what they said they work on. */
export type Example = { name: string; vector: PaperVector };

/** `like`: the name of the nearest example. `words`: what the paper shares with it, as it is written there; may be empty. */
export type Because = { like: string; words: string[] };

/** What a paper is called when it is mentioned: *Mobile-Agent-v3.5*, and not all that stands behind the colon. */
export function shortenTitle(title: string): string {
  const [, head] = /^(\S.{2,60}?):\s/u.exec(title) ?? [];
  return head ?? title;
}

const mostWords = 3;
/** A term of more papers than this hardly tells them apart: it is named where there is no other. */
const largestShare = 0.2;

/** `nearest` is the example that the paper is nearest to. */
export function explainNearness(
  { paper, vector }: { paper: MatchablePaper; vector: PaperVector },
  { nearest, model }: { nearest: Example; model: Pick<VectorModel, 'terms' | 'idf'> },
): Because {
  const shared = listSharedTerms(nearest.vector, vector)
    .map(({ number }) => ({ term: model.terms[number] ?? '', idf: model.idf[number] ?? 0 }))
    .filter(({ term }) => !isGeneric(term));
  const rare = shared.filter(({ idf }) => idf >= 1 - Math.log(largestShare));
  const terms = (rare.length > 0 ? rare : shared).map(({ term }) => term);
  return { like: nearest.name, words: chooseWords(paper, terms) };
}

/** One per vector; null where no example is near at all. */
export function findNearestExamples<One extends Example>(
  vectors: readonly PaperVector[],
  { examples, scorer }: { examples: readonly One[]; scorer: Scorer },
): (One | null)[] {
  const best = vectors.map((): { example: One | null; score: number } => ({ example: null, score: 0 }));
  for (const example of examples) {
    const profile = buildProfile([example.vector]);
    if (profile === null) continue;
    for (const [number, score] of scorer.score(profile, vectors).entries())
      if (score > (best[number]?.score ?? 0)) best[number] = { example, score };
  }
  return best.map(({ example }) => example);
}

/** Those that say most first. */
function listSharedTerms(one: PaperVector, other: PaperVector): { number: number; weight: number }[] {
  const weights = new Map<number, number>();
  for (const [place, term] of one.terms.entries())
    weights.set(term, (one.weights[place] ?? 0) * one.sparseScale);
  return Array.from(other.terms, (number, place) => ({
    number,
    weight: (weights.get(number) ?? 0) * (other.weights[place] ?? 0) * other.sparseScale,
  }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.number - b.number);
}

function isGeneric(term: string): boolean {
  const stems = term.split(' ');
  return (
    stems.some((stem) => stem.length < 2 || genericStems.has(stem)) ||
    stems.every((stem) => partialStems.has(stem))
  );
}

/** GUI, then GUI agent; not agent by itself any more. */
function chooseWords(paper: MatchablePaper, terms: readonly string[]): string[] {
  const spellings = findSpellings(paper, new Set(terms));
  const chosen: string[] = [];
  const said = new Set<string>();
  for (const term of terms) {
    if (chosen.length === mostWords) break;
    const written = spellings.get(term);
    if (written === undefined) continue;
    const stems = [...term.split(' '), ...splitWords(written).map(({ text }) => stemWord(text))];
    if (stems.every((stem) => said.has(stem))) continue;
    for (const stem of stems) said.add(stem);
    chosen.push(written);
  }
  return chosen;
}
