// What a feed reader shows of a paper, as HTML.
import { escapeMarkup } from '../../text/html.ts';
import type { FeedItem } from './feed.ts';

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
