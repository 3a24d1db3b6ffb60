// The two lines that an inbox shows of a mail: subject and preheader.
import type { DigestForm } from '../digests/form.ts';
import type { PaperView } from '../digests/paper-view.ts';
import type { MessageKey } from '../languages/catalogue.ts';
import type { Words } from '../languages/words.ts';
import { trustHtml } from '../text/html.ts';
import { shortenText } from '../text/shorten-text.ts';
import { textWidth } from '../text/text-width.ts';

const titleLength = { words: 30, columns: 90 };

/** `YOLOv13: Real-Time Object Detection + 6 more · 12 Dec`: the first paper leads, and no two days have the same. */
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
  const title = shortenText(papers[0]?.title ?? '', titleLength);
  const more = papers.length - 1;
  const date = days.ofMonth(edition);
  // In a digest of the top papers the day says so: `… · the day’s top, 12 Dec`.
  const isTop = holds === 'top';
  const day = isTop ? t(covers === 'week' ? 'digest.topOfWeek' : 'digest.topOfDay', { day: date }) : date;
  const isWeek = covers === 'week' && !isTop;
  if (more < 1) return t(isWeek ? 'digest.subjectWeek' : 'digest.subject', { title, day });
  return t(isWeek ? 'digest.subjectWeekMore' : 'digest.subjectMore', { title, more, day });
}

const preheaderLength = { words: 30, columns: 125 };
const shortestPreheader = 40;

/** 40 to 130 columns that go on where the subject ends: the next titles, or what the only paper says. */
export function writePreheader({
  papers,
  siteName,
  form,
  spoken: { t },
}: {
  papers: readonly PaperView[];
  siteName: string;
  form: DigestForm;
  spoken: Words;
}): string {
  const [first, ...others] = papers;
  const titles = others
    .slice(0, 4)
    .map(({ title }) => title)
    .join(' · ');
  const alone = form.holds === 'top' ? t('digest.noteTop') : (first?.abstract ?? '').replace(/^… /, '');
  const text = titles === '' ? alone : t(chooseAlso(form), { titles });
  const preheader = shortenText(text, preheaderLength);
  if (textWidth(preheader) >= shortestPreheader) return preheader;
  return shortenText(`${preheader} ${t('digest.invitation', { siteName })}`.trim(), preheaderLength);
}

function chooseAlso({ covers, holds }: DigestForm): MessageKey {
  if (holds === 'top') return 'digest.alsoTop';
  return covers === 'week' ? 'digest.alsoWeek' : 'digest.also';
}

/** Invisible, so that an inbox shows nothing of the body after a short preheader. */
export const preheaderFiller = trustHtml(
  `\n${'&#847;&#8204;&#160;&#847;&#8204;&#160;&#847;&#8204;&#160;\n'.repeat(30)}`,
);
