// Papers that were taken back: where no source has a field for it, their own words say so.
import type { ListedPaper } from './paper.ts';

/** Left to a conference or to its judgement, a paper itself may be better off. */
const forGood = String.raw`\b(?!\s+from\s+(?!(?:the\s+)?arxiv\b))`;
const taken = `(?:temporarily |now |hereby |being )?(?:(?:withdrawn|retracted)${forGood}|removed by arxiv\\b)`;
const take =
  '(?:(?:have |has )?(?:withdrawn?|withdrew|retracted|(?:decided|chosen|chose) to (?:withdraw|retract))' +
  '|withdraws?|retracts?|(?:are|am|is) (?:withdrawing|retracting)|(?:wish|wishes|want|wants|would like|need|needs|had) to (?:withdraw|retract))';

/** Whole announcements about a paper, `what` it may be called. */
function announce(what: string): string {
  return [
    `(?:this |the |our )?${what} (?:(?:has been|is|was) )?${taken}`,
    `(?:(?:(?:the|its|all) )?authors?|we|i) ${take} (?:this|the|our) ${what}${forGood}`,
  ].join('|');
}

/** `Withdrawn`, `[Withdrawn] A better version follows`, `withdrawn due to an error`, but no `Retracted articles are still cited`. */
const alone = String.raw`(?:temporarily )?(?:withdrawn|retracted)(?=\W*$|\s*[\])(:.,;–—]|\s+(?:by|due|because|as|since|per|after|pending|until|owing|in favou?r|from (?:the )?arxiv)\b)`;

const anything = '(?:paper|article|submission|manuscript|preprint|work|version|study|note)';
/** Further on in an abstract "the study was withdrawn" may be what it is about. */
const paperItself = '(?:paper|article|submission|manuscript|preprint)';

const isText = saysAtOnce(announce(anything), alone);
const isSentence = saysAtOnce(announce(paperItself));
const isClause = saysAtOnce(
  announce(anything),
  alone,
  String.raw`(?:withdrawal|retraction)(?: notice| note)?\s*(?::|$)`,
);

function saysAtOnce(...sayings: string[]): RegExp {
  return new RegExp(String.raw`^\W*(?:arxiv admin note: )?(?:${sayings.join('|')})`, 'i');
}

/** Announcements are short, and stand where nobody has to look for them. */
const longestRead = 2000;

/** In a paper's own comment: `12 pages; withdrawn due to an error`. */
function isWithdrawnByComment(comment: string | null): boolean {
  return (comment ?? '')
    .slice(0, longestRead)
    .split(/[.;,()]|(?<=:)\s|\s[–—-]+\s/)
    .some((clause) => isClause.test(clause));
}

/** A withdrawn paper is announced anew, as a version of which only the comment or the abstract says what it is. */
export function isWithdrawnVersion({
  abstract,
  comment,
}: {
  abstract: string | null;
  comment: string | null;
}): boolean {
  return isWithdrawnByComment(comment) || isTold(abstract ?? '');
}

/** What a listing says of it, in its field, its title or its abstract; undefined: nothing. */
export function readWithdrawal({
  isWithdrawn,
  title,
  abstract,
}: Pick<ListedPaper, 'isWithdrawn' | 'title' | 'abstract'>): boolean | undefined {
  return isMarked(title) || isTold(abstract ?? '') ? true : isWithdrawn;
}

/** `WITHDRAWN: A Title`, `[Withdrawn] A Title`, `A Title (retracted)`. */
function isMarked(title: string): boolean {
  return (
    /^\W*(?:WITHDRAWN|RETRACTED)\s*[:.–—-]/.test(title) ||
    /^\s*[[(]\s*(?:withdrawn|retracted)\s*[\])]|[[(]\s*(?:withdrawn|retracted)\s*[\])]\W*$/i.test(title)
  );
}

function isTold(abstract: string): boolean {
  const text = abstract.slice(0, longestRead);
  return isText.test(text) || text.split(/(?<=[.!?])\s+/).some((sentence) => isSentence.test(sentence));
}
