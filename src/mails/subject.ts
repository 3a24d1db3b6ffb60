// The two lines that an inbox shows of a mail: subject and preheader.

import { formatDayOfMonth } from './dates.ts';
import { trustHtml } from './html.ts';
import type { PaperView } from './paper-view.ts';
import { shortenText } from './shorten-text.ts';

const titleLength = { words: 30, columns: 90 };

/** `YOLOv13: Real-Time Object Detection + 6 more · 12 Dec`: no two days have the same. */
export function writeSubject({ papers, edition }: { papers: readonly PaperView[]; edition: string }): string {
  const [first] = papers;
  const more = papers.length > 1 ? ` + ${papers.length - 1} more` : '';
  return `${shortenText(first?.title ?? '', titleLength)}${more} · ${formatDayOfMonth(edition)}`;
}

const preheaderLength = { words: 30, columns: 125 };
const shortestPreheader = 40;

/** 40 to 130 characters that go on where the subject ends: the next titles, or how the only paper begins. */
export function writePreheader({
  papers,
  siteName,
}: {
  papers: readonly PaperView[];
  siteName: string;
}): string {
  const [first, ...others] = papers;
  const text =
    others.length > 0
      ? `Also: ${others
          .slice(0, 4)
          .map(({ title }) => title)
          .join(' · ')}`
      : (first?.abstract ?? '');
  const preheader = shortenText(text, preheaderLength);
  if (preheader.length >= shortestPreheader) return preheader;
  return shortenText(
    `${preheader} New research papers for your topics and keywords, from ${siteName}`.trim(),
    preheaderLength,
  );
}

/** Invisible, so that an inbox shows nothing of the body after a short preheader. */
export const preheaderFiller = trustHtml(
  `\n${'&#847;&#8204;&#160;&#847;&#8204;&#160;&#847;&#8204;&#160;\n'.repeat(30)}`,
);
