// Which terms vectors are made of, and how much each says: rare ones more.

export type Vocabulary = {
  /** A term's number is its place here. */
  terms: string[];
  /** Inverse document frequency, one per term. */
  idf: Float32Array;
};

/** A term's number takes two bytes in a paper's vector. */
const mostTerms = 20_000;
/** "video" and "image" stand in a third of some listings, and say a lot all the same. */
const largestShare = 0.5;
const usualFewest = 5;
/** Of fewer papers hardly any term has five. */
const smallStore = 300;
/** Of so few any word may stand in more than a half. */
const handful = 20;

/** Each paper's distinct terms. Empty when there are no papers. `fewestPapers`: that have a term, where there are many papers. `most`: of terms. */
export function chooseVocabulary(
  papers: Iterable<Iterable<string>>,
  { fewestPapers = usualFewest, most: mostChosen = mostTerms }: { fewestPapers?: number; most?: number } = {},
): Vocabulary {
  const frequencies = new Map<string, number>();
  let count = 0;
  for (const terms of papers) {
    count += 1;
    for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
  }
  const fewest = count < smallStore ? 1 : fewestPapers;
  const most = count < handful ? count : Math.max(fewest, count * largestShare);
  const chosen = [...frequencies]
    .filter(([, frequency]) => frequency >= fewest && frequency <= most)
    .sort(([one, often], [other, oftener]) => oftener - often || (one < other ? -1 : 1))
    .slice(0, mostChosen);
  return {
    terms: chosen.map(([term]) => term),
    idf: Float32Array.from(chosen, ([, frequency]) => 1 + Math.log((1 + count) / (1 + frequency))),
  };
}
