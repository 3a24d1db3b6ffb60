// XML from outside as elements. Nothing in it is expanded or fetched: a document type is refused before it is read.
import { parseXml, XmlElement } from '@rgrove/parse-xml';

export type Xml = { type: 'xml'; root: XmlElement } | { type: 'refused'; reason: string };

/** Never throws. A document that ends too early is refused like any that is not well-formed. */
export function readXml(text: string): Xml {
  if (/<!DOCTYPE/i.test(text))
    return { type: 'refused', reason: 'the answer has a document type, which no feed needs' };
  try {
    const { root } = parseXml(text);
    return root === null ? { type: 'refused', reason: 'the answer is empty' } : { type: 'xml', root };
  } catch (error) {
    const [message = ''] = (error as Error).message.split('\n');
    return { type: 'refused', reason: `the answer is not XML, or was cut off: ${message.slice(0, 160)}` };
  }
}

/** The children of that name, prefix included as feeds write it: `entry`, `dc:creator`. */
export function listChildren({ children }: XmlElement, name: string): XmlElement[] {
  return children.filter((child): child is XmlElement => child instanceof XmlElement && child.name === name);
}

/** The text of the first child of that name, also when it is empty; null without such a child. */
export function textOfChild(element: XmlElement, name: string): string | null {
  return listChildren(element, name)[0]?.text ?? null;
}
