// XML from outside as elements. Nothing in it is expanded or fetched: a document type is refused before it is read.
import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';
import { readReferences } from '../text/html-references.ts';
import { isUnseen } from '../text/unseen-markup.ts';

export type Xml = { type: 'xml'; root: XmlElement } | { type: 'refused'; reason: string };

/** What many feeds get wrong is mended at a second reading. Never throws; a document that ends too early is refused. */
export function readXml(text: string): Xml {
  const plain = text.replace(/<!DOCTYPE\s(?!\s{0,9}html\b)[^<>[\]]{0,1000}>/i, '');
  if (/<!DOCTYPE/i.test(plain))
    return {
      type: 'refused',
      reason: 'the answer has a document type which no feed needs',
    };
  const first = parse(plain);
  if (first.type === 'xml') return first;
  const repaired = repair(plain);
  const second = parse(repaired);
  if (second.type === 'xml') return second;
  const third = parse(escapeTexts(repaired));
  return third.type === 'xml' ? third : first;
}

function parse(text: string): Xml {
  try {
    const { root } = parseXml(text, { resolveUndefinedEntity });
    return root === null ? { type: 'refused', reason: 'the answer is empty' } : { type: 'xml', root };
  } catch (error) {
    const [message = ''] = (error as Error).message.split('\n');
    return { type: 'refused', reason: `the answer is not XML, or was cut off: ${message.slice(0, 160)}` };
  }
}

/** Those of HTML and no others. */
function resolveUndefinedEntity(reference: string): string | undefined {
  const character = readReferences(reference);
  return character === reference ? undefined : character;
}

/** `R&D`, control characters, and what servers write above the start and below the end. */
function repair(given: string): string {
  const start = /<\?xml\s|<(?:\w+:)?(?:rss|feed|RDF)\b/.exec(given.slice(0, 10_000))?.index ?? 0;
  const text = given.slice(start);
  const [, root = ''] = /<((?:\w+:)?(?:rss|feed|RDF))\b/.exec(text.slice(0, 10_000)) ?? [];
  const end = root === '' ? -1 : text.lastIndexOf(`</${root}>`);
  return (end === -1 ? text : text.slice(0, end + root.length + 3))
    .replace(/&(?!(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});)/gi, '&amp;')
    .replace(/&#(?:x(?:[\da-f]|1[\da-f])|\d|[12]\d|3[01]);/gi, ' ')
    .replace(/(?![\t\n\r])\p{Cc}/gu, ' ');
}

const textNames = 'title|description|summary|content:encoded|dc:title|dc:description';
/** A text down to the next tag of a feed, so that none is looked through twice. */
const anyText = new RegExp(
  `(<(${textNames})(?:\\s[^<>]{0,500})?>)(?!\\s*<!\\[CDATA\\[)((?:(?!</?(?:item|entry|${textNames})[\\s>])[^])*)(?=</\\2>)`,
  'g',
);

/** `x < y` and HTML whose tags are never closed become the text that they are. */
function escapeTexts(xml: string): string {
  return xml.replace(anyText, (_, open: string, __, inner: string) => open + inner.replaceAll('<', '&lt;'));
}

/** The children of that name, prefix included as feeds write it: `entry`, `dc:creator`. */
export function listChildren({ children }: XmlElement, name: string): XmlElement[] {
  return children.filter((child): child is XmlElement => child instanceof XmlElement && child.name === name);
}

/** The text of the first child of that name, also when it is empty; null without such a child. */
export function textOfChild(element: XmlElement, name: string): string | null {
  const [child] = listChildren(element, name);
  return child === undefined ? null : readSeen(child);
}

/** Atom may have XHTML in it: paragraphs stay apart, and programs and styles are no text. */
function readSeen({ children, text }: XmlElement): string {
  if (!children.some((child) => child instanceof XmlElement)) return text;
  return children
    .map((child) => {
      if (!(child instanceof XmlElement)) return child instanceof XmlText ? child.text : '';
      if (isUnseen(child.name)) return ' ';
      return inlineElement.test(child.name) ? readSeen(child) : ` ${readSeen(child)} `;
    })
    .join('');
}

const inlineElement =
  /^(?:\w+:)?(?:a|abbr|b|cite|code|em|i|mark|q|s|small|span|strong|sub|sup|u|var|m[a-z]{1,9})$/i;
