// One of arXiv's daily feeds, RSS or Atom: https://info.arxiv.org/help/rss.html
import type { XmlElement } from '@rgrove/parse-xml';
import type { ListedPaper } from '../../papers/paper.ts';
import { readArxivId } from '../../papers/paper-ids.ts';
import { isWithdrawnVersion } from '../../papers/withdrawal.ts';
import { readText } from '../../text/clean-text.ts';
import { nameEntry } from '../listed-entry.ts';
import { listChildren, readXml, textOfChild } from '../xml.ts';
import { readArxivDay } from './arxiv-days.ts';
import { splitAuthors, toListedPaper } from './read-entry.ts';

export type Feed =
  | {
      type: 'feed';
      /** Eastern, YYYY-MM-DD: of the newest entry; of an empty feed, the day it was made for. */
      day: string | null;
      /** New ones and those newly listed in the category. */
      papers: ListedPaper[];
      /** The ids of what is new in each category, by the category that it was submitted to: such a paper is new once. */
      firstIn: Map<string, string[]>;
      /** The ids of those that a new version withdraws. */
      withdrawn: string[];
      /** Also those that could not be read. */
      entries: number;
      /** New versions of papers that were announced before. */
      replaced: number;
      warnings: string[];
    }
  | { type: 'refused'; reason: string };

/** Where the two kinds of feed keep the same things. */
type Names = { made: string; id: string; abstract: string; published: string };
const rssNames: Names = { made: 'pubDate', id: 'guid', abstract: 'description', published: 'pubDate' };
const atomNames: Names = { made: 'updated', id: 'id', abstract: 'summary', published: 'published' };

/** `arXiv:2508.13426v1 Announce Type: cross \nAbstract: `, in front of every abstract. */
const preamble = /^\s*arXiv:\S+\s+Announce Type:\s*([a-z-]+)\s*(?:Abstract:)?/i;

/** Never throws. An entry that cannot be read costs only itself, and a warning. */
export function parseArxivFeed(xml: string): Feed {
  const document = readXml(xml);
  if (document.type === 'refused') return document;
  const { root } = document;
  const [channel] = root.name === 'rss' ? listChildren(root, 'channel') : [];
  if (channel !== undefined) return readFeed(channel, listChildren(channel, 'item'), rssNames);
  if (root.name === 'feed') return readFeed(root, listChildren(root, 'entry'), atomNames);
  return { type: 'refused', reason: `the answer is no feed: its root is <${root.name.slice(0, 40)}>` };
}

function readFeed(feed: XmlElement, entries: XmlElement[], names: Names): Feed {
  const papers: ListedPaper[] = [];
  const warnings: string[] = [];
  const days: string[] = [];
  const firstIn = new Map<string, string[]>();
  const withdrawn: string[] = [];
  let replaced = 0;
  for (const [index, entry] of entries.entries()) {
    const result = readItem(entry, names);
    if (result.day !== null) days.push(result.day);
    if (result.type === 'replaced') {
      replaced += 1;
      if (result.withdrawnId !== null) withdrawn.push(result.withdrawnId);
    } else if (result.type === 'paper') {
      papers.push(result.paper);
      const { firstIn: category, arxivId } = result;
      if (category !== null) firstIn.set(category, [...(firstIn.get(category) ?? []), arxivId]);
    } else warnings.push(`${nameEntry(index, result.name)} is left out: ${result.reason}`);
  }
  const newest = days.sort().at(-1);
  const day = newest ?? readArxivDay(textOfChild(feed, names.made));
  return { type: 'feed', day, papers, firstIn, withdrawn, entries: entries.length, replaced, warnings };
}

type Item = { day: string | null } & (
  | { type: 'paper'; paper: ListedPaper; arxivId: string; firstIn: string | null }
  | { type: 'replaced'; withdrawnId: string | null }
  | { type: 'bad'; name: string | null; reason: string }
);

function readItem(entry: XmlElement, names: Names): Item {
  const day = readArxivDay(textOfChild(entry, names.published));
  const summary = textOfChild(entry, names.abstract) ?? '';
  const [start = '', inPreamble] = preamble.exec(summary) ?? [];
  const announced = readText(textOfChild(entry, 'arxiv:announce_type')) ?? inPreamble ?? 'new';
  const title = textOfChild(entry, 'title')?.replace(/\s*\(arXiv:[^)]*\)\s*$/, '') ?? null;
  const id = textOfChild(entry, names.id) ?? '';
  const arxivId = readArxivId(id) ?? readArxivId(textOfChild(entry, 'link') ?? '');
  const abstract = summary.slice(start.length);
  const comment = readText(textOfChild(entry, 'arxiv:comment'));
  if (announced.startsWith('replace')) {
    const withdrawnId = isWithdrawnVersion({ abstract: readText(abstract), comment }) ? arxivId : null;
    return { type: 'replaced', day, withdrawnId };
  }
  if (arxivId === null)
    return { type: 'bad', day, name: readText(id) ?? readText(title), reason: 'it has no arXiv id' };
  const paper = toListedPaper({
    arxivId,
    title,
    abstract,
    authors: listChildren(entry, 'dc:creator').flatMap(({ text }) => splitAuthors(text)),
    comment,
    // A paper that is new to this category may be old.
    publishedOn: announced === 'new' ? day : null,
  });
  return typeof paper === 'string'
    ? { type: 'bad', day, name: arxivId, reason: paper }
    : { type: 'paper', day, paper, arxivId, firstIn: announced === 'new' ? readCategory(entry) : null };
}

/** The first one named is the one that the paper was submitted to. */
function readCategory(entry: XmlElement): string | null {
  const [first] = listChildren(entry, 'category');
  return first === undefined ? null : readText(first.attributes.term ?? first.text);
}
