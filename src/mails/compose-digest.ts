// Puts the cards of a digest together: frame, as many papers as the byte budget allows, footer.
import type { Digest } from '../digests/digest.ts';
import type { DigestForm } from '../digests/form.ts';
import type { Words } from '../languages/words.ts';
import { tokenLength } from '../platform/keys/tokens.ts';
import type { Links } from '../platform/links.ts';
import { emptyHtml, escapeHtml, foldLines, type Html, trustHtml } from '../text/html.ts';
import type { DigestFrame } from './digest-frame.ts';
import { writeDigestText } from './digest-text.ts';
import { type DigestWords, type Shown, writeWords } from './digest-words.ts';
import { fitToBudget, htmlBudget, readersShare } from './fit-budget.ts';
import { type MailInPieces, type Piece, textOf } from './mail-content.ts';
import type { DigestTemplate } from './mail-templates.ts';
import type { Card } from './paper-card.ts';

/** From this size on Gmail may cut off the footer: the unsubscribe link is then also at the top. */
const earlyLinksFrom = 0.8 * htmlBudget;

type Input = {
  digest: Digest;
  form: DigestForm;
  /** One for each pick. */
  cards: readonly Card[];
  linksOf: Pick<Links, 'papersOf' | 'votes'>;
  spoken: Words;
};

export function composeDigest(template: DigestTemplate, frame: DigestFrame, input: Input): MailInPieces {
  const { cards, digest, spoken } = input;
  const words = writeWords({ ...input, siteName: frame.siteName });
  const lead = cards.slice(0, 1).map((card) => card.lead().html);
  const write = (shown: Shown, early: Html) =>
    writeHtml(template, { frame, words, lead, shown, early, spoken });
  const compose = (shown: Shown, html: Piece[]): MailInPieces => ({
    subject: words.subject,
    html,
    text: writeDigestText({ ...words, head: frame.textHead, foot: frame.textFoot, shown, spoken }),
  });

  const all = { full: cards, brief: [], hidden: digest.matched - cards.length };
  const html = write(all, emptyHtml);
  const votesShare = measureVotes(input.linksOf);
  if (lengthOf(html) + readersShare + votesShare * cards.length <= earlyLinksFrom) return compose(all, html);

  const empty = write({ full: [], brief: [], hidden: digest.matched }, frame.early);
  const fit = fitToBudget({
    // The lead is in the empty one.
    cards: cards.map(({ full, brief }, index) => ({
      full: index === 0 ? 0 : full().html.shared.length + votesShare,
      brief: brief().html.shared.length,
    })),
    briefHeading: frame.briefHeading.html.length,
    room: htmlBudget - readersShare - votesShare - lengthOf(empty),
  });
  const shown = {
    full: cards.slice(0, fit.full),
    brief: cards.slice(fit.full, fit.full + fit.brief),
    hidden: digest.matched - fit.full - fit.brief,
  };
  return compose(shown, write(shown, frame.early));
}

/** What a card in full grows by when its two links are filled in. */
function measureVotes(linksOf: Pick<Links, 'votes'>): number {
  return 2 * linksOf.votes('x'.repeat(tokenLength)).length;
}

function writeHtml(
  template: DigestTemplate,
  {
    frame,
    words: { subject, preheader, count, archive },
    lead,
    shown: { full, brief, hidden },
    early,
    spoken,
  }: { frame: DigestFrame; words: DigestWords; lead: Piece[]; shown: Shown; early: Html; spoken: Words },
): Piece[] {
  return frame.page.fill({
    subject,
    preheader: trustHtml(foldLines(escapeHtml(preheader))),
    early,
    count,
    lead,
    card: full.slice(1).map((card) => card.full().html),
    briefHeading: brief.length === 0 ? emptyHtml : frame.briefHeading,
    brief: brief.map((card) => card.brief().html),
    more:
      hidden === 0
        ? emptyHtml
        : trustHtml(template.more({ archive, more: spoken.t('digest.more', { count: hidden }) })),
  });
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + textOf(piece).length, 0);
}
