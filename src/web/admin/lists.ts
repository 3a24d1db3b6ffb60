// What is only listed: suppressions, bounces, the settings in force, and what was done by the console.
import type { RequestHandler } from 'express';
import { type BounceKind, bounceKinds } from '../../bounces/read-bounce.ts';
import { listBounces } from '../../bounces/store.ts';
import { listActions } from '../../operators/audit.ts';
import { listSuppressions } from '../../subscribers/suppressions/suppression-store.ts';
import { readRowId } from '../../text/row-id.ts';
import { type AdminDeps, cutPage, perPage, sendAdminPage } from './page.ts';
import { readQuery } from './read-query.ts';

export function getSuppressions(deps: AdminDeps): RequestHandler {
  const { db, links } = deps;
  return async ({ query: given }, response) => {
    const query = readQuery(given, ['reason', 'domain', 'after']);
    const filter = {
      ...(query.reason ? { reason: query.reason } : {}),
      ...(query.domain ? { domain: query.domain } : {}),
    };
    const found = await listSuppressions(db, { after: query.after ?? '', limit: perPage + 1, filter });
    const { shown: suppressions, olderHref } = cutPage(found, {
      href: links.admin('/suppressions'),
      query,
      next: (last) => ({ name: 'after', value: last.email }),
    });
    sendAdminPage(deps, response, {
      title: 'Suppressions',
      lead: 'Addresses that get no mail, and why.',
      sections: [
        {
          type: 'search',
          fields: [
            { name: 'reason', label: 'Cause, or words of the reason', value: query.reason ?? '' },
            { name: 'domain', label: 'Domain', value: query.domain ?? '' },
          ],
        },
        {
          type: 'table',
          columns: ['Address', 'Cause', 'Reason', 'Since'],
          rows: suppressions.map(({ email, cause, reason, createdAt }) => [email, cause, reason, createdAt]),
          empty: 'No address is suppressed.',
          olderHref,
        },
        {
          type: 'actions',
          title: 'Your hand on it',
          forms: [
            {
              action: 'suppression-add',
              label: 'Suppress',
              hidden: {},
              fields: [
                { name: 'email', label: 'Address', required: true },
                { name: 'reason', label: 'Why, for who looks it up later', required: true },
              ],
            },
            {
              action: 'suppression-lift',
              label: 'Lift',
              hidden: {},
              fields: [
                { name: 'reason', label: 'Cause, or words of the reason' },
                { name: 'domain', label: 'Domain' },
                { name: 'since', label: 'Since, such as 2026-03-01' },
              ],
              sure: 'All that fit get mail again; who asked for none never does.',
            },
          ],
        },
      ],
    });
  };
}

export function getBounces(deps: AdminDeps): RequestHandler {
  const { db, links } = deps;
  return async ({ query: given }, response) => {
    const query = readQuery(given, ['before']);
    const found = await listBounces(db, { before: readBounce(query.before), limit: perPage + 1 });
    const { shown: bounces, olderHref } = cutPage(found, {
      href: links.admin('/bounces'),
      query,
      next: (last) => ({ name: 'before', value: `${last.deliveryId}-${last.kind}` }),
    });
    sendAdminPage(deps, response, {
      title: 'Bounces',
      lead: 'What came back, the newest first.',
      sections: [
        {
          type: 'table',
          columns: ['When', 'Kind', 'Status', 'Words', 'Mail'],
          rows: bounces.map(({ receivedAt, kind, status, diagnostic, deliveryId }) => [
            receivedAt,
            { text: kind, tone: kind === 'soft' ? 'wait' : 'bad' },
            status,
            diagnostic,
            { text: `delivery ${deliveryId}`, href: links.admin(`/deliveries/${deliveryId}`) },
          ]),
          empty: 'Nothing came back.',
          olderHref,
        },
      ],
    });
  };
}

function readBounce(text = ''): { deliveryId: bigint; kind: BounceKind } | null {
  const [given = '', kind] = text.split('-');
  const deliveryId = readRowId(given);
  const known = bounceKinds.find((each) => each === kind);
  return deliveryId === null || known === undefined ? null : { deliveryId, kind: known };
}

export function getSettings(deps: AdminDeps): RequestHandler {
  return (_request, response) => {
    sendAdminPage(deps, response, {
      title: 'Settings',
      lead: 'As this process has them. Secrets are not shown; `docs/configuration.md` says what each does.',
      sections: [
        {
          type: 'facts',
          facts: deps.settings.map(({ name, value }) => [name, value]),
        },
      ],
    });
  };
}

export function getAudit(deps: AdminDeps): RequestHandler {
  const { db, links } = deps;
  return async ({ query: given }, response) => {
    const query = readQuery(given, ['before']);
    const before = readRowId(query.before ?? '');
    const found = await listActions(db, { before, limit: perPage + 1 });
    const { shown: entries, olderHref } = cutPage(found, {
      href: links.admin('/audit'),
      query,
      next: (last) => ({ name: 'before', value: String(last.id) }),
    });
    sendAdminPage(deps, response, {
      title: 'Log',
      lead: 'What administrators did here, the newest first.',
      sections: [
        {
          type: 'table',
          columns: ['When', 'Who', 'What', 'On', 'Came to'],
          rows: entries.map(({ at, adminName, action, target, result }) => [
            at,
            adminName,
            action,
            target,
            result,
          ]),
          empty: 'Nothing was done yet.',
          olderHref,
        },
      ],
    });
  };
}
