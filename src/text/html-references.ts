// HTML's references for characters, `&eacute;` and `&#233;`, as feeds and captures have them.
import { decodeHTMLStrict } from 'entities';

/** What is no reference stays as it is; white space is a plain space, and a hyphen that is only shown at a line's end is none. */
export function readReferences(text: string): string {
  if (!text.includes('&')) return text;
  return decodeHTMLStrict(text)
    .replaceAll('\u00ad', '')
    .replace(/[\u00a0\u2002\u2003\u2009]/g, ' ');
}
