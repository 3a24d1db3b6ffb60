// What a feed reader shows of a paper, as HTML, and how text becomes part of a markup.
import { dropInvisible } from '../../text/clean-text.ts';
import type { FeedItem } from './feed.ts';

/** For text and attribute values of HTML and XML alike; what XML forbids (section 2.2) is left out. */
export function escapeMarkup(text: string): string {
  return dropInvisible(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** The abstract and the links; empty when there is neither. */
export function writeItemHtml({ abstract, links }: Pick<FeedItem, 'abstract' | 'links'>): string {
  const anchors = links.map(
    ({ label, href }) => `<a href="${escapeMarkup(href)}">${escapeMarkup(label)}</a>`,
  );
  return [abstract === '' ? '' : escapeMarkup(abstract), anchors.join(' · ')]
    .filter((part) => part !== '')
    .map((part) => `<p dir="auto">${part}</p>`)
    .join('');
}
