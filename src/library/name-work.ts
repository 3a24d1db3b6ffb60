// Which paper a reference speaks of: programs and people put an arXiv id or a DOI into whichever field has room for it.
import { readArxivId, readDoi } from '../papers/paper-ids.ts';
import { readReferences } from '../text/html-references.ts';
import type { LibraryEntry } from './entry.ts';

/** https://info.arxiv.org/help/arxiv_identifier.html */
const arxivNumber = String.raw`\d{4}\.\d{4,5}(?:v\d{1,3})?(?![.\d]?\d)|[a-z]{2,8}(?:-[a-z]{2,4})?(?:\.[a-z]{2})?\/\d{7}`;
const arxivPrefix = [
  String.raw`(?<!\p{L})arxiv(?:\.org)?(?:[\s~-]{1,3}(?:e-?prints?|preprints?|id|identifier|number|no|paper)\b\.?)?[\s~:#,([]{0,9}`,
  String.raw`(?<!\p{L})(?:eprint[\s:]{1,3}|abs\/)`,
  String.raw`(?:arxiv|ar5iv|alphaxiv|scirate)\.(?:labs\.arxiv\.)?(?:org|com)\/[a-z-]{2,10}\/`,
  String.raw`(?:huggingface\.co|hf\.co)\/papers\/`,
  String.raw`10\.48550\/arxiv\.`,
].join('|');
const arxivInText = new RegExp(`(?:${arxivPrefix})(${arxivNumber})`, 'giu');
/** A semicolon ends a DOI, but for those of the eighties and nineties: `3.0.CO;2-O`. */
const doiInText =
  /(?:(?<!\p{L})doi[:\s]{1,9}|doi\.org\/)(10\.\d{4,9}\/(?:[^\s,;{}]|(?<=\d\.\d\.[a-z]{2});(?=\d)){1,200})/giu;
/** `Extended version of arXiv:…`: what follows is another paper. */
const ofAnother =
  /(?:\b(?:of|to|with|than|by|cit(?:es|ing)|extend(?:s|ing)|supersedes|follows|see also|based on|builds? on|comments? on|compare)|\b(?:cf|vs)\.?)[\s:]{1,3}(?:https?:\/\/\S{0,40})?$/i;
/** What a program called the file that it attached. */
const pdfName = /(?:^|[/\\:])(\d{4}\.\d{4,5})(?:v\d{1,2})?\.pdf\b/i;

/** So much of a remark is read. */
const longestRemark = 2000;

/**
 * `places`: what a reference says beside its title, what is surest first: an id alone, its address, or a remark with either
 * in it. `files`: the names of what is attached. No abstract belongs here: it speaks of others' papers, too.
 */
export function nameWork({
  title,
  places,
  files = [],
}: {
  title: string | null;
  places: readonly string[];
  files?: readonly string[];
}): LibraryEntry {
  const texts = places.flatMap(splitPlace);
  const attached = files.flatMap((file) => pdfName.exec(file)?.[1] ?? []);
  return {
    arxiv: [...texts, ...files.flatMap(splitPlace)].flatMap(findArxivId)[0] ?? attached[0] ?? null,
    doi:
      texts.flatMap(
        (text) => readDoi(text) ?? findMarked(text, doiInText).flatMap((doi) => readDoi(doi) ?? []),
      )[0] ?? null,
    title: title === null || title.trim() === '' ? null : readReferences(title),
  };
}

/** By Zotero's names for kinds of items: what is attached to works, and is none. */
export function isNoWork(itemType: string): boolean {
  return /^(?:attachment|note|annotation)$/i.test(itemType.trim());
}

/** Several addresses may share a field. */
function splitPlace(place: string): string[] {
  const plain = place
    .slice(0, longestRemark)
    .replace(/\\([_%&#])/g, '$1')
    .replace(/[{}]/g, ' ')
    .trim();
  return plain.split(/;\s{0,9}(?=https?:)/);
}

function findArxivId(text: string): string[] {
  const whole = readArxivId(text);
  return whole === null
    ? findMarked(text, arxivInText).flatMap((found) => readArxivId(found) ?? [])
    : [whole];
}

/** Those that the text says are the paper's own. */
function findMarked(text: string, marked: RegExp): string[] {
  return [...text.matchAll(marked)].flatMap(({ 1: id = '', index }) =>
    ofAnother.test(text.slice(Math.max(0, index - 60), index)) ? [] : id,
  );
}
