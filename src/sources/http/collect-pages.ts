// A day that a service gives page by page: all of it, or why not.
import type { ListedPaper } from '../../papers/paper.ts';
import { describeRevised } from '../listed-entry.ts';
import type { DayAnswer } from '../source.ts';
import type { HttpClient } from './client.ts';

/**
 * `entries` counts also those that were left out, `total` those on all pages; `revised` are new versions of earlier papers among
 * them. `isFinal`: asking again is of no use.
 */
export type AnsweredPage =
  | {
      type: 'page';
      papers: ListedPaper[];
      warnings: string[];
      revised?: number;
      entries: number;
      total: number;
    }
  | { type: 'refused'; reason: string; isFinal?: true };

export async function collectPages({
  http,
  accept,
  addressOf,
  parse,
  maxPapers,
  nothing,
  signal,
}: {
  http: HttpClient;
  accept: string[];
  /** Of the page that begins behind so many entries. */
  addressOf(start: number): string;
  parse(text: string): AnsweredPage;
  maxPapers: number;
  /** What an answer without papers means. */
  nothing: string;
  signal: AbortSignal;
}): Promise<DayAnswer> {
  const { host } = new URL(addressOf(0));
  const papers: ListedPaper[] = [];
  const warnings: string[] = [];
  let revised = 0;
  for (let start = 0; ; ) {
    const answer = await http.get({ url: addressOf(start), accept, previous: null, signal });
    if (answer.type === 'unchanged') return failDay(`${host} answered 304 to a request without conditions`);
    if (answer.type === 'failed') return { ...answer, isFinal: answer.retry === 'never' };
    const page = parse(answer.text);
    if (page.type === 'refused') return failDay(`${host}: ${page.reason}`, page.isFinal);
    papers.push(...page.papers);
    warnings.push(...page.warnings);
    revised += page.revised ?? 0;
    start += page.entries;
    if (start >= page.total) break;
    // Now and then a page comes back without its entries; the same request is answered well a little later.
    if (page.entries === 0)
      return failDay(`${host} gave ${start} of ${page.total} papers, and then an empty page`);
    if (start >= maxPapers) {
      warnings.push(
        `only the first ${start} of ${page.total} papers were read: choose less, such as fewer categories`,
      );
      break;
    }
  }
  const left = [...warnings, ...describeRevised(revised)];
  if (papers.length > 0) return { type: 'papers', papers, warnings: left, validators: null };
  if (warnings.length > 0) return failDay(`${host}: no entry could be read: ${warnings[0]}`);
  return { type: 'empty', reason: nothing, warnings: left, validators: null };
}

export function failDay(reason: string, isFinal = false): DayAnswer {
  return { type: 'failed', reason, retryAfterMs: null, isFinal };
}
