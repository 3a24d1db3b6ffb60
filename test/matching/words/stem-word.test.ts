import { describe, expect, test } from 'vitest';
import { stemWord } from '../../../src/matching/words/stem-word.ts';

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
    ['pretraining', 'pretrain', 'pretrains'],
    ['modelling', 'modeling', 'model'],
    ['llm', 'llms'],
    ['gpu', 'gpus'],
    ['moe', 'moes'],
    ['gnn', 'gnns'],
    ['transformer', 'transformers'],
  ])('%s is one with its other forms', (...forms) => {
    expect(new Set(forms.map(stemWord)).size).toBe(1);
  });

  test.each([
    ['transformer', 'transform'],
    ['distribution', 'distributed'],
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
  ])('%s and %s are different words', (one, other) => {
    expect(stemWord(one)).not.toBe(stemWord(other));
  });
});
