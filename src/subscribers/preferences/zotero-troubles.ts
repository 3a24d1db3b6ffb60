// What stands in the way of a library at Zotero among the papers one likes, and how it gets there: the form and the API read it
// before what they sent is judged, and leave a line in place of one that could not be read.
import type { Message } from '../../languages/catalogue.ts';
import { readZoteroAddress, type ZoteroTrouble, zoteroTroubles } from '../../library/zotero-library.ts';

/** `message` in English, for programs; `words` for the reader. */
type Trouble = { message: string; words: Message };

const troubles: Record<ZoteroTrouble, Trouble> = {
  private: { message: 'has a Zotero library that is not public', words: { key: 'problems.zoteroPrivate' } },
  silent: {
    message: 'has a Zotero library, and Zotero gave no answer',
    words: { key: 'problems.zoteroSilent' },
  },
  empty: { message: 'has a Zotero library without papers', words: { key: 'problems.zoteroEmpty' } },
  busy: {
    message: 'has more Zotero libraries than can be asked for now',
    words: { key: 'problems.zoteroBusy' },
  },
  named: {
    message:
      'has an address of Zotero with a person’s name, of which Zotero tells nothing: take users/ and the number',
    words: { key: 'problems.zoteroNamed' },
  },
  unclear: {
    message: 'has an address of Zotero that is no library’s',
    words: { key: 'problems.zoteroUnclear' },
  },
  later: {
    message: 'has a Zotero library, which only the form and the API for readers read',
    words: { key: 'problems.zoteroLater' },
  },
};
const troubleMark = '\u0000zotero:';

/** A line that stands for a library which could not be read: nobody can type it. */
export function writeZoteroTrouble(trouble: ZoteroTrouble): string {
  return troubleMark + trouble;
}

/** Of the lines of a library; null where nothing is in the way. */
export function findZoteroTrouble(lines: readonly string[]): Trouble | null {
  const marked = lines.find((line) => line.startsWith(troubleMark))?.slice(troubleMark.length);
  const told = zoteroTroubles.find((trouble) => trouble === marked);
  if (told !== undefined) return troubles[told];
  const address = lines.map(readZoteroAddress).find((found) => found !== null);
  if (address === undefined) return null;
  return troubles[typeof address === 'string' ? address : 'later'];
}
