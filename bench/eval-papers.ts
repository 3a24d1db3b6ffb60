// The labelled papers that the topics are judged on.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { MatchablePaper } from '../src/matching/match.ts';

export type LabelledPaper = MatchablePaper & { topics: string[] };

const label = z.strictObject({ title: z.string(), topics: z.array(z.string()) });
const paper = label.extend({ abstract: z.string() });

/** Papers that a file holds in full. */
export function readPapers(file: string): LabelledPaper[] {
  return z.array(paper).parse(parse(readFileSync(file, 'utf8')));
}

/** The papers of a listing, with labels from a file that names each by the start of its title, in order. */
export function readListedPapers(listingFile: string, labelsFile: string): LabelledPaper[] {
  const labels = z.array(label).parse(parse(readFileSync(labelsFile, 'utf8')));
  const lines = readFileSync(listingFile, 'utf8').split(/\r?\n/);
  const starts = labels.map(({ title }) => {
    const line = lines.findIndex((text) => text.startsWith(title));
    if (line < 0) throw new Error(`${labelsFile}: no paper of ${listingFile} starts with "${title}"`);
    return line;
  });
  return labels.map(({ topics }, i) => {
    const start = starts[i] ?? 0;
    const card = lines.slice(start + 1, starts[i + 1]).filter((text) => text.trim() !== '');
    const meta = card.findIndex((text) => /^\s*[•·]|^(\S+) \1$/.test(text));
    return {
      title: lines[start] ?? '',
      abstract: card.slice(0, meta < 0 ? undefined : meta).join(' '),
      topics,
    };
  });
}
