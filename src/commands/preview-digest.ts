// The digest that a listing would make for somebody, without anybody being subscribed.
import type { Config } from '../config/config.ts';
import type { Digest } from '../digests/digest.ts';
import { questionOf, readInterests } from '../digests/interests.ts';
import { selectDigest } from '../digests/select.ts';
import { fallbackLanguage, type Language } from '../languages/languages.ts';
import { openTemplates, senderOf } from '../mails/open-templates.ts';
import { fillBlanks, readersBlanks } from '../mails/readers-blanks.ts';
import { createDigestCache, fillDigestLinks, renderDigest } from '../mails/render-digest.ts';
import { buildEdition } from '../matching/edition.ts';
import { indexOnce } from '../matching/index-paper.ts';
import type { ListedPaper, Paper } from '../papers/paper.ts';
import { paperKey } from '../papers/paper-ids.ts';
import { readWithdrawal } from '../papers/withdrawal.ts';
import { ConfigError } from '../platform/errors.ts';
import { createLinks } from '../platform/links.ts';
import { composeMessage, openSenderIdentity } from '../smtp/message.ts';
import { createBodyEncoder } from '../smtp/message-body.ts';
import type { Preferences } from '../subscribers/preferences/preferences.ts';
import { compileTopics } from '../topics/topic-matcher.ts';
import { readTopics } from '../topics/topics-file.ts';
import { readQuery } from './listing-commands.ts';
import type { Listing } from './read-listing.ts';

export type PreviewFormat = 'html' | 'text' | 'mime' | 'json';

type Wanted = Pick<Preferences, 'topics' | 'keywords' | 'maxPapers'> &
  Partial<Pick<Preferences, 'organizations' | 'authors' | 'excludedTopics' | 'excludedKeywords'>>;

/** The digest that a reader who wants this would get of the listing. */
export async function previewDigest(
  listing: Listing,
  wanted: Wanted & { format: PreviewFormat; config: Config; now: Date; language?: Language },
): Promise<string> {
  const { config, now, format, language = fallbackLanguage } = wanted;
  const digest = await pickDigest(listing, wanted);
  const sender = senderOf(config);
  const links = createLinks(config.baseUrl);
  // No reader is behind these: they lead to a page that says so.
  const urls = {
    preferences: links.preferences('preview'),
    unsubscribe: links.unsubscribe('preview'),
    digest: links.digest('preview'),
    votes: links.votes('preview'),
  };
  if (digest.picks.length === 0)
    throw new ConfigError('No paper of this listing matches, so no digest would be sent');
  const templates = await openTemplates(config);
  const body = renderDigest(templates, {
    digest,
    sender,
    linksOf: links,
    cache: createDigestCache(),
    language,
  });
  const readersLinks = {
    ...urls,
    email: 'reader@example.org',
    subscribedOn: listing.date,
    language,
  };
  const content = fillDigestLinks(body, readersLinks);

  switch (format) {
    case 'html':
      return content.html;
    case 'text':
      return content.text;
    case 'json':
      return `${JSON.stringify({ ...describeDigest(digest), ...content }, null, 2)}\n`;
    case 'mime': {
      const { raw } = await composeMessage(openSenderIdentity(config, null), {
        addressed: {
          id: 0n,
          subscriberId: 'preview',
          kind: 'digest',
          edition: digest.edition,
          to: readersLinks.email,
          subject: content.subject,
          language,
          links: { home: links.home(), archive: links.papersOf(listing.date), unsubscribe: urls.unsubscribe },
          date: now,
        },
        body: createBodyEncoder(readersBlanks)(body),
        blanks: fillBlanks(readersLinks),
      });
      return raw.toString('latin1');
    }
  }
}

async function pickDigest(listing: Listing, wanted: Wanted & { config: Config }): Promise<Digest> {
  const { config } = wanted;
  const {
    topics,
    excludedTopics = [],
    keywords,
    excludedKeywords = [],
    organizations = [],
    authors = [],
  } = wanted;
  const known = (await readTopics(config)).topics;
  const unknown = [...topics, ...excludedTopics].find((id) => !known.some((topic) => topic.id === id));
  if (unknown !== undefined) {
    throw new ConfigError(`There is no topic “${unknown}”. Topics: ${known.map(({ id }) => id).join(', ')}`);
  }
  for (const text of [...keywords, ...excludedKeywords]) readQuery(text);
  const papers = listing.papers.map((paper, index) =>
    asStored(paper, { seq: index + 1, date: listing.date }),
  );
  const indexOf = indexOnce(papers);
  const matcher = compileTopics(known, papers, indexOf);
  const topicsOf = new Map(papers.map((paper) => [paper.seq, matcher.assign(paper)]));
  const edition = buildEdition(papers, topicsOf, indexOf);
  const topicNames = new Map(known.map(({ id, name }) => [id, name]));
  const preferences = { topics, keywords, organizations, authors, excludedTopics, excludedKeywords };
  const interests = readInterests(preferences, { topicNames, votes: [] });
  return selectDigest({
    edition: listing.date,
    papers: edition.findMatches(questionOf(interests)),
    interests,
    maxPapers: wanted.maxPapers,
  });
}

function asStored(paper: ListedPaper, { seq, date }: { seq: number; date: string }): Paper {
  return {
    ...paper,
    isWithdrawn: readWithdrawal(paper) ?? false,
    seq,
    key: paperKey(paper),
    firstListedOn: date,
  };
}

function describeDigest({ edition, matched, picks }: Digest) {
  return {
    edition,
    matched,
    papers: picks.map(({ paper, score, reasons }) => ({ title: paper.title, score, reasons })),
  };
}
