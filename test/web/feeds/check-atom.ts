// What RFC 4287 requires of a feed document, read with a parser that refuses what is not well-formed.
import { parseXml, XmlElement } from '@rgrove/parse-xml';

const atomDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const once = ['id', 'title', 'updated'];
const atMostOnce = [
  'subtitle',
  'generator',
  'icon',
  'logo',
  'rights',
  'published',
  'summary',
  'content',
  'source',
];
const known = {
  feed: [
    ...once,
    'subtitle',
    'author',
    'contributor',
    'category',
    'generator',
    'icon',
    'logo',
    'link',
    'rights',
    'entry',
  ],
  entry: [
    ...once,
    'author',
    'contributor',
    'category',
    'content',
    'link',
    'published',
    'rights',
    'source',
    'summary',
  ],
};

export type AtomEntry = {
  id: string;
  title: string;
  content: string;
  author: string | null;
  categories: string[];
  updated: string;
};
export type AtomFeed = {
  problems: string[];
  id: string;
  title: string;
  updated: string;
  self: string | null;
  entries: AtomEntry[];
};

/** Problems name the section that is broken. Throws when the text is not well-formed XML. */
export function readAtom(text: string): AtomFeed {
  const { root } = parseXml(text);
  if (root === null) throw new Error('there is no root element');
  const problems: string[] = [];
  if (root.name !== 'feed' || root.attributes.xmlns !== 'http://www.w3.org/2005/Atom')
    problems.push('2: the root is no atom:feed');
  checkElement(root, 'feed', problems);
  const entries = childrenOf(root, 'entry');
  for (const entry of entries) checkElement(entry, 'entry', problems);
  const hasAuthor = (element: XmlElement) => childrenOf(element, 'author').length > 0;
  if (!hasAuthor(root) && !entries.every(hasAuthor))
    problems.push('4.1.1: neither feed nor every entry has an author');
  const ids = entries.map((entry) => textOf(entry, 'id'));
  if (new Set(ids).size !== ids.length) problems.push('4.1.1: two entries have one id');
  return {
    problems,
    id: textOf(root, 'id'),
    title: textOf(root, 'title'),
    updated: textOf(root, 'updated'),
    self: linkOf(root, 'self'),
    entries: entries.map((entry) => ({
      id: textOf(entry, 'id'),
      title: textOf(entry, 'title'),
      content: textOf(entry, 'content'),
      author: childrenOf(entry, 'author').map((author) => textOf(author, 'name'))[0] ?? null,
      categories: childrenOf(entry, 'category').map(({ attributes }) => attributes.term ?? ''),
      updated: textOf(entry, 'updated'),
    })),
  };
}

function checkElement(element: XmlElement, name: 'feed' | 'entry', problems: string[]): void {
  const names = element.children.flatMap((child) => (child instanceof XmlElement ? child.name : []));
  const count = (one: string) => names.filter((other) => other === one).length;
  for (const one of once) if (count(one) !== 1) problems.push(`4.1: ${name} has ${count(one)} ${one}`);
  for (const one of atMostOnce) if (count(one) > 1) problems.push(`4.1: ${name} has ${count(one)} ${one}`);
  for (const one of names) if (!known[name].includes(one)) problems.push(`4.1: ${name} has a ${one}`);
  if (!URL.canParse(textOf(element, 'id')))
    problems.push(`4.2.6: the id is no IRI: ${textOf(element, 'id')}`);
  if (textOf(element, 'title').trim() === '') problems.push('4.2.14: a title is empty');
  for (const date of ['updated', 'published'].flatMap((one) => childrenOf(element, one)))
    if (!atomDate.test(date.text)) problems.push(`3.3: no date: ${date.text}`);
  for (const author of childrenOf(element, 'author'))
    if (textOf(author, 'name') === '') problems.push('3.2.1: a person without a name');
  for (const { attributes } of childrenOf(element, 'category'))
    if (!attributes.term) problems.push('4.2.2.1: a category without a term');
  checkLinks(element, name, problems);
  const content = childrenOf(element, 'content')[0];
  if (
    content &&
    content.attributes.type === 'html' &&
    content.children.some((child) => child instanceof XmlElement)
  )
    problems.push('4.1.3.3: HTML content has child elements');
}

function checkLinks(element: XmlElement, name: string, problems: string[]): void {
  const links = childrenOf(element, 'link');
  for (const { attributes } of links)
    if (!URL.canParse(attributes.href ?? ''))
      problems.push(`4.2.7.1: a link leads nowhere: ${attributes.href}`);
  const alternates = links.filter(({ attributes }) => (attributes.rel ?? 'alternate') === 'alternate');
  const kinds = alternates.map(({ attributes }) => `${attributes.type} ${attributes.hreflang}`);
  if (new Set(kinds).size !== kinds.length) problems.push('4.1: two alternates of one type and language');
  if (name === 'feed' && linkOf(element, 'self') === null)
    problems.push('4.1.1: a feed should link to itself');
  if (alternates.length === 0 && childrenOf(element, 'content').length === 0)
    problems.push('4.1.2: neither alternate nor content');
}

function childrenOf({ children }: XmlElement, name: string): XmlElement[] {
  return children.filter((child): child is XmlElement => child instanceof XmlElement && child.name === name);
}

function textOf(element: XmlElement, name: string): string {
  return childrenOf(element, name)[0]?.text ?? '';
}

function linkOf(element: XmlElement, rel: string): string | null {
  return (
    childrenOf(element, 'link').find(({ attributes }) => attributes.rel === rel)?.attributes.href ?? null
  );
}
