// Papers, reasons and readers for the tests of mails.
import { inject } from 'vitest';
import type { Digest, Pick as DigestPick, Reason } from '../../src/digests/digest.ts';
import { type DigestForm, dailyForm } from '../../src/digests/form.ts';
import type { Language } from '../../src/languages/languages.ts';
import { wordsOf } from '../../src/languages/words.ts';
import type { MailContent, Sender } from '../../src/mails/mail-content.ts';
import { createMailTemplates, type MailTemplates } from '../../src/mails/mail-templates.ts';
import { createDigestCache, fillDigestLinks, renderDigest } from '../../src/mails/render-digest.ts';
import type { Paper } from '../../src/papers/paper.ts';
import { createLinks } from '../../src/platform/links.ts';

export const loadTemplates = (): MailTemplates => createMailTemplates(inject('mailSources'));

export const linksOf = createLinks('https://papers.example.org');

export const sender: Sender = {
  name: 'Paperround',
  baseUrl: 'https://papers.example.org',
  postalAddress: 'Reading Room, 1 Library Lane, Oxford OX1 3BG, United Kingdom',
};

export const ada = {
  preferences: linksOf.preferences('token-of-ada'),
  unsubscribe: linksOf.unsubscribe('token-of-ada'),
  digest: linksOf.digest('token-of-ada'),
  votes: linksOf.votes('token-of-ada'),
  email: 'ada@example.org',
  subscribedOn: '2025-12-03',
};

export const english = wordsOf('en');

/** Written for these tests, with the damage that captured pages have. */
export const abstract =
  'Training of large mixture-of-experts models now spans 10^4--10^5 accelerators, and failures are routine. ' +
  'We present Shepherd, a scheduler that moves experts away from failing hosts before they fail. It watches ' +
  'temperatures, link errors and memory faults, and predicts which host is next. In a year of operation Shepherd ' +
  'raised throughput by 12.5\\% and made recovery 1.35times faster than restarts from a checkpoint. ' +
  'Code is at https://github.com/example/shepherd and models are at https://shepherd.example.edu/models.';

export function makePaper(seq: number, part: Partial<Paper> = {}): Paper {
  return {
    seq,
    key: `title:paper ${seq}`,
    title: `Shepherd ${seq}: Moving Experts Before Hosts Fail`,
    abstract,
    authorsCount: 7,
    organization: null,
    publishedOn: '2025-12-10',
    comments: 2,
    upvotes: 31,
    links: ['https://github.com/example/shepherd', 'https://shepherd.example.edu/models'],
    firstListedOn: '2025-12-12',
    ...part,
  };
}

export const reasons: [Reason, ...Reason[]] = [
  {
    type: 'topic',
    id: 'moe',
    name: 'Mixture of experts',
    score: 0.9,
    because: ['mixture-of-experts', 'experts', 'routing'],
  },
  { type: 'query', query: 'fault tolerance', score: 0.6, because: ['failures', 'recovery'] },
];

export function makePick(seq: number, part: Partial<Paper> = {}): DigestPick {
  return { paper: makePaper(seq, part), score: 1, reasons };
}

export function makeDigest(picks: DigestPick[], part: Partial<Digest> = {}): Digest {
  return { edition: '2025-12-12', picks, matched: picks.length, ...part };
}

/** As Ada would get it. */
export function renderFor(
  templates: MailTemplates,
  digest: Digest,
  { form = dailyForm, ...reader }: Partial<typeof ada & { language: Language; form: DigestForm }> = {},
): MailContent {
  const { language = 'en' } = reader;
  const cache = createDigestCache();
  const body = renderDigest(templates, { digest, form, sender, linksOf, cache, language });
  return fillDigestLinks(body, { ...ada, ...reader, language });
}

/** What a title may hold at its worst. */
export const hostileTitles = {
  markup: '<img src=x onerror="alert(1)"> </title><script>alert(2)</script> & Co',
  bidi: 'Safe \u202Etfarc\u202C \u2066title\u2069\u200F',
  long: `Very ${'long '.repeat(2_000)}title`,
  unbroken: 'W'.repeat(10_000),
  latex: '$\\mathcal{O}(n^2)$ \\proj{} with {\\bf bold} 10^{-3} and \\undefined{\\nested{x}}',
  header: 'One\r\nBcc: all@example.org\r\n\r\nTwo',
  blanks: '{{unsubscribe}} {{{{preferences}}}} {{email}}',
  arabic: 'نماذج اللغة الكبيرة: دراسة شاملة',
  chinese: '大规模语言模型的高效推理：'.repeat(40),
  marks: `Z${'\u0351'.repeat(500)}algo`,
  nothing: ' \u200B\u202E ',
  replacement: "$& $1 $' $` $$",
} as const;
