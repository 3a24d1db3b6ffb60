// Queries as the paper that their reader could have written about what they follow.
import { expect, test } from 'vitest';
import { describeQueries } from '../../src/digests/interests.ts';

test.each<[string, string[], string | null]>([
  ['words and phrases, each once', ['"kv cache" moe', 'moe OR routing'], 'kv cache. moe. routing'],
  ['nothing that is excluded', ['diffusion -video -(image OR "3d scene")'], 'diffusion'],
  [
    'no field, and no author',
    ['ti:"graph transformer" au:Lovelace', 'abs:proof'],
    'graph transformer. proof',
  ],
  ['alternatives within', ['llm (agent OR "tool use")'], 'llm. agent. tool use'],
  ['no word that need not be there', ['fine tuning of models'], 'fine. tuning. models'],
  ['nothing of what is no query', ['"open'], null],
  ['nothing of authors alone', ['au:"Ada Lovelace"'], null],
])('it has %s', (_, queries, text) => {
  expect(describeQueries(queries)).toEqual(text === null ? null : { title: text, abstract: null });
});
