// The kinds of sources that there are, and which of them `SOURCES` chooses. A new kind is a line here.
import { arxiv } from './arxiv/source.ts';
import { biorxiv, medrxiv } from './biorxiv/source.ts';
import { feed } from './feed/source.ts';
import { folder } from './folder/source.ts';
import { hf } from './hf/source.ts';
import type { SourceKind, SourceVariable } from './kind.ts';
import { openreview } from './openreview/source.ts';

export const sourceKinds: readonly SourceKind[] = [hf, arxiv, biorxiv, medrxiv, openreview, feed, folder];

/** All variables of all kinds. */
export const sourceVariables: Record<string, SourceVariable> = Object.assign(
  {},
  ...sourceKinds.map(({ variables }) => variables),
);

/** A source that somebody chose: its kind, and the setting as `readSetting` gives it. */
export type ChosenSource = { kind: string; setting: string };

const choosable = sourceKinds.filter(({ chosenBy }) => chosenBy === 'SOURCES');

/** As in `SOURCES`, to show what can be written there. */
export const sourceExamples = choosable.map(({ example }) => example);

/** Throws for one that is not in the table. */
export function getSourceKind(id: string): SourceKind {
  const kind = findSourceKind(id);
  if (kind === undefined) throw new Error(`there is no kind of source called ${id}`);
  return kind;
}

function findSourceKind(id: string): SourceKind | undefined {
  return sourceKinds.find((kind) => kind.id === id);
}

function idOfChosen({ kind, setting }: ChosenSource): string {
  return getSourceKind(kind).idOf(setting);
}

/** One item of `SOURCES`, or what is wrong with it, to be read behind the variable's name. */
export function readChosenSource(item: string): ChosenSource | string {
  const [id = '', ...rest] = item.split(':');
  const kind = choosable.find((candidate) => candidate.id === id);
  if (kind === undefined)
    return `has “${item.slice(0, 40)}”, where ${choosable.map((known) => known.id).join(', ')} are known`;
  const read = kind.readSetting(rest.length === 0 ? null : rest.join(':').trim());
  return read.type === 'refused' ? read.problem : { kind: id, setting: read.setting };
}

/** `hf,arxiv:cs.LG+cs.DC`: what is chosen, or what is wrong with it. */
export function readChosenSources(text: string): ChosenSource[] | string {
  const chosen: ChosenSource[] = [];
  for (const item of text.split(',').map((part) => part.trim())) {
    const source = readChosenSource(item);
    if (typeof source === 'string') return source;
    if (chosen.some((other) => idOfChosen(other) === idOfChosen(source)))
      return `has “${item.slice(0, 40)}”, where ${idOfChosen(source)} is chosen already`;
    chosen.push(source);
  }
  return chosen;
}

/** What readers know a source by; null for the operator's own papers. An unknown one is called by its id. */
export function nameSourceForReaders(id: string): string | null {
  const [kind = ''] = id.split(':');
  const known = findSourceKind(kind);
  return known === undefined ? id : known.nameForReaders(id);
}
