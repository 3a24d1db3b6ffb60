// One paper in a digest, as HTML and as text: what is the paper's own is made once, the rest once for each set of reasons,
// when it is asked for, then shared by all digests that hold it.
import type { Pick as DigestPick } from '../digests/digest.ts';
import type { PaperView } from '../digests/paper-view.ts';
import {
  betweenPlaces,
  listWords,
  nameReason,
  type ReasonView,
  separate,
  viewReasons,
  viewTop,
  writeReason,
} from '../digests/reason-view.ts';
import type { Words } from '../languages/words.ts';
import type { Links } from '../platform/links.ts';
import { once } from '../platform/once.ts';
import { splitAtWords } from '../text/find-words.ts';
import { emptyHtml, escapeHtml, foldLines, type Html, joinHtml, trustHtml } from '../text/html.ts';
import { wrapText } from '../text/wrap-text.ts';
import type { SharedPiece } from './mail-content.ts';
import type { CardTemplate, DigestTemplate } from './mail-templates.ts';
import { leftBlank } from './readers-blanks.ts';

export type Card = {
  parts: PaperParts;
  /** In full, as the first paper of a digest. */
  lead(): Written;
  full(): Written;
  /** Title and what the reader follows that it is there for. */
  brief(): Written;
};

type Written = { html: SharedPiece; text: SharedPiece };

/** What every card of a paper has, whatever it is there for. */
export type PaperParts = {
  view: PaperView;
  html: Pick<CardBlanks, 'paper' | 'title' | 'facts' | 'more' | 'fewer'>;
  heading: string;
  /** What stands below the reasons in plain text. */
  leadDetails(): string;
  details(): string;
};

type CardBlanks = Record<'paper' | 'title' | 'why' | 'abstract' | 'facts' | 'more' | 'fewer', Html | string>;

export function renderParts(
  { seq }: DigestPick['paper'],
  {
    view,
    template,
    linksOf,
    spoken,
  }: { view: PaperView; template: DigestTemplate; linksOf: Pick<Links, 'paper' | 'vote'>; spoken: Words },
): PaperParts {
  const url = linksOf.paper(seq);
  const vote = { votes: leftBlank.votes, seq };
  const writeDetails = (abstract: string | null) =>
    [
      ...textOfDetails({ ...view, abstract }, spoken),
      '',
      spoken.t('reason.label', { label: spoken.t('digest.moreOrFewer') }),
      linksOf.vote(vote),
    ].join('\n');
  return {
    view,
    html: {
      paper: trustHtml(escapeHtml(url)),
      // Not marked: what is found in the title is said below it, and a headline is to be read.
      title: trustHtml(escapeHtml(view.title)),
      facts: htmlOfFacts(template, view),
      more: trustHtml(linksOf.vote({ ...vote, wish: 'more' })),
      fewer: trustHtml(linksOf.vote({ ...vote, wish: 'fewer' })),
    },
    heading: `${wrapText(view.title)}\n${url}`,
    leadDetails: once(() => writeDetails(view.leadAbstract)),
    details: once(() => writeDetails(view.abstract)),
  };
}

export function renderCard(
  { paper, reasons }: DigestPick,
  { parts, template, spoken }: { parts: PaperParts; template: DigestTemplate; spoken: Words },
): Card {
  const { view, heading } = parts;
  const why = reasons.length === 0 ? [viewTop(paper, spoken)] : viewReasons(reasons, { paper, spoken });
  const words = listWords(reasons);
  const writeWhy = once(() => ({
    html: htmlOfReasons(template, why, spoken),
    text: [heading, ...textOfReasons(why, spoken)].join('\n'),
  }));
  const write = (frame: CardTemplate, abstract: string | null, details: string): Written => ({
    html: {
      shared: fillCard(frame, {
        ...parts.html,
        why: writeWhy().html,
        abstract: markWords(template, abstract ?? '', words),
      }),
    },
    text: { shared: `${writeWhy().text}\n${details}` },
  });
  const writeBrief = (): Written => {
    const briefWhy = why.map((reason) => nameReason(reason, spoken));
    return {
      html: { shared: fillBrief(template, { ...parts.html, why: joinHtml(briefWhy, dot) }) },
      text: { shared: `\n\n${heading}\n${wrapText(briefWhy.join(' · '), starred)}` },
    };
  };
  return {
    parts,
    lead: once(() => write(template.lead, view.leadAbstract, parts.leadDetails())),
    full: once(() => write(template.card, view.abstract, parts.details())),
    brief: once(writeBrief),
  };
}

function fillCard(template: CardTemplate, { paper, title, more, fewer, ...lines }: CardBlanks): string {
  const html = template.frame({
    paper,
    title,
    more,
    fewer,
    why: fillUnlessEmpty(template.why, { why: lines.why }),
    abstract: fillUnlessEmpty(template.abstract, { abstract: lines.abstract }),
    facts: fillUnlessEmpty(template.facts, { facts: lines.facts }),
  });
  return `${foldLines(html)}\n`;
}

function fillBrief(
  template: DigestTemplate,
  { paper, title, why }: Pick<CardBlanks, 'paper' | 'title' | 'why'>,
): string {
  const html = template.brief.frame({ paper, title, why: fillUnlessEmpty(template.brief.why, { why }) });
  return `${foldLines(html)}\n`;
}

/** A line without content is left out with its paragraph. */
function fillUnlessEmpty<Values extends Record<string, Html | string>>(
  template: (values: Values) => string,
  values: Values,
): Html {
  const isEmpty = Object.values(values).every(
    (value) => (typeof value === 'string' ? value : value.html) === '',
  );
  return isEmpty ? emptyHtml : trustHtml(template(values));
}

function markWords(template: DigestTemplate, text: string, words: readonly string[]): Html {
  return joinHtml(
    splitAtWords(text, words).map((span) =>
      span.isHit ? trustHtml(template.hit({ words: span.text })) : span.text,
    ),
  );
}

const newLine = trustHtml('<br>');
const dot = trustHtml(' &#160;&#183;&#160; ');

function htmlOfReasons(template: DigestTemplate, why: readonly ReasonView[], spoken: Words): Html {
  return joinHtml(
    why.map((reason) => trustHtml(fillReason(template, reason, spoken))),
    newLine,
  );
}

function fillReason(template: DigestTemplate, { label, places }: ReasonView, spoken: Words): string {
  const parts = places.map(({ before, words, after }) =>
    joinHtml([before, words === '' ? emptyHtml : trustHtml(template.words({ words })), after]),
  );
  return template.reason({
    label,
    places: joinHtml([separate(places, spoken), joinHtml(parts, betweenPlaces(spoken))]),
  });
}

function htmlOfFacts(template: DigestTemplate, { facts, links }: PaperView): Html {
  return joinHtml([...facts.map(keepPlace), ...links.map((link) => trustHtml(template.link(link)))], dot);
}

const fromRightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * A name in Arabic or Hebrew would take what stands behind it, up to the next letter, to its left. Marks (U+200E), as
 * mail programs may drop the element that isolates.
 */
function keepPlace(fact: string): string {
  return fromRightToLeft.test(fact) ? `\u200e${fact}\u200e` : fact;
}

const starred = { first: '* ', indent: '  ' };

function textOfReasons(why: readonly ReasonView[], spoken: Words): string[] {
  return why.map((reason) => wrapText(writeReason(reason, spoken), starred));
}

function textOfDetails({ facts, abstract, links }: PaperView, { t }: Words): string[] {
  return [
    ...(facts.length === 0 ? [] : [wrapText(facts.map(keepPlace).join(' · '))]),
    ...(abstract === null ? [] : ['', wrapText(abstract)]),
    ...(links.length === 0 ? [] : ['']),
    ...links.flatMap(({ label, url }) => [t('reason.label', { label }), url]),
  ];
}
