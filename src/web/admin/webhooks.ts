// /admin/webhooks: programs that are told what happens here, and how each try went.
import type { RequestHandler } from 'express';
import { readRowId } from '../../text/row-id.ts';
import { type Endpoint, listEndpoints } from '../../webhooks/endpoints.ts';
import { events } from '../../webhooks/events.ts';
import { type ListedMessage, listMessages } from '../../webhooks/messages.ts';
import { type ActionForm, type AdminDeps, type Cell, cutPage, perPage, sendAdminPage } from './page.ts';
import { readQuery } from './read-query.ts';

export function getWebhooks(deps: AdminDeps): RequestHandler {
  const { db, links } = deps;
  return async ({ query: given }, response) => {
    const query = readQuery(given, ['before']);
    const endpoints = await listEndpoints(db);
    const before = readRowId(query.before ?? '');
    const found = await listMessages(db, { endpointId: null, before, limit: perPage + 1 });
    const { shown, olderHref } = cutPage(found, {
      href: links.admin('/webhooks'),
      query,
      next: (last) => ({ name: 'before', value: String(last.id) }),
    });
    sendAdminPage(deps, response, {
      title: 'Webhooks',
      lead: 'Programs that are told what happens here: by messages that are signed, and sent again for a day where they are not taken.',
      liveSeconds: shown.some(({ state }) => state === 'waiting') ? 10 : undefined,
      sections: [
        {
          type: 'table',
          columns: ['Address', 'State', 'Is told of', 'Waiting', 'Given up', 'Last taken', 'Made by'],
          rows: endpoints.map((endpoint) => [
            endpoint.url,
            endpoint.disabledAt === null
              ? { text: 'works', tone: 'good' }
              : { text: `disabled: ${endpoint.disabledBecause}`, tone: 'bad' },
            endpoint.events.join(', '),
            endpoint.waiting,
            { text: endpoint.failed, tone: endpoint.failed > 0 ? 'bad' : 'dim' },
            endpoint.lastDeliveredAt,
            endpoint.createdBy,
          ]),
          empty: 'There is none.',
        },
        {
          type: 'table',
          title: 'What was sent',
          columns: ['When', 'What', 'To', 'State', 'Tries', 'Next try'],
          rows: shown.map((message) => [
            message.createdAt,
            message.type,
            new URL(message.url).host,
            viewState(message),
            writeTries(message),
            message.nextTryAt,
          ]),
          empty: 'Nothing yet.',
          olderHref,
        },
        {
          type: 'actions',
          title: 'Add one',
          forms: [
            {
              action: 'webhook-add',
              label: 'Add',
              hidden: {},
              fields: [
                { name: 'url', label: 'Address, such as https://example.org/hook', required: true },
                {
                  name: 'events',
                  label: 'What it is told of',
                  ticks: Object.entries(events).map(([value, label]) => ({
                    value,
                    label: `${value}: ${label}`,
                  })),
                },
              ],
            },
          ],
        },
        ...(endpoints.length === 0
          ? []
          : [{ type: 'actions' as const, title: 'Your hand on them', forms: listForms(endpoints) }]),
      ],
    });
  };
}

function viewState({ state }: ListedMessage): Cell {
  const tone = { delivered: 'good', waiting: 'wait', failed: 'bad' } as const;
  return { text: state === 'failed' ? 'given up' : state, tone: tone[state] };
}

function writeTries({ tries }: ListedMessage): string {
  return tries
    .map(
      ({ at, ms, status, error }) =>
        `${at.toISOString().slice(11, 16)} ${error ?? status} in ${ms.toLocaleString('en')} ms`,
    )
    .join('; ');
}

function listForms(endpoints: readonly Endpoint[]): ActionForm[] {
  const which = (some: readonly Endpoint[]) => [
    { name: 'id', label: 'Which', options: some.map(({ id, url }) => ({ value: id, label: url })) },
  ];
  const [working, disabled] = [true, false].map((works) =>
    endpoints.filter(({ disabledAt }) => (disabledAt === null) === works),
  ) as [Endpoint[], Endpoint[]];
  const forms: (ActionForm | false)[] = [
    working.length > 0 && {
      action: 'webhook-test',
      label: 'Send a test',
      hidden: {},
      fields: which(working),
    },
    disabled.length > 0 && { action: 'webhook-enable', label: 'Enable', hidden: {}, fields: which(disabled) },
    {
      action: 'webhook-remove',
      label: 'Remove',
      hidden: {},
      fields: which(endpoints),
      sure: 'What waits for it is deleted.',
    },
  ];
  return forms.filter((form) => form !== false);
}
