import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readPapers } from '../../bench/eval-papers.ts';
import { parseTopicsFile } from '../../src/topics/read-topics.ts';
import { compileTopics } from '../../src/topics/topic-matcher.ts';

const papers = readPapers('bench/eval-starters.yaml');

test.each(['biology-medicine', 'physics-mathematics'])(
  'the starter for %s finds its papers, and no others',
  (name) => {
    const file = `seeds/topics-${name}.yaml`;
    const { topics, groups } = parseTopicsFile(readFileSync(file, 'utf8'), file);
    const own = new Set(topics.map(({ id }) => id));
    for (const { id, group, names } of topics) {
      expect(groups.map((one) => one.id)).toContain(group);
      expect([id, Object.keys(names).sort()]).toEqual([id, ['de', 'es', 'fr', 'ja', 'zh']]);
    }
    const { assign } = compileTopics(topics, papers);
    for (const paper of papers) {
      const wanted = paper.topics.filter((id) => own.has(id));
      const given = assign(paper).map(({ id }) => id);
      expect([paper.title, given]).toEqual([paper.title, expect.arrayContaining(wanted)]);
      if (wanted.length === 0) expect([paper.title, given]).toEqual([paper.title, []]);
    }
  },
);
