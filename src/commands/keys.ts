// `keys …`: which programs may use the API, and for what.
import { type Command, InvalidArgumentError } from 'commander';
import type { ApiKey } from '../operators/api-keys.ts';
import { adminName } from '../operators/rules.ts';
import { readScopes, type Scope, scopeNames } from '../operators/scopes.ts';
import { ConfigError } from '../platform/errors.ts';
import { utcDay } from '../text/days.ts';
import { openDb, parseDay, print, printJson, run } from './run.ts';

export function addKeyCommands(program: Command): void {
  const keys = program.command('keys').description('keys to the API');
  keys
    .command('create')
    .description('a key for a program: it is printed once')
    .argument('<name>', 'in small letters and digits', parseName)
    .requiredOption(
      '--scopes <scopes>',
      `what it may, such as readers:read,deliveries:* or *:read or *: ${scopeNames.join(', ')}`,
      parseScopes,
    )
    .option('--expires <day>', 'until when it works; else until it is revoked', parseDay)
    .option('--json', 'print one JSON document')
    .action((name: string, { scopes, expires, json }: { scopes: Scope[]; expires?: string; json?: true }) =>
      run(async (surroundings) => {
        const { createKey } = await import('../operators/api-keys.ts');
        const expiresAt = expires === undefined ? null : new Date(expires);
        const now = new Date();
        if (expiresAt !== null && expiresAt <= now)
          throw new ConfigError(`A key that ends on ${expires} would open nothing: take a day to come`);
        const made = { name, scopes, createdBy: 'command line', expiresAt, now };
        const key = await createKey(await openDb(surroundings), made);
        if (key === null)
          throw new ConfigError(`There is a key ${name} already, or was: \`keys list\` has all of them`);
        if (json) return printJson({ name, key, scopes, expiresAt });
        print(`${key}\n`);
        console.error(`${name} may: ${scopes.join(', ')}. The key is shown only now.`);
      }),
    );
  keys
    .command('list')
    .description('all of them: what each may, and when it was used last')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: true }) =>
      run(async (surroundings) => {
        const { listKeys } = await import('../operators/api-keys.ts');
        const all = await listKeys(await openDb(surroundings));
        if (json) return printJson({ keys: all });
        if (all.length === 0) print('There is none: `keys create <name> --scopes <scopes>` makes one.\n');
        for (const key of all)
          print(
            `${key.name.padEnd(20)}  ${key.hint}…  ${nameState(key).padEnd(27)}  ${key.scopes.join(', ')}\n`,
          );
      }),
    );
  keys
    .command('revoke')
    .description('it opens nothing any more; what it did stays in the log')
    .argument('<name>')
    .option('--json', 'print one JSON document')
    .action((name: string, { json }: { json?: true }) =>
      run(async (surroundings) => {
        const { revokeKey } = await import('../operators/api-keys.ts');
        if (!(await revokeKey(await openDb(surroundings), { name, now: new Date() })))
          throw new ConfigError(`There is no key ${name} that works: \`keys list\` has all of them`);
        if (json) return printJson({ name, revoked: true });
        print(`${name} opens nothing any more.\n`);
      }),
    );
}

function nameState({ revokedAt, expiresAt, lastUsedAt }: ApiKey): string {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt !== null && expiresAt <= new Date()) return `ended ${utcDay(expiresAt)}`;
  return lastUsedAt === null ? 'never used' : `used ${formatMinute(lastUsedAt)}`;
}

function parseName(text: string): string {
  if (!adminName.test(text))
    throw new InvalidArgumentError('It is not made of small letters, digits, dots, - and _.');
  return text;
}

function parseScopes(text: string): Scope[] {
  const read = readScopes(text.split(',').map((name) => name.trim()));
  if (read.type === 'unknown')
    throw new InvalidArgumentError(`There is no scope ${read.name}: ${scopeNames.join(', ')}.`);
  return read.scopes;
}

function formatMinute(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
