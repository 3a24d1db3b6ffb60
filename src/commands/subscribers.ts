// `subscribers …`: who reads.
import type { Command } from 'commander';
import type { Db } from '../platform/db.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { print, run } from './run.ts';

export function addSubscriberCommands(program: Command): void {
  program
    .command('subscribers')
    .description('who reads')
    .command('list')
    .description('everyone who signed up, with what they asked for, and whether their mails arrive')
    .option('--json', 'print one JSON document')
    .action((options: { json?: true }) =>
      run(async ({ config, log, closer }) => {
        const { openDatabase } = await import('../service/open-database.ts');
        const { db } = await openDatabase({ config, log }, closer);
        let separator = '';
        if (options.json) print('{"subscribers":[');
        for await (const { subscriber, isSuppressed, bounces } of walkSubscribers(db, new Date())) {
          // What somebody thinks of single papers is nobody else's business.
          const { votes: _, ...shown } = subscriber;
          const { topics, keywords, organizations } = shown.preferences;
          const wanted = [...topics, ...keywords, ...organizations].join(', ');
          if (options.json) print(`${separator}${JSON.stringify({ ...shown, isSuppressed, bounces })}`);
          else
            print(
              `${shown.status.padEnd(12)} ${shown.email}  ${wanted}${describeTrouble({ isSuppressed, bounces })}\n`,
            );
          separator = ',\n';
        }
        if (options.json) print(']}\n');
      }),
    );
}

function describeTrouble({ isSuppressed, bounces }: { isSuppressed: boolean; bounces: number }): string {
  const troubles = [
    ...(isSuppressed ? ['suppressed'] : []),
    ...(bounces > 0 ? [`bounced in 30 days: ${bounces}`] : []),
  ];
  return troubles.length === 0 ? '' : `  (${troubles.join('; ')})`;
}

const subscribersPerStep = 1000;

const recentMs = 30 * 24 * 60 * 60 * 1000;

type ListedSubscriber = {
  subscriber: Subscriber;
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
    for (const subscriber of subscribers) {
      const { id, email } = subscriber;
      yield { subscriber, isSuppressed: suppressed.has(email), bounces: bounces.get(id) ?? 0 };
    }
    after = subscribers.at(-1)?.id ?? null;
    if (subscribers.length < subscribersPerStep) return;
  }
}
