// /admin/readers: who reads, what came to them and why, and what an operator does for them.
import type { RequestHandler } from 'express';
import { listDeliveries } from '../../ledger/reports/delivery-list.ts';
import { sayStory } from '../../ledger/reports/say-story.ts';
import { type ShownSubscriber, showReader } from '../../ledger/reports/show-reader.ts';
import { findReader } from '../../subscribers/by-hand.ts';
import { searchReaders } from '../../subscribers/search-readers.ts';
import { toEmailKey } from '../../subscribers/store.ts';
import { subscriberStatuses } from '../../subscribers/subscriber.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import { deliveryColumns, viewDelivery } from './deliveries.ts';
import { type ActionForm, type AdminDeps, cutPage, perPage, type Section, sendAdminPage } from './page.ts';
import { readQuery } from './read-query.ts';

const shownDays = 14;
const shownDeliveries = 20;

export function getReaders(deps: AdminDeps): RequestHandler {
  const { db, links } = deps;
  return async ({ query: given }, response) => {
    const query = readQuery(given, ['q', 'status', 'after']);
    const status = subscriberStatuses.find((each) => each === query.status) ?? null;
    const { q: text = '', after = '' } = query;
    const found = await searchReaders(db, { text, status, after, limit: perPage + 1 });
    const { shown: readers, olderHref } = cutPage(found, {
      href: links.admin('/readers'),
      query,
      next: (last) => ({ name: 'after', value: toEmailKey(last.email) }),
    });
    sendAdminPage(deps, response, {
      title: 'Readers',
      sections: [
        {
          type: 'search',
          fields: [
            { name: 'q', label: 'The beginning of an address, or @ and a domain', value: text },
            {
              name: 'status',
              label: 'State',
              value: query.status ?? '',
              options: ['', ...subscriberStatuses].map((value) => ({ value, label: value || 'any' })),
            },
          ],
        },
        {
          type: 'table',
          columns: ['Address', 'State', 'Confirmed', 'Next digest'],
          rows: readers.map(({ id, email, status: state, confirmedAt, nextDigestAt }) => [
            { text: email, href: links.admin(`/readers/${id}`) },
            { text: state, tone: state === 'active' ? 'good' : 'dim' },
            confirmedAt,
            nextDigestAt,
          ]),
          empty: 'Nobody is like that.',
          olderHref,
        },
        {
          type: 'actions',
          title: 'Add somebody',
          forms: [
            {
              action: 'reader-add',
              label: 'Add',
              hidden: {},
              fields: [
                { name: 'email', label: 'Address', required: true },
                {
                  name: 'evidence',
                  label: 'Where, when and how they agreed; empty: they are asked by mail',
                },
              ],
            },
          ],
        },
      ],
    });
  };
}

export function getReader(deps: AdminDeps): RequestHandler<{ id: string }> {
  const { db, matches, now, links } = deps;
  return async ({ params: { id } }, response) => {
    const reader = /^[0-9a-f-]{36}$/.test(id) ? await findReader(db, id) : null;
    if (reader === null) return sendErrorPage(deps, response, 404);
    const shown = await showReader({ db, matches, now }, { reader, days: shownDays });
    const filter = { subscriberId: reader.id };
    const deliveries = await listDeliveries(db, { filter, before: null, limit: shownDeliveries });
    const { subscriber, suppression, history } = shown;
    const { preferences: wanted } = subscriber;
    sendAdminPage(deps, response, {
      title: subscriber.email,
      sections: [
        {
          type: 'facts',
          facts: [
            ['State', { text: subscriber.status, tone: subscriber.status === 'active' ? 'good' : 'dim' }],
            [
              'Suppressed',
              suppression && { text: `${suppression.cause}: ${suppression.reason}`, tone: 'bad' },
            ],
            ['Signed up', subscriber.createdAt],
            ['Confirmed', subscriber.confirmedAt],
            ['Left', subscriber.unsubscribedAt],
            ['Next digest', subscriber.nextDigestAt],
            ['Comes', `${wanted.days.join(' ')} at ${wanted.hour}:00 ${wanted.timeZone}`],
            ['Paused until', wanted.pausedUntil],
            ['Language', wanted.language],
            ['Topics', wanted.topics.join(', ')],
            ['Keywords', wanted.keywords.join('; ')],
            ['Organisations', wanted.organizations.join('; ')],
            ['Never', [...wanted.excludedTopics, ...wanted.excludedKeywords].join('; ')],
          ],
        },
        viewNext(shown, (seq) => links.paper(seq)),
        {
          type: 'table',
          title: `The last ${shownDays} days`,
          columns: ['Day', 'What came'],
          rows: history.map(({ day, story, deliveryId }) => [
            day,
            {
              text: sayStory(story),
              href: deliveryId === null ? undefined : links.admin(`/deliveries/${deliveryId}`),
            },
          ]),
          empty: 'No day of theirs yet.',
        },
        {
          type: 'table',
          title: 'Their mails',
          columns: deliveryColumns,
          rows: deliveries.map((delivery) => viewDelivery(delivery, links)),
          empty: 'None was promised.',
        },
        { type: 'actions', title: 'Your hand on it', forms: listForms(shown) },
      ],
    });
  };
}

function viewNext({ next }: ShownSubscriber, linkPaper: (seq: number) => string): Section {
  const title = next === null ? 'A digest now' : `A digest now, for ${next.day}`;
  return {
    type: 'table',
    title,
    columns: ['Paper', 'Score', 'Because'],
    rows: (next?.papers ?? []).map(({ seq, title: name, score, because }) => [
      { text: name, href: linkPaper(seq) },
      score.toFixed(2),
      because.join('; '),
    ]),
    empty: next === null ? 'They get none.' : nothing[next.holds],
  };
}

const nothing = {
  matches: '',
  top: '',
  no_papers: 'None: nothing is new since their last one.',
  no_match: 'None: nothing that is new matches.',
};

function listForms({ subscriber, suppression }: ShownSubscriber): ActionForm[] {
  const hidden = { reader: subscriber.id };
  const forms: (ActionForm | false)[] = [
    subscriber.status !== 'active' && {
      action: 'reader-confirm',
      label: 'Confirm by hand',
      hidden,
      fields: [{ name: 'evidence', label: 'How you know that it is them: it is kept', required: true }],
    },
    suppression === null && {
      action: 'reader-suppress',
      label: 'Send no mail any more',
      hidden,
      fields: [{ name: 'reason', label: 'Why, for who looks it up later', required: true }],
    },
    suppression !== null && { action: 'reader-lift', label: 'Let it get mail again', hidden },
    { action: 'reader-erase', label: 'Erase', hidden, sure: 'All about them is deleted, for good.' },
  ];
  return forms.filter((form) => form !== false);
}
