import { describe, expect, test } from 'vitest';
import { stemAsOne, stemWord } from '../../../src/matching/words/stem-word.ts';

describe('the stem of a word', () => {
  test.each([
    ['train', 'trains', 'trained', 'training'],
    ['quantize', 'quantized', 'quantization', 'quantisation'],
    ['optimize', 'optimizer', 'optimisers', 'optimisation'],
    ['agent', 'agents', 'agentic'],
    ['recommender', 'recommendation', 'recommendations'],
    ['consistent', 'consistency'],
    ['analysis', 'analyses', 'analyze', 'analysing'],
    ['recognition', 'recognize', 'recognised'],
    ['behaviour', 'behavior', 'behaviors'],
    ['centre', 'center', 'centres'],
    ['pretraining', 'pretrain', 'pretrains'],
    ['modelling', 'modeling', 'model'],
    ['llm', 'llms'],
    ['gpu', 'gpus'],
    ['moe', 'moes'],
    ['gnn', 'gnns'],
    ['defence', 'defense', 'defences'],
    ['explainability', 'explainable'],
    ['transformer', 'transformers'],
  ])('%s is one with its other forms', (...forms) => {
    expect(new Set(forms.map(stemWord)).size).toBe(1);
  });

  test.each([
    ['transformer', 'transform'],
    ['distribution', 'distributed'],
    ['recommender', 'recommend'],
    ['objective', 'object'],
    ['generative', 'general'],
    ['generalization', 'general'],
    ['optimal', 'optimization'],
    ['accelerator', 'accelerate'],
    ['adapter', 'adaptation'],
    ['adaptive', 'adaptation'],
    ['pretrained', 'pretraining'],
    ['experience', 'experiment'],
    ['relative', 'relation'],
    ['reasoning', 'reason'],
    ['important', 'import'],
    ['clustering', 'cluster'],
    ['supervised', 'superb'],
    ['class', 'clas'],
    ['accessibility', 'accessible'],
    ['observability', 'observe'],
    ['employment', 'employ'],
    ['modulation', 'module'],
    ['trading', 'trade'],
    ['interpretability', 'interpreter'],
    ['personal', 'person'],
  ])('%s and %s are different words', (one, other) => {
    expect(stemWord(one)).not.toBe(stemWord(other));
  });

  test('two words have one together, unless the second would pass for an ending of the first', () => {
    expect(stemAsOne('fine', 'tuning')).toBe(stemWord('finetuned'));
    expect(stemAsOne('re', 'ranking')).toBe(stemWord('reranker'));
    expect(stemAsOne('reasoning', 'ability')).toBe('');
  });
});
