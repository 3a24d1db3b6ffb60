// One page of arXiv's search API, an Atom feed: https://info.arxiv.org/help/api/user-manual.html
import type { XmlElement } from '@rgrove/parse-xml';
import type { ListedPaper } from '../../papers/paper.ts';
import { readArxivId, readDoi } from '../../papers/paper-ids.ts';
import { readText } from '../../text/clean-text.ts';
import { readUtcDay } from '../../text/days.ts';
import { nameEntry } from '../listed-entry.ts';
import { listChildren, readXml, textOfChild } from '../xml.ts';
import { toListedPaper } from './read-entry.ts';

export type ApiPage =
  | {
      type: 'page';
      /** Of the whole answer, on all its pages. */
      total: number;
      papers: ListedPaper[];
      /** Also those that could not be read. */
      entries: number;
      warnings: string[];
    }
  | { type: 'refused'; reason: string }
  /** The API understood the question, and will not answer it. */
  | { type: 'error'; reason: string };

/**
 * Never throws. An entry that cannot be read costs only itself, and a warning. So do those that were submitted outside of
 * the window that was asked for, its end excluded: the API has answered with papers of years ago.
 */
export function parseApiPage(xml: string, window: { from: Date; to: Date }): ApiPage {
  const document = readXml(xml);
  if (document.type === 'refused') return document;
  const { root } = document;
  if (root.name !== 'feed')
    return { type: 'refused', reason: `the answer is no feed: its root is <${root.name.slice(0, 40)}>` };
  const entries = listChildren(root, 'entry');
  const total = Number(textOfChild(root, 'opensearch:totalResults') ?? Number.NaN);
  if (!Number.isInteger(total) || total < 0)
    return { type: 'refused', reason: 'the answer does not tell how many results there are' };

  // https://info.arxiv.org/help/api/user-manual.html#34-errors
  const error = entries.find((entry) => /\/api\/errors/.test(textOfChild(entry, 'id') ?? ''));
  if (error !== undefined)
    return { type: 'error', reason: readText(textOfChild(error, 'summary')) ?? 'it gives no reason' };

  const papers: ListedPaper[] = [];
  const warnings: string[] = [];
  let foreign = 0;
  for (const [index, entry] of entries.entries()) {
    const id = textOfChild(entry, 'id') ?? '';
    if (isOutside(entry, window)) {
      foreign += 1;
      continue;
    }
    const result = readEntry(entry, id);
    if (typeof result === 'string') warnings.push(`${nameEntry(index, readText(id))} is left out: ${result}`);
    else papers.push(result);
  }
  if (foreign > 0)
    warnings.push(`${foreign} entries are left out: they were not submitted in the time that was asked for`);
  return { type: 'page', total, papers, entries: entries.length, warnings };
}

/** A time that is not told, or not understood, speaks against nobody. */
function isOutside(entry: XmlElement, { from, to }: { from: Date; to: Date }): boolean {
  const submitted = Date.parse(textOfChild(entry, 'published') ?? '');
  return submitted < from.getTime() || submitted >= to.getTime();
}

function readEntry(entry: XmlElement, id: string): ListedPaper | string {
  const arxivId = readArxivId(id);
  if (arxivId === null) return 'it has no arXiv id';
  return toListedPaper({
    arxivId,
    title: textOfChild(entry, 'title'),
    abstract: textOfChild(entry, 'summary'),
    authors: listChildren(entry, 'author').flatMap((author) => textOfChild(author, 'name') ?? []),
    comment: readText(textOfChild(entry, 'arxiv:comment')),
    // Of the first version; `updated` is that of the latest.
    publishedOn: readUtcDay(textOfChild(entry, 'published')?.trim()),
    doi: readDoi(textOfChild(entry, 'arxiv:doi') ?? ''),
  });
}
