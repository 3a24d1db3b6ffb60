// arXiv's search API, asked for one title: https://info.arxiv.org/help/api/user-manual.html#query_details
import type { ListedPaper } from '../../papers/paper.ts';
import { titleKey } from '../../papers/paper-ids.ts';
import { mendText } from '../../text/mend-text.ts';
import type { HttpClient } from '../http/client.ts';
import type { FoundTitle, TitleSearch, WantedTitle } from '../titles/title-search.ts';
import { parseApiPage } from './api-page.ts';

const accept = ['application/atom+xml', 'application/xml', 'text/xml'];
const allTimes = { from: new Date(-8.64e15), to: new Date(8.64e15) };
/** Of papers that have the words, the one of this title is among the first. */
const mostAsked = 20;

export function createTitleSearch({ http, baseUrl }: { http: HttpClient; baseUrl: string }): TitleSearch {
  return {
    async find(wanted, signal) {
      const query = writeQuery(wanted);
      if (query === null) return { type: 'none' };
      const parameters = new URLSearchParams({
        search_query: query,
        start: '0',
        max_results: String(mostAsked),
      });
      const url = `${baseUrl}/api/query?${parameters}`;
      const answer = await http.get({ url, accept, previous: null, signal });
      if (answer.type === 'unchanged') return { type: 'failed', reason: 'it answered 304', isFinal: false };
      if (answer.type === 'failed') return { ...answer, isFinal: answer.retry === 'never' };
      const page = parseApiPage(answer.text, allTimes);
      if (page.type !== 'page')
        return { type: 'failed', reason: page.reason, isFinal: page.type === 'error' };
      return chooseEqual(page.papers, wanted);
    },
  };
}

const mostWords = 30;
const fewWords = 10;

/** First as a phrase; then, should the capture have damaged a sign, by its longer words. Null for a title without words. */
function writeQuery({ title, attempt }: WantedTitle): string | null {
  const words =
    mendText(title)
      .normalize('NFKC')
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length === 0) return null;
  if (attempt === 0) return `ti:"${words.slice(0, mostWords).join(' ')}"`;
  const telling = words.filter((word) => word.length > 3);
  const chosen = (telling.length === 0 ? words : telling).slice(0, fewWords);
  return chosen.map((word) => `ti:${word}`).join(' AND ');
}

/** Only an equal title counts, and only when one paper alone has it. */
function chooseEqual(papers: readonly ListedPaper[], wanted: WantedTitle): FoundTitle {
  const keys = keysOf(wanted.title);
  const equal = papers.filter(({ title }) => keysOf(title).some((key) => keys.includes(key)));
  const ids = new Set(equal.map(({ ids: known }) => known?.arxiv));
  const [paper] = equal;
  if (paper === undefined || ids.size > 1 || !isPlausible(paper, wanted)) return { type: 'none' };
  return { type: 'found', paper };
}

/** As it is written, and as it was meant before a capture damaged it. */
function keysOf(title: string): string[] {
  return [titleKey(title), titleKey(mendText(title))];
}

/** "Technical Report" is many papers, of which arXiv may have one. */
const wordsThatTell = 4;
const sameDayMs = 4 * 86_400_000;

function isPlausible({ title, authorsCount, publishedOn }: ListedPaper, wanted: WantedTitle): boolean {
  if (title.split(/\s+/).length >= wordsThatTell) return true;
  const isSameDay =
    publishedOn !== null &&
    wanted.publishedOn !== null &&
    Math.abs(Date.parse(publishedOn) - Date.parse(wanted.publishedOn)) <= sameDayMs;
  return isSameDay || (authorsCount !== null && authorsCount === wanted.authorsCount);
}
