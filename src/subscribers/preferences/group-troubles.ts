// What stands in the way of a Zotero group in a library, and how it gets there: the form and the API read groups before what they
// sent is judged, and leave a line in place of one that could not be read.
import type { Message } from '../../languages/catalogue.ts';
import { type GroupTrouble, groupTroubles, readGroupAddress } from '../../library/zotero-group.ts';

/** `message` in English, for programs; `words` for the reader. */
type Trouble = { message: string; words: Message };

const troublesOfGroups: Record<GroupTrouble, Trouble> = {
  private: { message: 'has a Zotero group that is not public', words: { key: 'problems.zoteroPrivate' } },
  silent: {
    message: 'has a Zotero group, and Zotero gave no answer',
    words: { key: 'problems.zoteroSilent' },
  },
  empty: { message: 'has a Zotero group without papers', words: { key: 'problems.zoteroEmpty' } },
  busy: {
    message: 'has more Zotero groups than can be asked for now',
    words: { key: 'problems.zoteroBusy' },
  },
  unclear: {
    message: 'has an address of Zotero that is no group’s',
    words: { key: 'problems.zoteroUnclear' },
  },
  later: {
    message: 'has a Zotero group, which only the form and the API for readers read',
    words: { key: 'problems.zoteroLater' },
  },
};
const troubleMark = '\u0000zotero:';

/** A line that stands for a group which could not be read: nobody can type it. */
export function writeGroupTrouble(trouble: GroupTrouble): string {
  return troubleMark + trouble;
}

/** Of the lines of a library; null where nothing is in the way. */
export function findGroupTrouble(lines: readonly string[]): Trouble | null {
  const marked = lines.find((line) => line.startsWith(troubleMark))?.slice(troubleMark.length);
  const told = groupTroubles.find((trouble) => trouble === marked);
  if (told !== undefined) return troublesOfGroups[told];
  const address = lines.map(readGroupAddress).find((found) => found !== null);
  if (address === undefined) return null;
  return troublesOfGroups[address === 'unclear' ? 'unclear' : 'later'];
}
