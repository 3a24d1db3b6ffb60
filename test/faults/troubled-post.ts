// A post office with a crowd of readers and a mail server that fails as it is told.
import { subscribeCrowd } from '../support/crowd.ts';
import { openPostOffice, type PostOffice } from '../support/post-office.ts';
import type { Mishap } from '../support/smtp-catcher.ts';
import { expertPaper } from '../support/world.ts';

export const minute = 60_000;

export const hangUp: Mishap = { type: 'hang-up' };
export const stall: Mishap = { type: 'stall' };
export const wait = (ms: number): Mishap => ({ type: 'wait', ms });
export const reply = (line: string): Mishap => ({ type: 'reply', line });

export type PostOptions = Parameters<typeof openPostOffice>[0];

export type TroubledPost = PostOffice & {
  /** Sweeps and sends, the clock going on, until nothing is left to be tried. */
  deliverAll(): Promise<void>;
  /** Of all deliveries, in the order of planning. */
  states(): Promise<string[]>;
};

/** Everyone follows what the one paper is about; nothing is planned yet. */
export async function openTroubledPost(readers: number, options: PostOptions = {}): Promise<TroubledPost> {
  const post = await openPostOffice(options);
  await post.list('2026-03-02', [expertPaper('translation')]);
  await subscribeCrowd(post.databaseUrl, readers);
  return {
    ...post,
    async deliverAll() {
      for (let turns = 0; turns < 2000; turns += 1) {
        await post.sweep();
        if ((await post.db.delivery.count({ where: { finishedAt: null } })) === 0) return;
        post.pass(minute / 2);
      }
      throw new Error('it never comes to rest');
    },
    states: async () => (await post.ledger()).map(({ state }) => state),
  };
}
