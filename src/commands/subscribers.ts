// `subscribers …`: who reads, and what an operator does for them.
import { type Command, InvalidArgumentError } from 'commander';
import { ConfigError } from '../platform/errors.ts';
import type { Db } from '../platform/postgres/db.ts';
import type { Added, ConfirmedByHand } from '../subscribers/by-hand.ts';
import type { Preferences } from '../subscribers/preferences/preferences.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { getReader, readAddress } from './find-reader.ts';
import { openTopics } from './open-topics.ts';
import { openDb, parseWords, print, printJson, printRows, run, type Surroundings, splitAt } from './run.ts';
import { addTransferCommands } from './transfer.ts';

export function addSubscriberCommands(program: Command): void {
  const subscribers = program.command('subscribers').description('who reads');
  subscribers
    .command('list')
    .description('everyone who signed up, with what they asked for, and whether their mails arrive')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: true }) =>
      run(async (surroundings) => {
        const rows = walkSubscribers(await openDb(surroundings), new Date());
        await printRows(rows, {
          name: 'subscribers',
          json,
          describe: describeListed,
          none: 'Nobody signed up yet.',
        });
      }),
    );
  subscribers
    .command('show')
    .description('one reader: state, what came on the last days and why, and the digest they would get now')
    .argument('<address or id>')
    .option('--days <number>', 'so many of the last days', parseDays, 14)
    .option('--json', 'print one JSON document')
    .action((who: string, { days, json }: { days: number; json?: true }) =>
      run(async (surroundings) => {
        const { describeSubscriber, showSubscriber } = await import('./show-subscriber.ts');
        const shown = await showSubscriber(surroundings, { who, days });
        if (json) return printJson(shown);
        print(describeSubscriber(shown));
      }),
    );
  subscribers
    .command('add')
    .description(
      'somebody who asked another way: they are sent the mail with the button, unless you vouch for them',
    )
    .argument('<address>')
    .option('--topics <ids>', 'topic ids, with commas between them', splitAt(','), [])
    .option('--keywords <queries>', 'keyword queries, with semicolons between them', splitAt(';'), [])
    .option('--organizations <names>', 'organisations, with semicolons between them', splitAt(';'), [])
    .option('--authors <names>', 'authors, with semicolons between them', splitAt(';'), [])
    .option('--language <code>', 'of the mails')
    .option('--time-zone <name>', 'such as Europe/Berlin')
    .option('--hour <hour>', 'at which digests come, 0 to 23', parseHour)
    .option(
      '--consent <evidence>',
      'where, when and how they agreed: they read at once, and this is kept',
      parseWords,
    )
    .option('--json', 'print one JSON document')
    .action((address: string, { json, consent, ...wanted }: AddOptions) =>
      run(async (surroundings) => {
        const email = await readAddress(address);
        const outcome = await addSubscriber(surroundings, { email, wanted, evidence: consent ?? null });
        if (outcome === 'suppressed')
          throw new ConfigError(`${email} is suppressed: \`suppressions list\` says why`);
        if (json) return printJson({ email, outcome });
        print(`${email}: ${addedWords[outcome]}.\n`);
      }),
    );
  subscribers
    .command('confirm')
    .description('for somebody who signed up, and cannot get at the mail with the button')
    .argument('<address>')
    .requiredOption('--reason <words>', 'how you know that it is them: it is kept', parseWords)
    .option('--json', 'print one JSON document')
    .action((address: string, { reason, json }: { reason: string; json?: true }) =>
      run(async (surroundings) => {
        const email = await readAddress(address);
        const outcome = await confirmSubscriber(surroundings, { email, evidence: reason });
        if (outcome !== 'confirmed' && outcome !== 'already-active')
          throw new ConfigError(`${email}: ${unconfirmedWords[outcome]}`);
        if (json) return printJson({ email, outcome });
        print(outcome === 'confirmed' ? `${email} reads from now on.\n` : `${email} reads already.\n`);
      }),
    );
  subscribers
    .command('erase')
    .description('delete every row about a reader; a suppression of the address stays')
    .argument('<address or id>')
    .option('--yes', 'do it: without it, you are only told who it is')
    .option('--json', 'print one JSON document')
    .action((who: string, { yes, json }: { yes?: true; json?: true }) =>
      run(async (surroundings) => {
        const db = await openDb(surroundings);
        const { id, email, status } = await getReader(db, who);
        if (json && !yes) return printJson({ id, email, status, erased: false });
        if (!yes) return print(`${email} (${id}, ${status}). Nothing is erased yet: add --yes.\n`);
        const { eraseReader } = await import('../subscribers/account/erase-reader.ts');
        await eraseReader({ db }, id);
        if (json) return printJson({ id, email, status, erased: true });
        print(`${email} is erased.\n`);
      }),
    );
  subscribers
    .command('suppress')
    .description('let the address of a reader get no mail any more, whatever is promised to it')
    .argument('<address or id>')
    .option('--reason <words>', 'for who looks it up later', parseWords, 'by the operator')
    .option('--json', 'print one JSON document')
    .action((who: string, { reason, json }: { reason: string; json?: true }) =>
      run(async (surroundings) => {
        const db = await openDb(surroundings);
        const { email } = await getReader(db, who);
        const { addSuppression } = await import('../subscribers/suppressions/suppression-store.ts');
        const isNew = await addSuppression(db, { email, cause: 'operator', reason, now: new Date() });
        if (json) return printJson({ email, isNew });
        print(isNew ? `${email} gets no mail any more.\n` : `${email} was suppressed already.\n`);
      }),
    );
  addTransferCommands(subscribers);
}

type AddOptions = Wanted & { consent?: string; json?: true };

type Wanted = Partial<
  Pick<Preferences, 'topics' | 'keywords' | 'organizations' | 'authors' | 'timeZone' | 'hour'>
> & {
  language?: string;
};

const addedWords: Readonly<Record<Exclude<Added, 'suppressed'>, string>> = {
  asked:
    'is sent the mail with the button within a minute, unless the address has had its fill of such mails',
  active: 'reads from now on',
  'already-active': 'reads already, and keeps what they chose',
};

const unconfirmedWords: Readonly<Record<Exclude<ConfirmedByHand, 'confirmed' | 'already-active'>, string>> = {
  'nothing-asked': 'has not signed up again since they left; `subscribers add` adds them',
  suppressed: 'is suppressed: `suppressions list` says why',
  unknown: 'nobody signed up with it; `subscribers add` adds them',
};

/** Throws ConfigError for wishes that cannot be. */
export async function addSubscriber(
  surroundings: Surroundings,
  { email, wanted, evidence }: { email: string; wanted: Wanted; evidence: string | null },
): Promise<Added> {
  const [{ promises }, { addReader }, { parsePreferences }] = await Promise.all([
    import('../ledger/promise.ts'),
    import('../subscribers/by-hand.ts'),
    import('../subscribers/preferences/parse-preferences.ts'),
  ]);
  const db = await openDb(surroundings);
  const topicIds = new Set((await openTopics(surroundings, db)).map(({ id }) => id));
  const parsed = parsePreferences(wanted, { topicIds, now: new Date() });
  if (parsed.type === 'invalid')
    throw new ConfigError(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  const { preferences } = parsed;
  const deps = { db, promises, wakeDelivery: noWaking, now: () => new Date() };
  return addReader(deps, { email, preferences, evidence });
}

export async function confirmSubscriber(
  surroundings: Surroundings,
  { email, evidence }: { email: string; evidence: string },
): Promise<ConfirmedByHand> {
  const [{ promises }, { confirmReader }] = await Promise.all([
    import('../ledger/promise.ts'),
    import('../subscribers/by-hand.ts'),
  ]);
  const db = await openDb(surroundings);
  const deps = { db, promises, wakeDelivery: noWaking, now: () => new Date() };
  return confirmReader(deps, { email, evidence });
}

/** The workers look for what is due every minute. */
const noWaking = async () => {};

function describeListed({ isSuppressed, bounces, ...subscriber }: ListedSubscriber): string {
  const { topics, keywords, organizations, authors } = subscriber.preferences;
  const wanted = [...topics, ...keywords, ...organizations, ...authors].join(', ');
  const troubles = [
    ...(isSuppressed ? ['suppressed'] : []),
    ...(bounces > 0 ? [`bounced in 30 days: ${bounces}`] : []),
  ];
  const trouble = troubles.length === 0 ? '' : `  (${troubles.join('; ')})`;
  return `${subscriber.status.padEnd(12)} ${subscriber.email}  ${wanted}${trouble}\n`;
}

const subscribersPerStep = 1000;

const recentMs = 30 * 24 * 60 * 60 * 1000;

type ListedSubscriber = Omit<Subscriber, 'votes'> & {
  isSuppressed: boolean;
  /** How many of the mails of the last 30 days came back, or were refused. */
  bounces: number;
};

/** Everyone, one by one, however many there are. */
async function* walkSubscribers(db: Db, now: Date): AsyncGenerator<ListedSubscriber> {
  const [{ countBounces }, { listSubscribers, listSuppressed }] = await Promise.all([
    import('../bounces/store.ts'),
    import('../subscribers/store.ts'),
  ]);
  const since = new Date(now.getTime() - recentMs);
  for (let after: string | null = null; ; ) {
    const subscribers: Subscriber[] = await listSubscribers(db, { after, limit: subscribersPerStep });
    const suppressed = await listSuppressed(
      db,
      subscribers.map(({ email }) => email),
    );
    const bounces = await countBounces(db, { subscriberIds: subscribers.map(({ id }) => id), since });
    for (const { votes: _, ...subscriber } of subscribers) {
      // What somebody thinks of single papers is nobody else's business.
      const { id, email } = subscriber;
      yield { ...subscriber, isSuppressed: suppressed.has(email), bounces: bounces.get(id) ?? 0 };
    }
    after = subscribers.at(-1)?.id ?? null;
    if (subscribers.length < subscribersPerStep) return;
  }
}

function parseHour(text: string): number {
  if (!/^(?:1?\d|2[0-3])$/.test(text)) throw new InvalidArgumentError('It is not an hour from 0 to 23.');
  return Number(text);
}

function parseDays(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 84)
    throw new InvalidArgumentError('It is not a number from 1 to 84.');
  return days;
}
