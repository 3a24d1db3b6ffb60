// A paper of a list in JSON without anything around it, ours among them: by the names that Hugging Face, Semantic Scholar, Crossref,
// CSL, OpenAlex, Europe PMC and Zenodo have for its parts.
import type { ListedPaper } from '../../papers/paper.ts';
import { readArxivId, readDoi } from '../../papers/paper-ids.ts';
import { readAbstract } from '../feed/read-abstract.ts';
import { readDailyPapers } from '../hf/daily-papers.ts';
import { turnName } from '../listed-entry.ts';

/** What is wrong with it is told where it costs the paper: a list that was written by hand need not have ids. */
export function readBarePaper(
  given: unknown,
  index: number,
): { papers: ListedPaper[]; warnings: string[]; days: Set<string> } {
  const { metadata, ...own } = Object(given);
  const entry: Record<string, unknown> = { ...Object(metadata), ...own };
  const ids = { ...Object(entry.ids), ...Object(entry.externalIds) };
  const names = listTexts(
    [entry.id, ids.arxiv, ids.ArXiv, entry.arxiv_id, entry.arxivId],
    [ids.doi, ids.DOI, entry.doi, entry.DOI, entry.url, entry.URL, entry.link],
  );
  const { organization } = entry;
  const [title = ''] = listTexts([entry.title], listOf(entry.title), [entry.display_name]);
  const wrapped = {
    organization: typeof organization === 'string' ? { fullname: organization } : organization,
    paper: {
      ...entry,
      id: names.find((name) => readArxivId(name) !== null) ?? entry.id,
      title,
      summary: readSummary(entry, title),
      authors: readAuthors(entry),
      publishedAt: readDay(entry),
    },
  };
  const { papers, warnings, days } = readDailyPapers([wrapped], { from: index });
  const doi = names.flatMap((name) => readDoi(name) ?? [])[0] ?? null;
  return {
    papers: papers.map((paper) => (doi === null ? paper : { ...paper, ids: { doi, ...paper.ids } })),
    days,
    warnings: papers.length === 0 ? warnings : [],
  };
}

function listTexts(...lists: unknown[][]): string[] {
  return lists.flat().filter((text): text is string => typeof text === 'string' && text !== '');
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Crossref's and Zenodo's are markup. */
function readSummary(entry: Record<string, unknown>, title: string): string | null {
  const [summary = null] = listTexts([entry.summary, entry.abstract, entry.abstractText, entry.description]);
  if (summary === null) return joinWords(entry.abstract_inverted_index);
  return /<\/?(?:jats:|p\b|div\b|h4\b)/.test(summary) ? readAbstract([summary], title).abstract : summary;
}

/** OpenAlex tells at which places each word stands. */
function joinWords(index: unknown): string | null {
  const placed = Object.entries(Object(index)).flatMap(([word, places]) =>
    listOf(places).map((place) => ({ word, place: Number(place) })),
  );
  if (placed.length === 0) return null;
  return placed
    .toSorted((one, other) => one.place - other.place)
    .map(({ word }) => word)
    .join(' ');
}

function readAuthors(entry: Record<string, unknown>): unknown {
  const { authors, authorString } = entry;
  if (typeof authors === 'string') return authors.split(/; ?/).flatMap((name) => turnName(name) ?? []);
  if (typeof authorString === 'string')
    return authorString
      .replace(/\.$/, '')
      .split(', ')
      .map((name) => name.replace(/^(.+) (\p{Lu}{1,4})$/u, '$2 $1'));
  if (Array.isArray(authors)) return authors;
  const people = [entry.author, entry.authorships, entry.creators].find(Array.isArray);
  return people?.flatMap((person: unknown) => {
    const { given, family, literal, name, author } = Object(person);
    const [whole] = listTexts([literal, name, Object(author).display_name]);
    const parts = listTexts([given, family]);
    return whole === undefined ? (parts.length === 0 ? [] : parts.join(' ')) : (turnName(whole) ?? []);
  });
}

/** A month or a year alone is no day. */
function readDay(entry: Record<string, unknown>): string | null {
  const [told] = listTexts([
    entry.publishedAt,
    entry.publishedOn,
    entry.date,
    entry.publicationDate,
    entry.publication_date,
    entry.firstPublicationDate,
  ]);
  if (told !== undefined) return told;
  const parts = listOf(listOf(Object(entry.issued)['date-parts'])[0]).map((part) =>
    String(part).padStart(2, '0'),
  );
  return parts.length === 3 ? parts.join('-') : null;
}
