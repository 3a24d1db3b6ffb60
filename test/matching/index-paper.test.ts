import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexPaper } from '../../src/matching/index-paper.ts';
import { compilePhrase, findPhrase } from '../../src/matching/query/phrase.ts';
import { splitWords } from '../../src/matching/words/split-words.ts';
import { unifySpelling } from '../../src/text/clean-text.ts';

const find = (phrase: string, title: string, abstract: string | null = null) => {
  const paper = indexPaper({ title, abstract });
  const words = splitWords(unifySpelling(phrase)).map(({ text }) => text);
  return findPhrase(compilePhrase(words), paper.places).map((span) => paper.textOf(span));
};

describe('a phrase in a paper', () => {
  test.each([
    ['fine tuning', 'Fine-Tuning of models', 'Fine-Tuning'],
    ['finetuning', 'Fine-tuning of models', 'Fine-tuning'],
    ['finetuning', 'fine tuned models', 'fine tuned'],
    ['fine-tuning', 'Finetuning models', 'Finetuning'],
    ['fine-tuning', 'ﬁne‑tuning models', 'fine-tuning'],
    ['multi agent', 'a multiagent protocol', 'multiagent'],
    ['mixture of experts', 'Sparse MoE models', 'MoE'],
    ['mixture-of-experts models', 'Sparse MoE models', 'MoE models'],
    ['moe', 'a Mixture-of-Expert layer', 'Mixture-of-Expert'],
    ['language models', 'Serving LLMs', 'LLMs'],
    ['llm', 'large-scale large language models', 'large language models'],
    ['reinforcement learning', 'RL for robots', 'RL'],
    ['rl', 'deep reinforcement learning', 'reinforcement learning'],
    ['kv cache', 'the key-value cache', 'key-value cache'],
    ['key value caches', 'KV cache eviction', 'KV cache'],
    ['peft', 'parameter-efficient finetuning', 'parameter-efficient finetuning'],
    ['text-to-image', 'a text2image model', 'text2image'],
    ['text2image', 'a text-to-image model', 'text-to-image'],
    ['flash attention', 'FlashAttention on GPUs', 'FlashAttention'],
    ['attention', 'FlashAttention on GPUs', 'FlashAttention'],
    ['moe', 'ElasticMoE scales', 'ElasticMoE'],
    ['bench', 'ONEBench compares', 'ONEBench'],
    ['yolo', 'YOLOv13 detects', 'YOLOv13'],
    ['poincare', 'The Poincaré ball', 'Poincaré'],
    ['c++', 'Bugs in C++ programs', 'C++'],
    ['2t parameters', 'Of 1.2T parameters', '1.2T parameters'],
    ['gpt 3', 'What GPT-3.5 knows', 'GPT-3.5'],
    ['gpt 3', 'This is of GPT-3. 5 more are there.', 'GPT-3'],
  ])('"%s" is in "%s"', (phrase, title, found) => {
    expect(find(phrase, title)).toEqual([found]);
  });

  test.each([
    ['image', 'imagine'],
    ['graph', 'graphics and geography'],
    ['rag', 'fragments'],
    ['tuning fine', 'fine tuning'],
    ['language models', 'language and models'],
    ['moe', 'https://github.com/moe/moe'],
    ['mo', 'ElasticMoE'],
  ])('"%s" is not in "%s"', (phrase, title) => {
    expect(find(phrase, title)).toEqual([]);
  });

  test('no phrase runs from the title into the abstract', () => {
    expect(find('graph learning', 'A graph', 'Learning is hard.')).toEqual([]);
  });

  test('the sentence of each place is known, the title being 0', () => {
    const paper = indexPaper({
      title: 'Why? Because.',
      abstract: 'One idea, e.g. Ours. Is it two? "Three" (3.5 times). 4 is last',
    });
    const sentenceOf = (word: string) => {
      const [span] = findPhrase(compilePhrase([word]), paper.places);
      return span && paper.sentenceAt(span.start);
    };
    expect(['because', 'one', 'ours', 'two', 'three', 'times', 'last'].map(sentenceOf)).toEqual([
      0, 1, 1, 2, 3, 3, 4,
    ]);
  });

  test('sentences about experiments are told from the others', () => {
    const paper = indexPaper({
      title: 'Experiments',
      abstract:
        'We present a sampler. Experiments on three datasets confirm it. It outperforms all baselines.',
    });
    expect([0, 1, 2, 3].map((sentence) => paper.reportsResults(sentence))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  test('no text is too strange to be indexed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.option(fc.string({ unit: 'binary' })),
        (title, abstract) => {
          const paper = indexPaper({ title, abstract });
          for (const spans of paper.places.values()) {
            for (const span of spans) expect(paper.textOf(span)).not.toBe('');
          }
        },
      ),
    );
  });

  test('a title is found by its own words, whatever the case', () => {
    const word = fc.stringMatching(/^[a-z]{2,9}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(' ', '-', ' – ', '\u00a0'),
        (words, gap) => {
          const title = words.join(gap);
          expect(find(words.join(' '), title.toUpperCase())).toContain(unifySpelling(title.toUpperCase()));
        },
      ),
    );
  });
});
