// What is told of a query that can be read and is probably not what was meant: in which words, and what to write instead.
import type { Message } from '../../languages/catalogue.ts';
import { unifySpelling } from '../../text/clean-text.ts';
import { parseQuery, type Query } from './query.ts';
import { findDoubtfulName, findLonelyField, quoteNames } from './query-fields.ts';
import { joinAlternatives, readCommaList } from './query-list.ts';

/** `any`: the query to write instead, also among the message's values. */
export type QueryHint = Message & { any: string };

/** Null for a query that says what it means. */
export function findQueryHint(typed: string, query: Query): QueryHint | null {
  const unified = unifySpelling(typed);
  const plain = quoteNames(unified);
  const list = readCommaList(plain, query);
  if (list !== null) {
    const any = joinAlternatives(list);
    return { key: 'query.commas', values: { typed, any }, any };
  }
  const doubtful = findDoubtfulName(unified);
  if (doubtful !== null) return { key: 'query.longName', values: doubtful, any: doubtful.any };
  const lonely = findLonelyField(plain);
  // Without what is asked for, a query that only excludes would be left.
  if (lonely === null || parseQuery(lonely.any).type === 'invalid') return null;
  return { key: 'query.oneWord', values: lonely, any: lonely.any };
}
