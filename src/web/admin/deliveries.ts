// /admin/deliveries: every mail that was promised, and what became of it.
import type { RequestHandler } from 'express';
import type { EarlierTry } from '../../ledger/earlier-tries.ts';
import { sayWhatToDo } from '../../ledger/outcome-codes.ts';
import {
  type DeliveryFilter,
  findDeliveryById,
  type ListedDelivery,
  listDeliveries,
} from '../../ledger/reports/delivery-list.ts';
import { deliveryStates } from '../../ledger/states.ts';
import type { Links } from '../../platform/links.ts';
import { isDay } from '../../text/days.ts';
import { readRowId } from '../../text/row-id.ts';
import { sendErrorPage } from '../http/answers/error-page.ts';
import {
  type ActionForm,
  type AdminDeps,
  type Cell,
  cutPage,
  perPage,
  sendAdminPage,
  type Tone,
} from './page.ts';
import { readQuery } from './read-query.ts';

export const deliveryColumns = ['Promised', 'State', 'Reader', 'Mail', 'Reason', 'What the server said'];

const tones: Partial<Record<ListedDelivery['state'], Tone>> = {
  accepted: 'good',
  rejected: 'bad',
  unknown: 'bad',
  deferred: 'wait',
  planned: 'wait',
  nothing: 'dim',
  cancelled: 'dim',
};

export function viewDelivery(delivery: ListedDelivery, links: Links): Cell[] {
  const { id, createdAt, state, email, subscriberId, kind, edition, reason, reply, detail } = delivery;
  return [
    { text: createdAt, href: links.admin(`/deliveries/${id}`) },
    { text: state.replaceAll('_', ' '), tone: tones[state] },
    { text: email, href: links.admin(`/readers/${subscriberId}`) },
    edition === null
      ? kind.replaceAll('_', ' ')
      : { text: `digest of ${edition}`, href: links.admin(`/editions/${edition}`) },
    reason?.replaceAll('_', ' ') ?? null,
    reply ?? detail,
  ];
}

export function getDeliveries(deps: AdminDeps): RequestHandler {
  const { db, links } = deps;
  return async ({ query: given }, response) => {
    const query = readQuery(given, ['state', 'reason', 'domain', 'edition', 'before']);
    const state = deliveryStates.find((each) => each === query.state);
    const filter: DeliveryFilter = {
      ...(state === undefined ? {} : { state }),
      ...(query.reason ? { reason: query.reason } : {}),
      ...(query.domain ? { domain: query.domain } : {}),
      ...(query.edition && isDay(query.edition) ? { edition: query.edition } : {}),
    };
    const before = readRowId(query.before ?? '');
    const found = await listDeliveries(db, { filter, before, limit: perPage + 1 });
    const { shown: deliveries, olderHref } = cutPage(found, {
      href: links.admin('/deliveries'),
      query,
      next: (last) => ({ name: 'before', value: String(last.id) }),
    });
    sendAdminPage(deps, response, {
      title: 'Deliveries',
      lead: 'The newest first.',
      sections: [
        {
          type: 'search',
          fields: [
            {
              name: 'state',
              label: 'State',
              value: query.state ?? '',
              options: ['', ...deliveryStates].map((value) => ({
                value,
                label: value === '' ? 'any' : value.replaceAll('_', ' '),
              })),
            },
            { name: 'edition', label: 'Edition, such as 2026-03-01', value: query.edition ?? '' },
            { name: 'domain', label: 'Domain of the address', value: query.domain ?? '' },
            { name: 'reason', label: 'Reason, such as mailbox_full', value: query.reason ?? '' },
          ],
        },
        {
          type: 'table',
          columns: deliveryColumns,
          rows: deliveries.map((delivery) => viewDelivery(delivery, links)),
          empty: 'There is none like that.',
          olderHref,
        },
      ],
    });
  };
}

export function getDelivery(deps: AdminDeps): RequestHandler<{ id: string }> {
  const { db, links } = deps;
  return async ({ params: { id } }, response) => {
    const rowId = readRowId(id);
    const delivery = rowId === null ? null : await findDeliveryById(db, rowId);
    if (delivery === null) return sendErrorPage(deps, response, 404);
    const { earlierTries, bounces, papers } = delivery;
    sendAdminPage(deps, response, {
      title: `Delivery ${id}`,
      sections: [
        {
          type: 'facts',
          facts: [
            ['State', { text: delivery.state.replaceAll('_', ' '), tone: tones[delivery.state] }],
            ['Reader', { text: delivery.email, href: links.admin(`/readers/${delivery.subscriberId}`) }],
            [
              'Mail',
              delivery.edition === null
                ? delivery.kind.replaceAll('_', ' ')
                : {
                    text: `digest of ${delivery.edition}`,
                    href: links.admin(`/editions/${delivery.edition}`),
                  },
            ],
            ['Reason', delivery.reason?.replaceAll('_', ' ') ?? null],
            ['Whose matter', delivery.concerns],
            ['What can be done', sayWhatToDo(delivery)],
            ['The server said', delivery.reply],
            ['Codes', listCodes(delivery)],
            ['On our side', delivery.detail],
            [
              'Tried',
              `${delivery.attempts} ${delivery.attempts === 1 ? 'time' : 'times'}${delivery.resent ? ', once more after it was unknown' : ''}`,
            ],
            ['Workers lost over it', delivery.lostWorkers],
            ['Promised', delivery.createdAt],
            ['Next try', delivery.nextTryAt],
            ['Finished', delivery.finishedAt],
          ],
        },
        ...(earlierTries.length === 0
          ? []
          : [
              {
                type: 'table' as const,
                title: 'Tries that did not end it',
                columns: ['When', 'State', 'Reason', 'What the server said', 'Codes', 'On our side'],
                rows: earlierTries.map((tried) => [
                  tried.at,
                  { text: tried.state.replaceAll('_', ' '), tone: tones[tried.state] },
                  tried.reason?.replaceAll('_', ' ') ?? null,
                  tried.reply,
                  listCodes(tried),
                  tried.detail,
                ]),
                empty: '',
              },
            ]),
        ...(bounces.length === 0
          ? []
          : [
              {
                type: 'table' as const,
                title: 'What came back',
                columns: ['When', 'Kind', 'Status', 'Words'],
                rows: bounces.map(({ receivedAt, kind, status, diagnostic }) => [
                  receivedAt,
                  kind,
                  status,
                  diagnostic,
                ]),
                empty: '',
              },
            ]),
        ...(papers.length === 0
          ? []
          : [
              {
                type: 'table' as const,
                title: 'What it held',
                columns: ['Paper'],
                rows: papers.map(({ seq, title }) => [{ text: title ?? '(gone)', href: links.paper(seq) }]),
                empty: '',
              },
            ]),
        { type: 'actions', title: 'Your hand on it', forms: listForms(delivery) },
      ],
    });
  };
}

function listCodes({
  smtpStage,
  replyCode,
  replyStatus,
}: Pick<EarlierTry, 'smtpStage' | 'replyCode' | 'replyStatus'>): string {
  return [smtpStage && `at ${smtpStage}`, replyCode, replyStatus].filter((code) => code !== null).join(', ');
}

function listForms({ id, kind, state, reason }: ListedDelivery): ActionForm[] {
  const hidden = { id: String(id) };
  if (state === 'cancelled' && reason === 'edition_cancelled')
    return [{ action: 'delivery-retry', label: 'Send it after all', hidden }];
  if (state === 'rejected' || state === 'deferred')
    return [{ action: 'delivery-retry', label: 'Try it again now', hidden }];
  if (kind === 'digest' && state === 'accepted')
    return [
      {
        action: 'delivery-resend',
        label: 'Send it once more',
        hidden,
        sure: 'Its reader may have it already: they get it twice.',
      },
    ];
  if (state !== 'unknown') return [];
  return [
    { action: 'delivery-settle', label: 'It was sent', hidden: { ...hidden, as: 'sent' } },
    { action: 'delivery-settle', label: 'It was not: send it again', hidden: { ...hidden, as: 'not-sent' } },
  ];
}
