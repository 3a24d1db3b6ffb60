// Which of the listed papers are known, and what their rows become: an id decides, else the title.
import { readTexName, readTexText } from '../text/read-tex.ts';
import type { ListedPaper } from './paper.ts';
import { idKeys, listTitleKeys, type PaperIds, paperKey } from './paper-ids.ts';
import { readWithdrawal } from './withdrawal.ts';

/** A paper as its row is, or, without `seq`, is to be. */
export type MergedPaper = ListedPaper & {
  ids: PaperIds;
  authors: string[];
  isWithdrawn: boolean;
  gist: string | null;
  seq: number | null;
  key: string;
  /** The keys of all titles it was listed under: a listing without ids finds it by any of them. */
  titleKeys: string[];
};

const maxLinks = 20;
/** A paper is renamed once or twice; more is a source that does not know what a title is. */
const maxTitles = 8;

/**
 * Every listed paper once, in the order of the listing, merged with what is known of it. What a source leaves out is
 * never blanked, what was missing is filled in, counts only grow; title and sequence number stay the first ones, but that
 * letters take the place of the TeX they were typed in.
 */
export function mergePapers(
  known: readonly MergedPaper[],
  listed: readonly ListedPaper[],
): { merged: MergedPaper; before: MergedPaper | null }[] {
  const index = createIndex(known);
  const slots = new Set<Slot>();
  const entries = listed.map((paper, position) => ({ paper, position }));
  // Those with an id come first: which paper a title without one means must not depend on who stands where.
  const withId = entries.filter(({ paper }) => isIdentified(paper));
  const withoutId = entries.filter(({ paper }) => !isIdentified(paper));
  for (const { paper, position } of [...withId, ...withoutId]) {
    const slot = index.find(paper) ?? index.add({ before: null, merged: toNewPaper(paper), position });
    if (!slots.has(slot)) slot.position = position;
    slot.merged = merge(slot.merged, paper);
    index.learn(slot);
    slots.add(slot);
  }
  return [...slots].sort((one, other) => one.position - other.position);
}

/** `position`: in the listing. New papers get their sequence numbers in this order. */
type Slot = { before: MergedPaper | null; merged: MergedPaper; position: number };

function createIndex(known: readonly MergedPaper[]) {
  const byKey = new Map<string, Slot>();
  const byTitle = new Map<string, Slot[]>();

  function learn(slot: Slot): void {
    for (const key of idKeys(slot.merged.ids)) byKey.set(key, slot);
    for (const title of slot.merged.titleKeys) {
      const slots = byTitle.get(title) ?? [];
      if (!slots.includes(slot)) byTitle.set(title, [...slots, slot]);
    }
  }

  function find(paper: ListedPaper): Slot | undefined {
    const titles = listTitleKeys(paper.title);
    const sameTitle = [...new Set(titles.flatMap((title) => byTitle.get(title) ?? []))];
    if (!isIdentified(paper)) return oldestOf(sameTitle, titles);
    const unidentified = sameTitle.find(({ merged }) => !isIdentified(merged));
    const [known] = idKeys(paper.ids ?? {}).flatMap((key) => byKey.get(key) ?? []);
    return known ?? unidentified;
  }

  function add(slot: Slot): Slot {
    learn(slot);
    return slot;
  }

  for (const paper of known) learn({ before: paper, merged: paper, position: 0 });
  return { find, learn, add };
}

/**
 * Papers with other ids may share a title ("Technical Report"). Without an id the first that bore it is meant: whatever
 * comes later, the same listing again finds the same one.
 */
function oldestOf(slots: Slot[], titles: readonly string[]): Slot | undefined {
  const born = slots.filter(({ merged }) => titles.includes(merged.titleKeys[0] ?? ''));
  return (born.length > 0 ? born : slots).toSorted(compareAge)[0];
}

function compareAge(one: Slot, other: Slot): number {
  const [oneSeq, otherSeq] = [one.merged.seq, other.merged.seq];
  if (oneSeq !== null && otherSeq !== null) return oneSeq - otherSeq;
  if (oneSeq === null && otherSeq === null) return one.position - other.position;
  return oneSeq === null ? 1 : -1;
}

function isIdentified({ ids = {} }: ListedPaper): boolean {
  return idKeys(ids).length > 0;
}

function toNewPaper(paper: ListedPaper): MergedPaper {
  const { ids = {}, authors = [] } = paper;
  return {
    ...paper,
    ids,
    authors,
    isWithdrawn: readWithdrawal(paper) ?? false,
    gist: paper.gist ?? null,
    seq: null,
    key: paperKey(paper),
    titleKeys: listTitleKeys(paper.title),
  };
}

function merge(old: MergedPaper, found: ListedPaper): MergedPaper {
  return {
    seq: old.seq,
    key: !isIdentified(old) && isIdentified(found) ? paperKey(found) : old.key,
    ids: { ...found.ids, ...old.ids },
    titleKeys: union(old.titleKeys, listTitleKeys(found.title), maxTitles),
    title: readAnew(old.title, found.title),
    abstract: old.abstract === null ? found.abstract : readAnew(old.abstract, found.abstract),
    gist: old.gist ?? found.gist ?? null,
    authorsCount: old.authorsCount ?? found.authorsCount,
    authors: mergeAuthors(old.authors, found.authors ?? []),
    isWithdrawn: readWithdrawal(found) ?? old.isWithdrawn,
    organization: old.organization ?? found.organization,
    publishedOn: old.publishedOn ?? found.publishedOn,
    comments: larger(old.comments, found.comments),
    upvotes: larger(old.upvotes, found.upvotes),
    links: union(old.links, found.links, maxLinks),
  };
}

/** What was stored with its TeX, and is listed with its letters, becomes letters; any other text stays the first. */
function readAnew(old: string, found: string | null): string {
  return found !== null && readTexText(old) === found ? found : old;
}

function mergeAuthors(old: string[], found: string[]): string[] {
  if (old.length === 0) return found;
  const isSame =
    old.length === found.length && old.every((name, place) => readTexName(name) === found[place]);
  return isSame ? found : old;
}

function union(old: string[], found: string[], limit: number): string[] {
  const all = [...new Set([...old, ...found])];
  return all.slice(0, Math.max(limit, old.length));
}

function larger(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
