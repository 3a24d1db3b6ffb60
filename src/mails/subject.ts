// The two lines that an inbox shows of a mail: subject and preheader.
import type { Words } from '../languages/words.ts';
import { trustHtml } from './html.ts';
import type { PaperView } from './paper-view.ts';
import { shortenText } from './shorten-text.ts';
import { textWidth } from './text-width.ts';

const titleLength = { words: 30, columns: 90 };

/** `YOLOv13: Real-Time Object Detection + 6 more · 12 Dec`: no two days have the same. */
export function writeSubject({
  papers,
  edition,
  spoken: { t, days },
}: {
  papers: readonly PaperView[];
  edition: string;
  spoken: Words;
}): string {
  const title = shortenText(papers[0]?.title ?? '', titleLength);
  const day = days.ofMonth(edition);
  return papers.length > 1
    ? t('digest.subjectMore', { title, more: papers.length - 1, day })
    : t('digest.subject', { title, day });
}

const preheaderLength = { words: 30, columns: 125 };
const shortestPreheader = 40;

/** 40 to 130 columns that go on where the subject ends: the next titles, or how the only paper begins. */
export function writePreheader({
  papers,
  siteName,
  spoken: { t },
}: {
  papers: readonly PaperView[];
  siteName: string;
  spoken: Words;
}): string {
  const [first, ...others] = papers;
  const text =
    others.length > 0
      ? t('digest.also', {
          titles: others
            .slice(0, 4)
            .map(({ title }) => title)
            .join(' · '),
        })
      : (first?.abstract ?? '');
  const preheader = shortenText(text, preheaderLength);
  if (textWidth(preheader) >= shortestPreheader) return preheader;
  return shortenText(`${preheader} ${t('digest.invitation', { siteName })}`.trim(), preheaderLength);
}

/** Invisible, so that an inbox shows nothing of the body after a short preheader. */
export const preheaderFiller = trustHtml(
  `\n${'&#847;&#8204;&#160;&#847;&#8204;&#160;&#847;&#8204;&#160;\n'.repeat(30)}`,
);
