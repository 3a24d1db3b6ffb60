// What each claimed delivery sends. The subscription is read again here, whatever was true when it was planned.

import { type ChosenDigest, chooseDigest } from '../digests/choose-digest.ts';
import type { Digest } from '../digests/digest.ts';
import type { DigestForm } from '../digests/form.ts';
import type { MatchFinder } from '../digests/match-finder.ts';
import type { Language } from '../languages/languages.ts';
import { wordsOf } from '../languages/words.ts';
import { type ClaimedDelivery, findObstacle, type Outcome } from '../ledger/delivery.ts';
import { type DigestPurpose, signDigestLink } from '../ledger/digest-links.ts';
import { createPickRegister, readStoredDigest } from '../ledger/reports/stored-picks.ts';
import type { Sender } from '../mails/mail-content.ts';
import type { MailTemplates } from '../mails/mail-templates.ts';
import { fillBlanks, readersBlanks } from '../mails/readers-blanks.ts';
import { createDigestCache, type DigestBody, renderDigest } from '../mails/render-digest.ts';
import { listWithdrawn } from '../papers/store.ts';
import { breathe } from '../platform/breathe.ts';
import type { TokenPurpose, TokenSigner } from '../platform/keys/tokens.ts';
import type { Links } from '../platform/links.ts';
import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import type { OutgoingMessage } from '../smtp/mailer.ts';
import { composeMessage, type SenderIdentity } from '../smtp/message.ts';
import { type Blanks, createBodyEncoder, type MessageBody } from '../smtp/message-body.ts';
import { type AddressChange, listOpenChanges } from '../subscribers/account/address-store.ts';
import { dateLinks } from '../subscribers/account/mail-links.ts';
import { isWeekly } from '../subscribers/preferences/schedule.ts';
import { listSignUps, type SignUp } from '../subscribers/sign-up/sign-up-store.ts';
import { findSubscribers, listSuppressed } from '../subscribers/store.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { showAddress } from '../text/address.ts';
import { utcDay } from '../text/days.ts';
import { findRecipient, languageOf, writeAccountMail } from './write-account-mail.ts';

export type WrittenMail =
  /** `picks`: what the ledger is to keep of a digest. */
  { type: 'mail'; delivery: ClaimedDelivery; mail: OutgoingMessage; picks: number[] | null } | UnsentMail;

type UnsentMail = { type: 'unsent'; delivery: ClaimedDelivery; outcome: Outcome };
type ComposedMail = Omit<Exclude<WrittenMail, UnsentMail>, 'picks'> & { digest: Digest | null };

export type MailWriterDeps = {
  db: Db;
  matches: MatchFinder;
  templates: MailTemplates;
  /** Names of all topics in a language, by id. */
  topicNames: (language: Language) => ReadonlyMap<string, string>;
  links: Links;
  tokens: TokenSigner;
  sender: Sender;
  senderIdentity: SenderIdentity;
  now: () => Date;
  log: Logger;
};

const rewriteDelayMs = 10 * 60_000;

/** A mail that cannot be written (a bug) costs itself only: it is deferred, and the log tells. */
export function createMailWriter(
  deps: MailWriterDeps,
): (claimed: ClaimedDelivery[]) => Promise<WrittenMail[]> {
  const cache = createDigestCache();
  const encodeDigest = createBodyEncoder(readersBlanks);
  const encodeAccountMail = createBodyEncoder([]);
  const encoded = new WeakMap<DigestBody, MessageBody>();
  const registerPicks = createPickRegister(deps);

  /** Encoded once per distinct selection, as long as the rendered body is kept. */
  function encodeOnce(content: DigestBody): MessageBody {
    const body = encoded.get(content) ?? encodeDigest(content);
    encoded.set(content, body);
    return body;
  }

  async function writeDigest(
    delivery: ClaimedDelivery,
    subscriber: Subscriber,
  ): Promise<ComposedMail | UnsentMail> {
    const { edition, throughSeq, listedFrom } = delivery;
    if (edition === null || throughSeq === null || listedFrom === null)
      throw new Error('a digest without edition');
    const { preferences } = subscriber;
    const { language, days } = preferences;
    const window = { after: subscriber.servedThrough, through: throughSeq, listedFrom };
    const topicNames = deps.topicNames(language);
    const isSentAgain = delivery.resent && throughSeq <= subscriber.servedThrough;
    const chosen = isSentAgain
      ? await readAgain({ id: delivery.id, edition, topicNames })
      : await chooseDigest({ ...deps, topicNames }, { subscriber, edition, window });
    if (chosen.type === 'nothing') return unsent(delivery, chosen);
    const { digest, holds } = chosen;
    const [top] = digest.picks;
    if (top === undefined) throw new Error('a digest without papers');
    const form: DigestForm = { ...preferences, covers: isWeekly(days, edition) ? 'week' : 'day', holds };

    const links = {
      ...signLinks(delivery, subscriber),
      archive: deps.links.papersOf(top.paper.firstListedOn),
    };
    const { templates, sender, links: linksOf } = deps;
    const content = renderDigest(templates, { digest, form, sender, linksOf, cache, language });
    const subscribedOn = utcDay(subscriber.confirmedAt ?? subscriber.createdAt);
    const blanks = fillBlanks({ ...links, email: showAddress(subscriber.email), subscribedOn, language });
    const { subject } = content;
    return address({
      delivery,
      subscriber,
      to: subscriber.email,
      language,
      subject,
      body: encodeOnce(content),
      blanks,
      links,
      digest,
    });
  }

  /** Its papers were served by it: looked for once more, none would be new. */
  async function readAgain(sent: Parameters<typeof readStoredDigest>[1]): Promise<ChosenDigest> {
    const digest = await readStoredDigest(deps.db, sent);
    if (digest === null) return { type: 'nothing', code: 'no_papers' };
    const isTop = digest.picks.every(({ reasons }) => reasons.length === 0);
    return { type: 'digest', digest, holds: isTop ? 'top' : 'matches' };
  }

  async function address({
    delivery,
    subscriber,
    to,
    language,
    subject,
    body,
    blanks,
    links,
    digest,
  }: Draft): Promise<ComposedMail> {
    const { id, kind, edition } = delivery;
    const addressed = {
      id,
      kind,
      edition,
      subscriberId: subscriber.id,
      to,
      subject,
      language: wordsOf(language).tag,
      links,
      date: deps.now(),
    };
    return {
      type: 'mail',
      delivery,
      digest,
      mail: await composeMessage(deps.senderIdentity, { addressed, body, blanks }),
    };
  }

  function signLinks(delivery: ClaimedDelivery, subscriber: Subscriber): MailLinks {
    const issuedAt = dateLinks(delivery, subscriber);
    const sign = (purpose: TokenPurpose) =>
      deps.tokens.sign({ purpose, subscriberId: subscriber.id, issuedAt });
    const signDigest = (purpose: DigestPurpose) =>
      signDigestLink(deps.tokens, { purpose, delivery, subscriber });
    return {
      home: deps.links.home(),
      archive: deps.links.home(),
      preferences: deps.links.preferences(sign('preferences')),
      digest: deps.links.digest(signDigest('view')),
      votes: deps.links.votes(signDigest('vote')),
      unsubscribe: deps.links.unsubscribe(sign('unsubscribe')),
    };
  }

  /** What was withdrawn since the edition was read is in no mail: digests that would hold it are made anew. */
  async function writeWithoutWithdrawn(
    composed: (ComposedMail | UnsentMail)[],
    compose: (delivery: ClaimedDelivery) => Promise<ComposedMail | UnsentMail>,
  ): Promise<(ComposedMail | UnsentMail)[]> {
    const seqsIn = (item: ComposedMail | UnsentMail) =>
      item.type === 'mail' ? (item.digest?.picks.map(({ paper }) => paper.seq) ?? []) : [];
    const withdrawn = await listWithdrawn(deps.db, [...new Set(composed.flatMap(seqsIn))]);
    if (withdrawn.size === 0) return composed;
    deps.matches.forget();
    return Promise.all(
      composed.map((item) =>
        seqsIn(item).some((seq) => withdrawn.has(seq)) ? compose(item.delivery) : item,
      ),
    );
  }

  function write(delivery: ClaimedDelivery, reader: Reader): Promise<ComposedMail | UnsentMail> {
    const { kind, createdAt } = delivery;
    const { subscriber, change, signUp, to } = reader;
    if (kind === 'digest') return writeDigest(delivery, subscriber);
    const content = writeAccountMail(deps, { kind, createdAt, subscriber, change, signUp, to });
    const body = encodeAccountMail({ html: [content.html], text: [content.text] });
    const links = signLinks(delivery, subscriber);
    return address({
      delivery,
      subscriber,
      to,
      language: languageOf(reader),
      subject: content.subject,
      body,
      blanks: {},
      links,
      digest: null,
    });
  }

  return async (claimed) => {
    const found = await findSubscribers(
      deps.db,
      claimed.map(({ subscriberId }) => subscriberId),
    );
    const subscribers = new Map(found.map((subscriber) => [subscriber.id, subscriber]));
    const changes = await listOpenChanges(
      deps.db,
      claimed.filter(({ kind }) => kind.startsWith('address_')).map(({ subscriberId }) => subscriberId),
    );
    const signUps = await listSignUps(
      deps.db,
      claimed.flatMap(({ signUpId }) => signUpId ?? []),
    );
    const suppressed = await listSuppressed(deps.db, [
      ...found.map(({ email }) => email),
      ...[...signUps.values()].map(({ email }) => email),
      ...[...changes.values()].map(({ newEmail }) => newEmail),
    ]);
    await deps.matches.nearness.prepare(found);
    const compose = async (delivery: ClaimedDelivery): Promise<ComposedMail | UnsentMail> => {
      const subscriber = subscribers.get(delivery.subscriberId);
      const change = changes.get(delivery.subscriberId) ?? null;
      const { kind, createdAt, signUpId } = delivery;
      const signUp = signUpId === null ? null : signUps.get(signUpId);
      const to =
        subscriber === undefined || signUp === undefined
          ? null
          : findRecipient(kind, { subscriber, change, signUp, createdAt });
      const obstacle = findObstacle(delivery, { subscriber, to, suppressed });
      if (subscriber === undefined || signUp === undefined || to === null || obstacle !== null) {
        return unsent(delivery, { type: 'cancelled', code: obstacle ?? 'subscriber_gone' });
      }
      try {
        await breathe();
        return await write(delivery, { subscriber, change, signUp, to });
      } catch (error) {
        deps.log.error({ err: error, deliveryId: String(delivery.id) }, 'mail not written');
        const nextTryAt = new Date(deps.now().getTime() + rewriteDelayMs);
        return unsent(delivery, {
          type: 'deferred',
          code: 'not_written',
          reply: null,
          detail: (error as Error).message,
          nextTryAt,
        });
      }
    };
    const composed = await writeWithoutWithdrawn(await Promise.all(claimed.map(compose)), compose);
    const digests = composed.flatMap((item) => (item.type === 'mail' && item.digest ? [item.digest] : []));
    const picks = await registerPicks(digests);
    return composed.map((item) => {
      if (item.type === 'unsent') return item;
      const { digest, ...mail } = item;
      return { ...mail, picks: digest && (picks.get(digest) ?? null) };
    });
  };
}

/** `to` is theirs, or the address that they want their mails at. */
type Reader = {
  subscriber: Subscriber;
  change: AddressChange | null;
  signUp: SignUp | null;
  to: string;
};

type Draft = {
  delivery: ClaimedDelivery;
  subscriber: Subscriber;
  to: string;
  language: Language;
  subject: string;
  body: MessageBody;
  blanks: Blanks;
  links: MailLinks;
  digest: Digest | null;
};

type MailLinks = Record<'home' | 'archive' | 'preferences' | 'digest' | 'votes' | 'unsubscribe', string>;

function unsent(delivery: ClaimedDelivery, outcome: Outcome): UnsentMail {
  return { type: 'unsent', delivery, outcome };
}
