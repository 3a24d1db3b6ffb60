// A database that a test looks over the shoulder, to let things happen before and after a statement of the engine.
import type { DbOrTransaction, Prisma } from '../../src/platform/postgres/db.ts';

/** Each is given the text of a raw statement. What throws in `before` keeps it from being carried out. */
export type Watch = { before?: (sql: string) => unknown; after?: (sql: string) => unknown };

const rawMethods = new Set(['$queryRaw', '$executeRaw']);

/** Also inside of transactions: `after` is then called once they are committed. */
export function watchStatements<Watched extends DbOrTransaction>(db: Watched, watch: Watch): Watched {
  const { before, after } = watch;
  return new Proxy(db, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (name === '$transaction' && typeof method === 'function') {
        return async (work: (tx: Prisma.TransactionClient) => Promise<unknown>, options: unknown) => {
          const carriedOut: string[] = [];
          const inside = { ...watch, after: (sql: string) => carriedOut.push(sql) };
          const answer: unknown = await method.call(
            target,
            (tx: Prisma.TransactionClient) => work(watchStatements(tx, inside)),
            options,
          );
          for (const sql of carriedOut) await after?.(sql);
          return answer;
        };
      }
      if (typeof name !== 'string' || !rawMethods.has(name) || typeof method !== 'function') return method;
      return async (given: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) => {
        const sql = ('strings' in given ? given.strings : given).join('?');
        await before?.(sql);
        const answer: unknown = await method.call(target, given, ...values);
        await after?.(sql);
        return answer;
      };
    },
  });
}

/** What to look for in a statement's text. */
export const statements = {
  claim: /SET state = 'claimed'/,
  gate: /SET state = 'data_started'/,
  record: /UPDATE subscriber SET served_through/,
  release: /SET state = 'planned'[\s\S]*claim_id/,
};
