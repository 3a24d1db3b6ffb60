// `suppressions …`: addresses that get no mail, by an operator's hand or that of their mail server.
import type { Command } from 'commander';
import type { Db } from '../platform/db.ts';
import { ConfigError } from '../platform/errors.ts';
import type { Suppression } from '../subscribers/suppression-store.ts';
import { utcDay } from '../text/days.ts';
import { print, run, type Surroundings } from './run.ts';

export function addSuppressionCommands(program: Command): void {
  const suppressions = program.command('suppressions').description('addresses that get no mail');
  suppressions
    .command('list')
    .description('all of them, and why')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: true }) =>
      run(async (surroundings) => {
        let separator = '';
        if (json) print('{"suppressions":[');
        for await (const suppression of walkSuppressions(surroundings)) {
          const { email, reason, createdAt } = suppression;
          if (json) print(`${separator}${JSON.stringify(suppression)}`);
          else print(`${utcDay(createdAt)}  ${email}  ${reason}\n`);
          separator = ',\n';
        }
        if (json) print(']}\n');
      }),
    );
  suppressions
    .command('lift')
    .description('let an address get mail again')
    .argument('<address>', 'such as ada@example.org')
    .action((address: string) =>
      run(async (surroundings) => {
        const email = await readAddress(address);
        const isLifted = await liftAddress(surroundings, email);
        print(isLifted ? `${email} gets mail again.\n` : `${email} was not suppressed.\n`);
      }),
    );
  suppressions
    .command('add')
    .description('let an address get no mail any more')
    .argument('<address>', 'such as ada@example.org')
    .action((address: string) =>
      run(async (surroundings) => {
        const email = await readAddress(address);
        const isAdded = await suppressAddress(surroundings, email);
        print(isAdded ? `${email} gets no mail any more.\n` : `${email} was suppressed already.\n`);
      }),
    );
}

async function readAddress(text: string): Promise<string> {
  const { parseEmail } = await import('../subscribers/parse-preferences.ts');
  const parsed = parseEmail(text);
  if (parsed.type === 'invalid')
    throw new ConfigError(`“${text}” is not a mail address such as ada@example.org`);
  return parsed.email;
}

async function openDb({ config, log, closer }: Surroundings): Promise<Db> {
  const { openDatabase } = await import('../service/open-database.ts');
  return (await openDatabase({ config, log }, closer)).db;
}

const suppressionsPerStep = 1000;

export async function* walkSuppressions(surroundings: Surroundings): AsyncGenerator<Suppression> {
  const { listSuppressions } = await import('../subscribers/suppression-store.ts');
  const db = await openDb(surroundings);
  for (let after = ''; ; ) {
    const suppressions: Suppression[] = await listSuppressions(db, { after, limit: suppressionsPerStep });
    yield* suppressions;
    after = suppressions.at(-1)?.email ?? '';
    if (suppressions.length < suppressionsPerStep) return;
  }
}

export async function liftAddress(surroundings: Surroundings, email: string): Promise<boolean> {
  const { liftSuppression } = await import('../subscribers/suppression-store.ts');
  const db = await openDb(surroundings);
  return db.$transaction((tx) => liftSuppression(tx, { email, now: new Date() }));
}

export async function suppressAddress(surroundings: Surroundings, email: string): Promise<boolean> {
  const { addSuppression } = await import('../subscribers/suppression-store.ts');
  const db = await openDb(surroundings);
  return addSuppression(db, { email, reason: 'added by the operator', now: new Date() });
}
