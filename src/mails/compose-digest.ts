// Puts the cards of a digest together: frame, as many papers as the byte budget allows, footer.
import type { Digest } from '../digests/digest.ts';
import type { Links } from '../links.ts';
import { writeDigestText } from './digest-text.ts';
import { countHidden, type DigestWords, type ReadersBlank, type Shown, writeWords } from './digest-words.ts';
import { fitToBudget, htmlBudget, readersShare } from './fit-budget.ts';
import { emptyHtml, escapeHtml, foldLines, type Html, trustHtml } from './html.ts';
import type { MailContent, Sender } from './mail-content.ts';
import type { DigestTemplate } from './mail-templates.ts';
import { type Card, fillCard } from './paper-card.ts';
import { preheaderFiller } from './subject.ts';

/** What is filled in per mail stays a blank until then. */
const readersBlanks: Record<ReadersBlank, string> = {
  preferences: '{{preferences}}',
  unsubscribe: '{{unsubscribe}}',
  email: '{{email}}',
  subscribedOn: '{{subscribedOn}}',
};

/** From this size on Gmail may cut off the footer: the unsubscribe link is then also at the top. */
const earlyLinksFrom = 0.8 * htmlBudget;

type Input = {
  digest: Digest;
  /** One for each pick. */
  cards: readonly Card[];
  sender: Sender;
  linksOf: Pick<Links, 'papersOf' | 'home'>;
};

export function composeDigest(template: DigestTemplate, input: Input): MailContent {
  const words = writeWords(input);
  const lead = input.cards.slice(0, 1).map(({ blanks }) => fillCard(template.lead, blanks));
  const early = trustHtml(template.early(trustAll(readersBlanks)));
  const write = (shown: Shown, top: Html) => writeHtml(template, { words, lead, shown, top });

  const frame = write({ full: [], brief: [], hidden: input.digest.matched }, early).length;
  const fit = fitToBudget({
    cards: input.cards.map(({ full, brief }, index) => ({
      full: (index === 0 ? 0 : full.html.length) + 1,
      brief: brief.html.length + 1,
    })),
    briefHeading: template.briefHeading({}).length,
    room: htmlBudget - readersShare - frame,
  });
  const shown = {
    full: input.cards.slice(0, fit.full),
    brief: input.cards.slice(fit.full, fit.full + fit.brief),
    hidden: input.digest.matched - fit.full - fit.brief,
  };
  const html = write(shown, emptyHtml);
  return {
    subject: words.subject,
    html: html.length + readersShare > earlyLinksFrom ? write(shown, early) : html,
    text: writeDigestText({ ...words, shown, blanks: readersBlanks }),
  };
}

function writeHtml(
  template: DigestTemplate,
  { words, lead, shown, top }: { words: DigestWords; lead: string[]; shown: Shown; top: Html },
): string {
  const { archive, ...blanks } = words;
  return template.page({
    ...blanks,
    ...trustAll(readersBlanks),
    preheader: trustHtml(foldLines(escapeHtml(words.preheader))),
    filler: preheaderFiller,
    early: top,
    lead: trustHtml(lead.join('')),
    card: trustHtml(
      shown.full
        .slice(1)
        .map(({ full }) => full.html)
        .join('\n'),
    ),
    briefHeading: shown.brief.length === 0 ? emptyHtml : trustHtml(template.briefHeading({})),
    brief: trustHtml(shown.brief.map(({ brief }) => brief.html).join('\n')),
    more:
      shown.hidden === 0 ? emptyHtml : trustHtml(template.more({ archive, more: countHidden(shown.hidden) })),
  });
}

function trustAll(blanks: Record<ReadersBlank, string>): Record<ReadersBlank, Html> {
  return {
    preferences: trustHtml(blanks.preferences),
    unsubscribe: trustHtml(blanks.unsubscribe),
    email: trustHtml(blanks.email),
    subscribedOn: trustHtml(blanks.subscribedOn),
  };
}
