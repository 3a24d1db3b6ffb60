// What is told of a query that can be read and is probably not what was meant: in which words, and what to write instead.
import type { Message } from '../../languages/catalogue.ts';
import { unifySpelling } from '../../text/clean-text.ts';
import type { Query } from './query.ts';
import { findLonelyField, quoteNames } from './query-fields.ts';
import { joinAlternatives, readCommaList } from './query-list.ts';

/** `any`: the query to write instead, also among the message's values. */
export type QueryHint = Message & { any: string };

/** Null for a query that says what it means. */
export function findQueryHint(typed: string, query: Query): QueryHint | null {
  const plain = quoteNames(unifySpelling(typed));
  const list = readCommaList(plain, query);
  if (list !== null) {
    const any = joinAlternatives(list);
    return { key: 'query.commas', values: { typed, any }, any };
  }
  const lonely = findLonelyField(plain);
  return lonely === null ? null : { key: 'query.oneWord', values: lonely, any: lonely.any };
}
