// "CarnegieMellonU Carnegie Mellon University": the page shows an organisation's handle, then its name. A page that a
// browser copied may have the name alone: "Microsoft Research".
import { isHandleOf } from '../../papers/organizations.ts';

/** Whether a page's organisations have their handles in front: most of them show it, or none does. */
export type Handles = 'shown' | 'hidden';

export function findHandles(lines: readonly string[]): Handles {
  const resembling = lines.filter(resemblesOrganization).length;
  return resembling > 0 && resembling * 2 >= lines.length ? 'shown' : 'hidden';
}

/** The full name without the handle; a single word is both. Null when the line names nothing. */
export function readOrganization(line: string, handles: Handles): string | null {
  const words = line.split(' ').filter((word) => word !== '');
  const [first = '', ...others] = words;
  if (!words.some((word) => /[\p{L}\d]/u.test(word))) return null;
  const hasHandle = others.length > 0 && (handles === 'shown' ? isWord(first) : startsWithHandle(words));
  return (hasHandle ? others : words).join(' ');
}

/** Where the page does not tell: a word in small letters, or one that stood for a picture, begins no name. */
function startsWithHandle(words: string[]): boolean {
  return resemblesOrganization(words.join(' ')) || /^(?:[a-z][a-z\d._-]*|\[.*\])$/.test(words[0] ?? '');
}

function isWord(text: string): boolean {
  return /^[\w.-]+$/.test(text);
}

/** True when the first word can be seen to be the handle of the rest. */
export function resemblesOrganization(line: string): boolean {
  const [handle = '', ...name] = line.split(' ');
  return name.length > 0 && line.length <= 120 && isWord(handle) && isHandleOf(handle, name);
}
