// The two lines that an inbox shows of a mail: subject and preheader.
import type { DigestForm } from '../digests/form.ts';
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
  form: { covers, holds },
  spoken: { t, days },
}: {
  papers: readonly PaperView[];
  edition: string;
  form: DigestForm;
  spoken: Words;
}): string {
  const write = (title: string) =>
    holds === 'top' ? t(covers === 'week' ? 'digest.topOfWeek' : 'digest.topOfDay', { title }) : title;
  const room = { ...titleLength, columns: titleLength.columns - textWidth(write('')) };
  const title = write(shortenText(papers[0]?.title ?? '', room));
  const day = days.ofMonth(edition);
  if (papers.length < 2)
    return t(covers === 'week' ? 'digest.subjectWeek' : 'digest.subject', { title, day });
  const more = papers.length - 1;
  return t(covers === 'week' ? 'digest.subjectWeekMore' : 'digest.subjectMore', { title, more, day });
}

const preheaderLength = { words: 30, columns: 125 };
const shortestPreheader = 40;

/** 40 to 130 columns that go on where the subject ends: the next titles, or how the only paper begins. */
export function writePreheader({
  papers,
  siteName,
  form: { covers },
  spoken: { t },
}: {
  papers: readonly PaperView[];
  siteName: string;
  form: DigestForm;
  spoken: Words;
}): string {
  const [first, ...others] = papers;
  const text =
    others.length > 0
      ? t(covers === 'week' ? 'digest.alsoWeek' : 'digest.also', {
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
