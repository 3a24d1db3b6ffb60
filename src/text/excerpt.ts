// What of an abstract a digest shows: not how it begins, with what everybody knows, but what the authors did.
import { findSentenceEnds } from './sentences.ts';
import { type Room, shortenText } from './shorten-text.ts';

const verbs =
  'propose|present|introduce|develop|describe|design|build|release|report|study|investigate|examine|explore|show|' +
  'find|demonstrate|argue|address|focus|identify|formulate|define|leverage|analy[sz]e|provide|challenge|revisit|ask';
const saysWhatIsNew = new RegExp(
  `\\bwe (?:[a-z]+ly |first |also |then |further |here |instead |thus )?(?:${verbs})(?:d|ed)?\\b|` +
    '\\bthis (?:[a-z]+ )?(?:paper|work|report|survey|study|article|thesis)\\b',
  'i',
);

/** Behind this many sentences it is no introduction any more. */
const latest = 9;

/**
 * A piece of the abstract that fits into `room`, from its first sentence where that gets to what is new, otherwise
 * from the sentence that says it, after `… `. An abstract that says it nowhere is shown from its beginning.
 */
export function excerptAbstract(whole: string, room: Room): string {
  const abstract = dropLinks(whole);
  const beginning = shortenText(abstract, room);
  if (beginning === abstract) return abstract;
  const ends = findSentenceEnds(abstract);
  const starts = [0, ...ends].slice(0, latest);
  const start = starts.find((from, index) => saysWhatIsNew.test(abstract.slice(from, ends[index])));
  const end = ends[starts.indexOf(start ?? 0)] ?? abstract.length;
  if (start === undefined || start === 0 || end <= beginning.length) return beginning;
  return `… ${shortenText(abstract.slice(start).trimStart(), { ...room, columns: room.columns - 2 })}`;
}

/** `Code is at https://...` at the end says what the links below the excerpt say. */
function dropLinks(abstract: string): string {
  const ends = findSentenceEnds(abstract);
  const last = ends.findLastIndex(
    (end, index) => !/https?:\/\//.test(abstract.slice(ends[index - 1] ?? 0, end)),
  );
  const rest = abstract.slice(ends[last] ?? 0);
  return last >= 0 && /^\s*(?:\S+\s+){0,40}\S*https?:\/\//.test(rest)
    ? abstract.slice(0, ends[last])
    : abstract;
}
