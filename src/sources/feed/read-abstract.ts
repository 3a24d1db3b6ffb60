// The abstract among what journals put into one text with it: where and when it was published, who wrote it, its ids.
import { readText } from '../../text/clean-text.ts';
import { listParagraphs } from '../listed-entry.ts';

/** `authors`: the names where a line has them, as they are written. */
export type FeedText = { abstract: string | null; authors: string | null };

const authorsLine = /^(?:(?:Authors?|AUTHORS?|Author\(s\)):\s|[Bb]y (?=\p{Lu}))(.+)$/u;
const longestReference = 400;
/** `doi: 10.1039/d5sc1, Edge Article`, `doi: 10.1093/f1. Online ahead of print.` */
const doiLine = /\bdoi: ?10\.\d{4,9}\/\S+(?: (?:Online|eCollection|Epub|\p{Lu}\p{L}+ Article)\b.{0,60})?$/iu;
const shortestAbstract = 120;
/** A line of its own above an abstract, as ScienceDirect, Nature, Science, Wiley, MDPI, PubMed and others write it. */
const references = [
  /^(?:abstract|summary)[.:]?$/i,
  /^(?:publication date|source|published|publication|journal):\s.*[^.!?]$/i,
  /\bpublished online:?\s/i,
  /\bVolume [\w.]+, (?:Issue|Pages?|Article)\b/i,
  /\bVol\. ?\d+, (?:No\.|Issue|Pages?)\s/i,
  /,\s(?:EarlyView|Early Access|Ahead of Print|Online First|Accepted Article)\.?$/i,
  doiLine,
  /^[^\p{L}\p{N}]*$/u,
];
/** The same below it. */
const imprints = [
  /^PMID:/,
  /^To cite this article\b/,
  /^The content of this RSS Feed\b/,
  /^\[[^[\]]{5,100}\] Published \w{3} /,
];
/** A paragraph that was cut by who made the feed. */
const cutOff = /(?:\.\.\.|…|\[…\]|\[\.\.\.\])$/;

/** What stands before the abstract's first word on its line. */
const label = /^(?:(?:Abstract|ABSTRACT)[:.] ?|ABSTRACT |Abstract(?=\p{Lu}\p{Ll}))/u;

/** Of the texts of an entry the first that is whole. `title`: a line that repeats it is passed over. */
export function readAbstract(texts: readonly (string | null)[], title: string): FeedText {
  const read = texts.flatMap((text) => (text === null ? [] : readFeedText(text, title)));
  const abstracts = read.flatMap(({ abstract }) => abstract ?? []);
  return {
    abstract: abstracts.find((abstract) => !cutOff.test(abstract)) ?? abstracts[0] ?? null,
    authors: read.flatMap(({ authors }) => authors ?? [])[0] ?? null,
  };
}

function readFeedText(text: string, title: string): FeedText {
  const paragraphs = listParagraphs(text);
  // Above its DOI stands what it was published in.
  const below = paragraphs.slice(0, 3).findIndex((line) => doiLine.test(line));
  const isAbove = (line: string, at: number) =>
    (at < below && line.length < shortestAbstract && !/[.!?]$/.test(line)) ||
    line === title ||
    readAuthorsLine(line) !== null ||
    (line.length <= longestReference && references.some((pattern) => pattern.test(line)));
  const first = paragraphs.findIndex((line, at) => !isAbove(line, at));
  const start = first === -1 ? paragraphs.length : first;
  const end = paragraphs.findLastIndex((line) => !imprints.some((pattern) => pattern.test(line))) + 1;
  return {
    abstract: readText(paragraphs.slice(start, end).join(' ').replace(label, '')),
    authors: paragraphs.slice(0, start).flatMap((line) => readAuthorsLine(line) ?? [])[0] ?? null,
  };
}

/** Names, and no sentence. */
function readAuthorsLine(line: string): string | null {
  const [, names = ''] = authorsLine.exec(line) ?? [];
  return names === '' || /\p{Ll}{3}[.!?]$/u.test(names) ? null : names;
}
