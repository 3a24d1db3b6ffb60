// A topic as its author fills it in: the same as in the file, there and back.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findDraft, readDraft, type TopicDraft, writeDraft } from '../../src/topics/draft.ts';
import { parseTopics, parseTopicsFile } from '../../src/topics/read-topics.ts';

const kites: TopicDraft = {
  id: 'kites',
  name: 'Kites: a matter of #wind',
  group: '',
  description: 'Kites, their tails and strings, and the wind that lifts them.',
  phrases: ['kite', 'tail string', '"wind tunnel" OR wind-tunnels', 'yes'],
  examples: ['- How a Kite Climbs: Notes', '"Quoted" from the Start'],
  further: 'hints:\n  - wind\nthreshold: 4',
};

test('a draft is written as the file has topics, and read as the file is', () => {
  const read = readDraft(kites, []);
  expect(read).toMatchObject({ type: 'topic', topic: { id: 'kites', name: kites.name, threshold: 4 } });
  const [topic] = parseTopics(writeDraft(kites), 'mine.yaml');
  expect(read).toEqual({ type: 'topic', topic });
  expect(topic?.examples).toEqual(kites.examples);
  expect(topic?.hints).toHaveLength(1);
});

test('topics of a file become drafts and the same topics again, rules, names and group as they were', () => {
  const yaml = readFileSync('seeds/topics.yaml', 'utf8');
  const { topics, groups } = parseTopicsFile(yaml, 'topics.yaml');
  const ids = groups.map(({ id }) => id);
  const some = topics.filter((_, place) => place % 24 === 0);
  expect(some.length).toBeGreaterThan(2);
  for (const topic of some) {
    const draft = findDraft(yaml, topic.id);
    expect(draft && readDraft(draft, ids)).toEqual({ type: 'topic', topic });
  }
  expect(findDraft(yaml, 'nothing')).toBeNull();
  expect(findDraft('{', 'nothing')).toBeNull();
});

describe('what is wrong with it is said without a line of a file that nobody has', () => {
  test.each([
    [{ id: 'Kites!' }, 'the id "Kites!" must be small letters'],
    [{ description: 'Kites' }, 'the description "Kites" must be a sentence'],
    [{ phrases: [] }, 'kites: "phrases" needs at least one line'],
    [{ phrases: ['"half'] }, '"phrases": '],
    [{ group: 'nowhere' }, 'kites: there is no group "nowhere"; the groups are machines'],
    [{ further: 'colour: red' }, 'unknown key "colour"'],
    [{ further: 'name: Twice' }, 'Map keys must be unique'],
    [{ further: '- id: other' }, ''],
  ])('%j', (change, reason) => {
    const read = readDraft({ ...kites, ...change }, ['machines']);
    expect(read).toEqual({ type: 'refused', reason: expect.not.stringMatching(/line \d/) });
    expect(read.type === 'refused' && read.reason.startsWith(reason)).toBe(true);
  });
});
