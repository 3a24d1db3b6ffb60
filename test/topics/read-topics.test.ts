import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/platform/errors.ts';
import { defaultThreshold, parseTopics } from '../../src/topics/read-topics.ts';

const topic = `
- id: graph-learning
  name: Graph learning
  description: 'Learning on graphs: nodes and links'
  strong:
    - graph-neural-network OR gnn
`;

const messageFor = (yaml: string) => {
  try {
    parseTopics(yaml, 'seeds/topics.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : '';
  }
  return 'no error';
};

describe('the topics file', () => {
  test('a topic is read with its defaults', () => {
    const [read, ...others] = parseTopics(topic, 'topics.yaml');
    expect(others).toEqual([]);
    expect(read).toMatchObject({
      id: 'graph-learning',
      name: 'Graph learning',
      description: 'Learning on graphs: nodes and links',
      strong: [{ text: 'graph-neural-network OR gnn' }],
      hints: [],
      titles: [],
      against: [],
      needs: [],
      threshold: defaultThreshold,
    });
  });

  test('a topic is read with everything that it may have', () => {
    const full = `${topic}  hints: [node, "\\"random walk\\""]\n  titles: [links]\n  against: [bar-graph]\n  needs: [graph]\n  threshold: 2.5\n`;
    expect(parseTopics(full, 'topics.yaml')[0]).toMatchObject({
      hints: [{ text: 'node' }, { text: '"random walk"' }],
      titles: [{ text: 'links' }],
      against: [{ text: 'bar-graph' }],
      needs: [{ text: 'graph' }],
      threshold: 2.5,
    });
  });

  test.each([
    ['', 'line 1: expected a list of topics'],
    ['topics: none', 'line 1: expected a list of topics'],
    [
      topic.replace("'Learning on graphs: nodes and links'", 'Graphs.'),
      'line 4: the description "Graphs." must be a sentence, of 3 words at least: what is the topic about?',
    ],
    [`${topic}  group: life\n`, 'line 2: graph-learning: there is no group "life"'],
    [`${topic}  names: { it: Grafi }\n`, 'line 7: "names": there is no language "it"; there are en, de'],
    [`${topic}  names: [Graphen]\n`, 'line 7: "names" must have a line for each language'],
    [`${topic}  names: { de: 3 }\n`, 'line 7: "names.de" has an empty line, or one that is no text'],
    [`${topic}  examples: One Title\n`, 'line 7: "examples" must be a list'],
    [`${topic}  examples: [One Title, '']\n`, 'line 7: "examples" has an empty line'],
    [`${topic}  phrases: ['kv "cache']\n`, 'line 7: "phrases": A quotation mark is never closed'],
    [
      `${topic}  replaces: [graph-learning]\n`,
      'line 2: graph-learning: it replaces graph-learning, which is still',
    ],
    ['groups: [{ id: a, name: A }, { id: a, name: B }]\ntopics: []', 'line 1: the id a is there already'],
    ['groups: [{ id: a }]\ntopics: []', 'line 1: the group has no "name"'],
    ['groups: [{ id: a, name: A }]', 'line 1: the file has no "topics"'],
    ['topics: []\nsubjects: []', 'line 2: unknown key "subjects"; the file has topics, groups'],
    ['- just text', 'line 1: expected a topic, which starts with "- id: ..."'],
    [`${topic}  weight: 3\n`, 'line 7: unknown key "weight"; a topic has id, name,'],
    [topic.replace('  name: Graph learning\n', ''), 'line 2: the topic has no "name"'],
    [topic.replace('Graph learning', '""'), 'line 3: "name" is empty'],
    [
      topic.replace("'Learning on graphs: nodes and links'", '42'),
      'line 4: "description" is empty or not a text',
    ],
    [
      topic.replace("'Learning on graphs: nodes and links'", '|\n    one\n    two'),
      'line 4: "description" must be one line',
    ],
    [
      topic.replace('graph-learning', 'Graph_Learning'),
      'line 2: the id "Graph_Learning" must be small letters',
    ],
    [topic.replace('graph-learning', '-'), 'line 2: '],
    [`${topic}${topic}`, 'line 8: the id graph-learning is there already'],
    [topic.replace('    - graph-neural-network OR gnn\n', ''), 'line 5: "strong" must be a list'],
    [
      topic.replace('\n    - graph-neural-network OR gnn', ' []'),
      'line 5: graph-learning: "phrases" needs at least one',
    ],
    [topic.replace('OR gnn', 'OR'), 'line 6: "strong": OR needs something to look for'],
    [topic.replace('OR gnn', '(gnn'), 'line 6: "strong": There is a ( that is never closed'],
    [`${topic}    - -gnn\n`, 'line 7: "strong": The query only says what to leave out'],
    [`${topic}    -\n`, 'line 7: "strong": The query is empty'],
    [`${topic}    - a: b\n`, 'line 7: "strong": The query is empty'],
    [`${topic}  titles: [nodes, OR]\n`, 'line 7: "titles": OR needs something to look for'],
    [`${topic}  threshold: many\n`, 'line 7: "threshold" must be a number above 0'],
    [`${topic}  threshold: 0\n`, 'line 7: "threshold" must be a number above 0'],
    [`${topic}  name: Twice\n`, 'line 7: Map keys must be unique'],
    [`${topic}  hints: [unclosed\n`, 'line '],
    [`${topic}\tname: tab\n`, 'line 7: '],
  ])('a mistake is told with its line (%#)', (yaml, message) => {
    expect(messageFor(yaml)).toContain(`seeds/topics.yaml, ${message}`);
  });
});
