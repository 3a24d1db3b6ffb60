// The mail of a digest. All but the reader's own links is made once for everyone who gets the same papers.
import { LRUCache } from 'lru-cache';
import type { Digest, Pick as DigestPick } from '../digests/digest.ts';
import { type DigestForm, dailyForm, writeLook } from '../digests/form.ts';
import { viewPaper } from '../digests/paper-view.ts';
import type { Language } from '../languages/languages.ts';
import { wordsOf } from '../languages/words.ts';
import type { Links } from '../platform/links.ts';
import { escapeHtml } from '../text/html.ts';
import { composeDigest } from './compose-digest.ts';
import { type DigestFrame, makeFrame } from './digest-frame.ts';
import { joinPieces, type MailContent, type MailInPieces, type Sender } from './mail-content.ts';
import type { MailTemplates } from './mail-templates.ts';
import { type Card, type PaperParts, renderCard, renderParts } from './paper-card.ts';
import { fillBlanks, type ReadersBlank, type ReadersLinks, readersBlanks } from './readers-blanks.ts';

/** A digest with a blank, `{{preferences}}` and so on, wherever something of the reader belongs. The HTML is ASCII. */
export type DigestBody = MailInPieces;

/** What digests have in common; bounded. For one set of templates, links and sender. */
export type DigestCache = {
  papers: Cache<PaperParts>;
  cards: Cache<Card>;
  frames: Cache<DigestFrame>;
  bodies: Cache<DigestBody>;
  /** Another one for each object, and always the same for one. */
  numberOf: (thing: object) => number;
};

/** What is costly to make, up to a number of things: what was not asked for longest is forgotten first. */
type Cache<Value extends object> = LRUCache<string, Value, () => Value>;

function createCache<Value extends object>(max: number): Cache<Value> {
  return new LRUCache({ max, memoMethod: (_key, _stale, { context: make }) => make() });
}

function remember<Value extends object>(cache: Cache<Value>, key: string, make: () => Value): Value {
  return cache.memo(key, { context: make });
}

export function createDigestCache(): DigestCache {
  return {
    papers: createCache(2_000),
    cards: createCache(5_000),
    frames: createCache(100),
    bodies: createCache(2_000),
    numberOf: createNumbering(),
  };
}

/** A digest without papers is never sent: that throws. */
export function renderDigest(
  templates: MailTemplates,
  {
    digest,
    form = dailyForm,
    sender,
    linksOf,
    cache,
    language,
  }: {
    digest: Digest;
    form?: DigestForm;
    sender: Sender;
    linksOf: Pick<Links, 'paper' | 'vote' | 'papersOf' | 'home' | 'votes'>;
    cache: DigestCache;
    language: Language;
  },
): DigestBody {
  if (digest.picks.length === 0) throw new Error(`The digest for ${digest.edition} has no papers`);
  const { covers, holds } = form;
  const shape = `${language} ${writeLook(form)}:`;
  const keys = digest.picks.map((pick) => shape + keyOf(pick, cache.numberOf));
  const key = [digest.edition, digest.matched, covers, holds, ...keys].join('\n');
  return remember(cache.bodies, key, () => {
    const spoken = wordsOf(language);
    const template = templates[language].digest;
    const partsOf = ({ paper }: DigestPick) =>
      remember(cache.papers, shape + cache.numberOf(paper), () =>
        renderParts(paper, { view: viewPaper(paper, spoken, form), template, linksOf, spoken }),
      );
    const cards = digest.picks.map((pick, index) =>
      remember(cache.cards, keys[index] ?? '', () =>
        renderCard(pick, { parts: partsOf(pick), template, spoken }),
      ),
    );
    const frame = remember(cache.frames, [language, digest.edition, covers, holds].join(' '), () =>
      makeFrame(template, { edition: digest.edition, form, sender, linksOf, spoken }),
    );
    return composeDigest(template, frame, { digest, form, cards, linksOf, spoken });
  });
}

/** Matches and papers of an edition are the same objects for all of its readers; looked up again, they are new ones. */
function keyOf({ paper, reasons }: DigestPick, numberOf: DigestCache['numberOf']): string {
  return `${numberOf(paper)}:${reasons.map(({ because }) => numberOf(because)).join()}`;
}

function createNumbering(): (thing: object) => number {
  const numbers = new WeakMap<object, number>();
  let last = 0;
  return (thing) => {
    const known = numbers.get(thing);
    if (known !== undefined) return known;
    last += 1;
    numbers.set(thing, last);
    return last;
  };
}

/** The content as one reader sees it; delivery fills the encoded body instead. */
export function fillDigestLinks(body: DigestBody, links: ReadersLinks): MailContent {
  const values = fillBlanks(links);
  const blanks = new RegExp(`\\{\\{(${readersBlanks.join('|')})\\}\\}`, 'g');
  return {
    subject: body.subject,
    html: joinPieces(body.html).replace(blanks, (_, name: ReadersBlank) => escapeHtml(values[name])),
    text: joinPieces(body.text).replace(blanks, (_, name: ReadersBlank) => values[name]),
  };
}
