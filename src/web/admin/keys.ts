// /admin/keys: which programs may use the API, and for what.
import type { RequestHandler } from 'express';
import { listKeys } from '../../operators/api-keys.ts';
import { scopes } from '../../operators/scopes.ts';
import { type AdminDeps, type Cell, sendAdminPage } from './page.ts';

export function getKeys(deps: AdminDeps): RequestHandler {
  const { db, now, links } = deps;
  return async (_request, response) => {
    const keys = await listKeys(db);
    const working = keys.filter(({ revokedAt }) => revokedAt === null);
    sendAdminPage(deps, response, {
      title: 'API keys',
      lead: 'Programs do by a key what its scopes name, and the log has it under the name of the key.',
      sections: [
        { type: 'facts', facts: [['The API', { text: 'What it can do', href: links.api('/docs') }]] },
        {
          type: 'table',
          columns: ['Name', 'Begins with', 'State', 'May', 'Last used', 'Until', 'Made by', 'Made'],
          rows: keys.map((key) => [
            key.name,
            `${key.hint}…`,
            nameState(key, now()),
            key.scopes.length === Object.keys(scopes).length ? 'everything' : key.scopes.join(', '),
            key.lastUsedAt,
            key.expiresAt,
            key.createdBy,
            key.createdAt,
          ]),
          empty: 'There is none: nobody uses the API for what operators do.',
        },
        {
          type: 'actions',
          title: 'Make one',
          forms: [
            {
              action: 'key-create',
              label: 'Make a key',
              hidden: {},
              fields: [
                { name: 'name', label: 'Name, in small letters and digits', required: true },
                {
                  name: 'scopes',
                  label: 'What it may',
                  ticks: Object.entries(scopes).map(([value, label]) => ({
                    value,
                    label: `${value}: ${label}`,
                  })),
                },
                { name: 'expires', label: 'Until which day, such as 2027-03-01; empty: until it is revoked' },
              ],
            },
            ...(working.length === 0
              ? []
              : [
                  {
                    action: 'key-revoke',
                    label: 'Revoke',
                    hidden: {},
                    fields: [
                      {
                        name: 'name',
                        label: 'Which',
                        options: working.map(({ name }) => ({ value: name, label: name })),
                      },
                    ],
                    sure: 'Whatever uses it gets in no more.',
                  },
                ]),
          ],
        },
      ],
    });
  };
}

function nameState(
  { revokedAt, expiresAt }: { revokedAt: Date | null; expiresAt: Date | null },
  now: Date,
): Cell {
  if (revokedAt !== null) return { text: 'revoked', tone: 'dim' };
  return expiresAt !== null && expiresAt <= now
    ? { text: 'its time is over', tone: 'bad' }
    : { text: 'works', tone: 'good' };
}
