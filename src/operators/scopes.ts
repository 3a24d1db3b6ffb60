// What a key to the API may open, a line each. Loads nothing: commands say it before they run.

export const scopes = {
  'readers:read': 'find readers, see what came to them and why, and what would come now',
  'readers:write': 'add, confirm, suppress and erase readers',
  'deliveries:read': 'list mails and what became of them',
  'deliveries:write': 'try failed mails again, settle those that are unknown',
  'editions:read': 'see how far each edition has come',
  'editions:write': 'pause, resume, cancel and retry editions',
  'suppressions:read': 'list the addresses that get no mail',
  'suppressions:write': 'suppress addresses, and lift that',
  'bounces:read': 'list what came back',
  'sources:read': 'see what each source gave, and when it is asked next',
  'sources:write': 'ask a source now',
  'topics:read': 'see who follows which topic, in numbers; try a draft of one',
  'topics:write': 'write, change, retire and restore topics',
  'papers:read': 'search the stored papers',
  'papers:write': 'take in a listing',
  'webhooks:read': 'see which programs are told what happens, and how that went',
  'webhooks:write': 'add, try and remove such programs',
  'mail:read': 'see how the mail servers are, and what came of test mails',
  'mail:write': 'send a test mail',
  'service:read': 'see whether today is all right, the settings in force and the log',
} as const;

export type Scope = keyof typeof scopes;

export const scopeNames = Object.keys(scopes) as Scope[];

/**
 * `*` is all of them, `readers:*` both of a kind, `*:read` all that only look. Written out, so that a later version gives no key
 * more than was meant.
 */
export function readScopes(
  given: readonly string[],
): { type: 'scopes'; scopes: Scope[] } | { type: 'unknown'; name: string } {
  const found = new Set<Scope>();
  for (const name of given) {
    const fitting = scopeNames.filter((scope) => fits(scope, name));
    if (fitting.length === 0) return { type: 'unknown', name };
    for (const scope of fitting) found.add(scope);
  }
  return { type: 'scopes', scopes: scopeNames.filter((scope) => found.has(scope)) };
}

function fits(scope: Scope, name: string): boolean {
  if (name === '*' || name === scope) return true;
  const [kind, may] = scope.split(':');
  return name === `${kind}:*` || name === `*:${may}`;
}
