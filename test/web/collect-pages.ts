// Every page and every state of it, as the server sends it: what looks at all pages starts here.

import type { DeliveryState } from '../../src/generated/prisma/enums.ts';
import type { Language } from '../../src/languages/languages.ts';
import { type DigestPurpose, signDigestLink } from '../../src/ledger/digest-links.ts';
import { promises } from '../../src/ledger/promise.ts';
import { findSentDigest } from '../../src/ledger/reports/history.ts';
import { storeReasons } from '../../src/papers/pick-store.ts';
import { requestAddressChange } from '../../src/subscribers/account/change-address.ts';
import { signUndo } from '../../src/subscribers/account/mail-links.ts';
import type { Subscriber } from '../../src/subscribers/subscriber.ts';
import type { TestApp } from './start-app.ts';

/** By name. Signs up readers of its own; anything but the expected status is an error. */
export async function collectPages(app: TestApp, language: Language = 'en'): Promise<Map<string, string>> {
  app.browser['accept-language'] = language;
  const pending = await app.addPending(`pages-pending-${language}@example.org`, { language });
  const active = await app.addActive(`pages-active-${language}@example.org`, {
    language,
    keywords: ['"graph transformer"'],
  });
  const wishful = await app.addActive(`pages-wishes-${language}@example.org`, {
    language,
    organizations: ['Example Lab', 'Gensyn'],
    excludedTopics: ['systems'],
    excludedKeywords: ['survey'],
  });
  const papers = await app.db.paper.findMany();
  await app.db.delivery.updateMany({
    where: { subscriberId: wishful.id, kind: 'digest' },
    data: {
      state: 'accepted',
      finishedAt: app.clock.now,
      picks: await storeReasons(
        app.db,
        papers.flatMap(({ seq }) => [
          { seq, reason: { topic: 'language', words: ['models', 'words'] } },
          { seq, reason: { query: 'camera', words: ['camera'] } },
          { seq, reason: { organization: 'Example Lab', words: [] } },
        ]),
      ),
    },
  });
  const historic = await addHistory(app, language);
  const history = `/preferences/${app.signToken('preferences', historic)}`;
  const left = await app.addActive(`pages-left-${language}@example.org`, { language });
  await app.post(`/unsubscribe/${app.signToken('unsubscribe', left)}`, { from: 'page' });
  const old = app.tokens.sign({
    purpose: 'confirm',
    subscriberId: pending.id,
    issuedAt: new Date('2020-01-01'),
  });
  const confirm = `/confirm/${await app.signConfirm(pending.email)}`;
  const preferences = `/preferences/${app.signToken('preferences', active)}`;
  const wishes = `/preferences/${app.signToken('preferences', wishful)}`;
  const linkOf = async (of: Subscriber, purpose: DigestPurpose) => {
    const { id: subscriberId } = of;
    const last = await findSentDigest(app.db, { subscriberId, edition: null, issuedAt: app.clock.now });
    if (last === null) throw new Error(`${of.email} was sent no digest`);
    const token = signDigestLink(app.tokens, { purpose, delivery: last, subscriber: of });
    return `/${purpose === 'view' ? 'digest' : 'vote'}/${token}`;
  };
  const digest = await linkOf(wishful, 'vote');
  const unsubscribe = `/unsubscribe/${app.signToken('unsubscribe', active)}`;
  const undo = `/undo/${signUndo(app.tokens, await app.getSubscriber(left.id))}`;
  const back = await app.addActive(`pages-back-${language}@example.org`, { language });
  const mover = await app.addActive(`pages-mover-${language}@example.org`, { language });
  const { change, keep } = await askForAddress(app, mover, `pages-moved-${language}@example.net`);
  const taken = await askForAddress(app, back, mover.email);
  const erased = await app.addActive(`pages-erased-${language}@example.org`, { language });
  const of = (subscriber: { id: string }, page: string) =>
    `/preferences/${app.signToken('preferences', subscriber)}${page}`;
  const own = (subscriber: { id: string }, page: string) =>
    `/account/${app.signToken('account', subscriber)}${page}`;
  const choices = { email: 'ada@example.org', topics: ['language', 'vision'], keywords: 'camera', hour: '8' };

  const requests: [name: string, status: number, request: () => Promise<Response>][] = [
    ['home', 200, () => app.request('/')],
    ['the API', 200, () => app.request('/api/v1/docs')],
    ['the API’s shapes', 200, () => app.request('/api/v1/docs/shapes')],
    ['home with a preview', 200, () => app.post('/preview', choices)],
    ['home with nothing matched', 200, () => app.post('/preview', { topics: 'systems' })],
    [
      'home with problems',
      422,
      () => app.post('/subscribe', { email: 'x', keywords: '"', hour: '99', timeZone: 'x' }),
    ],
    ['look in your inbox', 200, () => app.post('/subscribe', choices)],
    ['confirm', 200, () => app.request(confirm)],
    ['confirmed', 200, () => app.post(confirm)],
    ['confirmed before', 200, () => app.post(confirm)],
    ['confirmation expired', 410, () => app.request(`/confirm/${old}`)],
    ['link that does not work', 404, () => app.request('/preferences/x')],
    ['preferences', 200, () => app.request(preferences)],
    ['preferences saved', 200, () => app.request(`${preferences}?saved=1`)],
    ['feed renewed', 200, () => app.request(`${preferences}?renewed=1`)],
    [
      'preferences with problems',
      422,
      () =>
        app.post(preferences, {
          keywords: '(',
          hour: 'x',
          maxPapers: '0',
          daysShown: '1',
          pausedUntil: '2100-01-01',
          abstracts: 'x',
          whenEmpty: 'x',
        }),
    ],
    [
      'preferences of someone who left',
      200,
      () => app.request(`/preferences/${app.signToken('preferences', left)}`),
    ],
    ['vote', 200, () => app.request(`${digest}/papers/2`)],
    ['vote for more', 200, () => app.request(`${digest}/papers/2/more`)],
    ['vote on a paper without a topic', 200, () => app.request(`${digest}/papers/1/fewer`)],
    ['voted for more', 303, () => app.post(`${digest}/papers/2`, { wish: 'more', from: 'digest' })],
    ['voted for fewer', 303, () => app.post(`${digest}/papers/3`, { wish: 'fewer' })],
    ['vote noted', 200, () => app.request(`${digest}/papers/3?noted=1`)],
    ['digest as a page', 200, async () => app.request(await linkOf(wishful, 'view'))],
    ['digest with votes', 200, () => app.request(`${digest}?noted=1`)],
    [
      'digest of another day',
      404,
      () => app.request(`/digest/${app.signToken('preferences', wishful)}/2025-12-11`),
    ],
    ['top papers', 200, async () => app.request(await linkOf(historic, 'vote'))],
    ['history', 200, () => app.request(`${history}/history`)],
    ['older history', 200, () => app.request(`${history}/history?page=2`)],
    ['history of the first day', 200, () => app.request(`${preferences}/history`)],
    ['history before its beginning', 404, () => app.request(`${history}/history?page=9`)],
    ['preferences during a pause', 200, () => app.request(history)],
    ['preferences with votes', 200, () => app.request(wishes)],
    ['unsubscribe', 200, () => app.request(unsubscribe)],
    ['goodbye', 200, () => app.post(unsubscribe, { from: 'page' })],
    ['goodbye, again', 200, () => app.request(unsubscribe)],
    ['undo', 200, () => app.request(undo)],
    ['undone', 200, () => app.post(undo)],
    ['send me my link', 200, () => app.request('/preferences')],
    ['send me my link, with a problem', 422, () => app.post('/preferences', { email: 'x' })],
    ['link sent', 200, () => app.post('/preferences', { email: 'nobody@example.org' })],
    ['account', 200, () => app.request(own(back, ''))],
    ['account link needed', 403, () => app.request(of(back, '/erase'))],
    ['account link sent', 200, () => app.post(of(back, '/account'))],
    ['change of address', 200, () => app.request(own(back, '/address'))],
    ['change of address with a problem', 422, () => app.post(own(back, '/address'), { email: back.email })],
    [
      'change of address asked for',
      200,
      () => app.post(own(wishful, '/address'), { email: 'a@example.net' }),
    ],
    ['new address taken', 409, () => app.post(taken.change)],
    ['confirm the new address', 200, () => app.request(change)],
    ['keep the address', 200, () => app.request(keep)],
    ['new address confirmed', 200, () => app.post(change)],
    ['address kept', 200, () => app.post(keep)],
    ['change of address gone', 410, () => app.request(change)],
    ['erase', 200, () => app.request(own(erased, '/erase'))],
    ['erased', 200, () => app.post(own(erased, '/erase'))],
    ['preferences of somebody erased', 410, () => app.request(of(erased, ''))],
    ['papers of a day', 200, () => app.request('/papers/2025-12-12')],
    ['the only paper of the day before', 200, () => app.request('/papers/2025-12-11')],
    ['topics', 200, () => app.request('/topics')],
    ['papers of a topic', 200, () => app.request('/topics/vision')],
    ['older papers of a topic', 200, () => app.request('/topics/vision?before=4')],
    ['topic without papers', 200, () => app.request('/topics/systems')],
    ['search', 200, () => app.request('/search')],
    ['search with results', 200, () => app.request('/search?q=light+OR+doubt+OR+graph')],
    ['search without results', 200, () => app.request('/search?q=%3Cnothing%3E+like+that')],
    ['search that is not understood', 400, () => app.request('/search?q=%22camera')],
    ['paper', 200, () => app.request('/paper/2')],
    ['paper with a hostile title', 200, () => app.request('/paper/4')],
    ['not found', 404, () => app.request('/nothing')],
  ];

  const pages = new Map<string, string>();
  for (const [name, status, request] of requests) {
    const response = await request();
    const html = await response.text();
    if (response.status !== status)
      throw new Error(`${name}: ${response.status} instead of ${status}\n${html}`);
    if (status !== 303) pages.set(name, html);
  }
  return pages;
}

/** A reader of three weeks, with a day of every kind; returns the preferences page. */
async function addHistory(app: TestApp, language: Language): Promise<Subscriber> {
  const reader = await app.addActive(`pages-history-${language}@example.org`, {
    language,
    days: ['mon', 'wed', 'fri', 'sun'],
    pausedUntil: '2025-12-20',
    abstracts: 'full',
    whenEmpty: 'top3',
  });
  const { id: subscriberId } = reader;
  await app.db.subscriber.update({
    where: { id: subscriberId },
    data: { createdAt: new Date('2025-11-21T09:00:00Z'), confirmedAt: new Date('2025-11-21T09:00:00Z') },
  });
  await app.db.pastSchedule.createMany({
    data: [
      { subscriberId, endedAt: new Date('2025-12-03T12:00:00Z'), days: '1111111', pausedUntil: null },
      {
        subscriberId,
        endedAt: new Date('2025-12-08T12:00:00Z'),
        days: '1111111',
        pausedUntil: new Date('2025-12-06'),
      },
      { subscriberId, endedAt: new Date('2025-12-12T09:00:00Z'), days: '1010101', pausedUntil: null },
    ],
  });
  const finishedAt = app.clock.now;
  const edition = (
    day: string,
    state: DeliveryState,
    why: { reasonCode?: string; replyText?: string; detail?: string },
  ) => ({
    subscriberId,
    kind: 'digest' as const,
    day: new Date(day),
    edition: new Date(day),
    throughSeq: 1,
    state,
    ...why,
    finishedAt: state === 'deferred' ? null : finishedAt,
  });
  const refusal = '550 5.7.1 <img src=x onerror=alert(1)> We do not want this';
  await app.db.delivery.deleteMany({ where: { subscriberId } });
  await app.db.delivery.createMany({
    data: [
      {
        ...edition('2025-12-12', 'accepted', { replyText: '250 ok' }),
        picks: await storeReasons(app.db, [{ seq: 2, reason: null }]),
      },
      edition('2025-12-10', 'unknown', { reasonCode: 'no_answer', detail: 'the connection was lost' }),
      edition('2025-12-09', 'deferred', { reasonCode: 'in_trouble', replyText: '451 later' }),
      edition('2025-12-08', 'rejected', { reasonCode: 'not_wanted', replyText: refusal }),
      edition('2025-12-07', 'nothing', { reasonCode: 'no_papers' }),
      edition('2025-12-06', 'nothing', { reasonCode: 'no_papers' }),
      edition('2025-12-02', 'nothing', { reasonCode: 'no_match' }),
      edition('2025-12-01', 'cancelled', { reasonCode: 'edition_cancelled' }),
      edition('2025-11-30', 'cancelled', { reasonCode: 'suppressed' }),
      edition('2025-11-29', 'cancelled', { reasonCode: 'carried' }),
      edition('2025-11-28', 'nothing', { reasonCode: 'no_papers' }),
    ],
  });
  const startedAt = new Date('2025-12-07T01:00:00Z');
  const ended = { startedAt, finishedAt: startedAt, reason: 'as a test has it' };
  await app.db.sourceFetch.createMany({
    data: [
      { source: 'hf', day: new Date('2025-12-07'), ...ended, outcome: 'empty' },
      { source: 'arxiv', day: new Date('2025-12-06'), ...ended, outcome: 'failed' },
    ],
  });
  return reader;
}

/** The pages that the two mails of a change of address lead to. */
export async function askForAddress(app: TestApp, { id: subscriberId }: Subscriber, email: string) {
  const deps = { db: app.db, promises, now: () => app.clock.now, wakeDelivery: async () => {} };
  await requestAddressChange(deps, { subscriberId, email });
  const { id } = await app.db.addressChange.findFirstOrThrow({ where: { subscriberId, confirmedAt: null } });
  return {
    change: `/address/${app.signToken('confirm-address', { id })}`,
    keep: `/keep-address/${app.signToken('keep-address', { id })}`,
  };
}
