// What all digests of an edition have in common but their papers: written once for each language and form.
import { footerIn } from '../brand/brand.ts';
import type { DigestForm } from '../digests/form.ts';
import type { Words } from '../languages/words.ts';
import type { Links } from '../platform/links.ts';
import { cleanText } from '../text/clean-text.ts';
import { emptyHtml, type Html, trustHtml } from '../text/html.ts';
import { writeTextFoot, writeTextHead } from './digest-text.ts';
import type { Sender } from './mail-content.ts';
import { type DigestTemplate, fillBrand } from './mail-templates.ts';
import { leftBlank, type ReadersBlank } from './readers-blanks.ts';
import { preheaderFiller } from './subject.ts';

export type DigestFrame = ReturnType<typeof makeFrame>;

export function makeFrame(
  template: DigestTemplate,
  {
    edition,
    form,
    sender,
    linksOf,
    spoken,
  }: {
    /** YYYY-MM-DD */
    edition: string;
    form: DigestForm;
    sender: Sender;
    linksOf: Pick<Links, 'home'>;
    spoken: Words;
  },
) {
  const { t } = spoken;
  const isTop = form.holds === 'top';
  const words = {
    siteName: cleanText(sender.name),
    postalAddress: cleanText(sender.postalAddress),
    date: writeDate(edition, form, spoken),
    /** What a reader must know first; empty when there is nothing of the kind. */
    note: isTop ? t('digest.noteTop') : '',
    whyHere: t(isTop ? 'digest.whyTop' : 'digest.whyPapers'),
    home: linksOf.home(),
  };
  const footer = cleanText(footerIn(sender.footer ?? {}, spoken.language));
  const { note, ...blanks } = words;
  const readers = trustAll(leftBlank);
  return {
    siteName: words.siteName,
    page: template.page.fix({
      ...blanks,
      ...fillBrand(template, sender, spoken.language),
      ...readers,
      gap: spoken.gap,
      filler: preheaderFiller,
      note: note === '' ? emptyHtml : trustHtml(template.note({ note })),
    }),
    /** The links out, for the top of a mail of which the end may be cut off. */
    early: trustHtml(template.early(readers)),
    briefHeading: trustHtml(template.briefHeading({})),
    textHead: writeTextHead({ ...words, spoken }),
    textFoot: writeTextFoot({ ...words, footer, blanks: leftBlank, spoken }),
  };
}

function writeDate(edition: string, { covers }: DigestForm, { t, days }: Words): string {
  const day = days.full(edition);
  return covers === 'week' ? t('digest.weekTo', { day }) : day;
}

/** Those of a frame: votes are on the cards. */
function trustAll(blanks: Record<ReadersBlank, string>): Record<Exclude<ReadersBlank, 'votes'>, Html> {
  return {
    preferences: trustHtml(blanks.preferences),
    unsubscribe: trustHtml(blanks.unsubscribe),
    digest: trustHtml(blanks.digest),
    email: trustHtml(blanks.email),
    subscribedOn: trustHtml(blanks.subscribedOn),
  };
}
