// A database whose connection breaks: at some statements before they are carried out, at others before their answer.
import type { Db } from '../../src/db.ts';

export type Loss = 'statement' | 'answer' | null;

const rawMethods = new Set(['$queryRaw', '$executeRaw']);

/** `lose` decides on every raw statement, by its text; everything else goes through. */
export function loseAtTimes(db: Db, lose: (sql: string) => Loss): Db {
  return new Proxy(db, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof name !== 'string' || !rawMethods.has(name) || typeof method !== 'function') return method;
      return async (parts: TemplateStringsArray, ...values: unknown[]) => {
        const loss = lose(parts.join('?'));
        if (loss === 'statement') throw new Error('connection lost before the statement');
        const answer: unknown = await method.call(target, parts, ...values);
        if (loss === 'answer') throw new Error('connection lost before the answer');
        return answer;
      };
    },
  });
}
