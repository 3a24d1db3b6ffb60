import { describe, expect, test } from 'vitest';
import { indexNeeded, indexPaper, needStems } from '../../src/matching/index-paper.ts';
import { listStems, parseQuery } from '../../src/matching/query/query.ts';
import { findQueryHint } from '../../src/matching/query/query-hints.ts';
import { joinAlternatives, readCommaList } from '../../src/matching/query/query-list.ts';
import { matchQuery } from '../../src/matching/query/query-matcher.ts';
import { indexWords } from '../../src/matching/words/word-index.ts';
import {
  listWordNumbers,
  toWordCondition,
  type WordCondition,
} from '../../src/matching/words/word-numbers.ts';
import { measureProcessorTime } from '../support/processor-time.ts';

const readQuery = (text: string) => {
  const parsed = parseQuery(text);
  if (parsed.type === 'invalid') throw new Error(parsed.reason);
  return parsed.query;
};
const paper = (title: string, abstract = '', authors: string[] = []) => ({ title, abstract, authors });

/** By the matcher; the two prefilters and the index of few words must let the same through. */
function isFound(text: string, asked: ReturnType<typeof paper>): boolean {
  const query = readQuery(text);
  const indexed = indexPaper(asked);
  const found = matchQuery(query, indexed) !== null;
  const few = indexNeeded(asked, needStems(listStems(query.root)));
  expect(matchQuery(query, few) !== null).toBe(found);
  if (found) {
    expect(indexWords([indexed]).findCandidates(query.root)).toEqual([0]);
    expect(answers(toWordCondition(query.root), new Set(listWordNumbers(indexed)))).toBe(true);
  }
  return found;
}

test.each([
  '"Kowalski, L"',
  '"Lukasz Kowalski"',
  '"Łukasz Kowalski"',
  'Norgaard',
  'noergaard',
  'Nørgaard',
  'Schoelkopf',
])('au:%s finds the author, with marks on letters or without', (asked) => {
  const authors = ['Łukasz Kowalski', 'Émilie Nørgaard', 'Bernhard Schölkopf'];
  expect(isFound(`au:${asked}`, paper('Bees', '', authors))).toBe(true);
  expect(isFound(`au:${asked}`, paper('Bees', '', ['Ada Kowal']))).toBe(false);
});

function answers(condition: WordCondition, words: ReadonlySet<number>): boolean {
  if (condition.type === 'some') return condition.of.some((word) => words.has(word));
  if (condition.type === 'none') return !condition.of.some((word) => words.has(word));
  const held = condition.conditions.map((one) => answers(one, words));
  return condition.type === 'all' ? held.every(Boolean) : held.some(Boolean);
}

describe('Greek letters and their names are one', () => {
  const spellings = ['π0', 'π_0', 'π₀', '$\\pi_0$', 'pi0', 'π_{0}', '𝜋_0', 'pi_0'];
  test.each(spellings)('%s', (written) => {
    for (const asked of spellings) {
      expect([asked, isFound(asked, paper(`Folding With ${written} Once`))]).toEqual([asked, true]);
    }
    expect(isFound('π', paper(`Folding With ${written}`))).toBe(true);
    expect(isFound('π1', paper(`Folding With ${written}`))).toBe(false);
  });

  test.each([
    'τ-bench',
    '$\\tau$-bench',
    'tau-bench',
    'Tau Bench',
    'τ^2-Bench',
    'τ²-bench',
    'tau2-bench',
    '$\\tau^{2}$-Bench',
  ])('tau-bench and τ-bench find %s', (written) => {
    for (const asked of ['tau-bench', 'τ-bench', '"tau bench"']) {
      expect([asked, isFound(asked, paper('Clerks', `We run it on ${written}, twice.`))]).toEqual([
        asked,
        true,
      ]);
    }
  });

  test.each([
    ['tau2-bench', 'Clerks on τ^2-Bench: What Agents Promise', true],
    ['τ²-bench', 'Clerks on tau2-bench', true],
    ['tau2-bench', 'Clerks on tau-bench', false],
    ['pi0.5', 'Folding Letters With π_{0.5}', true],
    ['π_{0.5}', 'Folding Letters With pi0.5', true],
    ['beta-vae', 'A β-VAE of Letters', true],
    ['β-VAE', 'A Beta-VAE', true],
    ['sigma-mem', 'Σ-Mem: A Memory', true],
    ['lambda', 'On Λ and Its Kin', true],
    ['\\varepsilon-greedy', 'An ϵ-Greedy Choice', true],
    ['alpha-beta', 'An α-β Search', true],
    ['λόγος', 'The Word λόγος', true],
    ['lambda', 'The Word λόγος', false],
  ])('%s in "%s": %s', (asked, title, expected) => {
    expect(isFound(asked, paper(title))).toBe(expected);
  });

  test('a letter is shown as the paper writes it', () => {
    expect(matchQuery(readQuery('pi0'), indexPaper(paper('Folding With $\\pi_0$')))?.because).toEqual(['π0']);
  });

  test.each([
    ['pi0', 'Folding With {\\pi}_0', 'π0'],
    ['pi0', 'Folding With $\\boldsymbol{\\pi}_0^*$', 'π0'],
    ['pi0', 'Folding With $\\pi$_{0}', 'π0'],
    ['epsilon nets', 'On $\\varepsilon$-Nets', 'ε-nets'],
    ['"price of kites"', 'The $5 to $10 Price of Kites', 'price of kites'],
  ])('%s in "%s" is shown without what encloses mathematics', (asked, title, shown) => {
    expect(matchQuery(readQuery(asked), indexPaper(paper(title)))?.because).toEqual([shown]);
  });
});

describe('fields as arXiv writes them', () => {
  const folding = paper('Folding Letters by Robot', 'A gripper folds a wet letter.', [
    'Yann LeCun',
    'A. de la Cruz',
    'Žofia Nováková',
  ]);

  test.each([
    ['ti:folding', true],
    ['ti:gripper', false],
    ['abs:gripper', true],
    ['abs:robot', false],
    ['all:gripper', true],
    ['title:robot abstract:gripper', true],
    ['ti:"letters by robot"', true],
    ['ti:"wet letter"', false],
    ['ti:(gripper OR robot)', true],
    ['ti:(gripper OR kite)', false],
    ['robot -ti:gripper', true],
    ['robot -abs:gripper', false],
    ['ti:robot ANDNOT abs:gripper', false],
    ['au:lecun', true],
    ['au:LeCun_Y', true],
    ['au:"Yann LeCun"', true],
    ['au:"LeCun, Y."', true],
    ['au: LeCun', true],
    ['au:"Yann Cruz"', false],
    ['au:"Yannis LeCun"', false],
    ['au:"Zoe LeCun"', false],
    ['au:"Alberto de la Cruz"', true],
    ['au:"Bert de la Cruz"', false],
    ['au:novakova', true],
    ['au:lecun ti:robot', true],
    ['au:lecun abs:robot', false],
    ['au:robot', false],
    ['lecun', false],
    ['robot -au:cruz', false],
    ['au: Yann LeCun', true],
    ['au:Yann LeCun', true],
    ['author: LeCun, Yann', true],
    ['au:Y. LeCun AND ti:robot', true],
    ['au: Yann LeCun AND ti:gripper', false],
    ['au: Yann LeCun robot', true],
    ['au:Alberto de la Cruz OR ti:kite', true],
    ['au:de la Cruz', true],
    ['au: Yann LeCun and Žofia Nováková', true],
    ['authors: Yann LeCun, Ada Lovelace', false],
    ['au: Zoe LeCun', false],
    ['robot -au: Yann LeCun', false],
    ['robot NOT au:Ada LeCun', true],
    ['au:lecun robot', true],
    ['au:yann lecun', false],
  ])('%s: %s', (asked, expected) => {
    expect(isFound(asked, folding)).toBe(expected);
    expect(readQuery(readQuery(asked).text)).toEqual(readQuery(asked));
  });

  test('an author is shown by name', () => {
    expect(matchQuery(readQuery('au:lecun'), indexPaper(folding))?.because).toEqual(['Yann LeCun']);
  });

  test.each([
    ['cat:cs.LG', /cat:.*ti: \(title\).*au: \(author\).*follow a topic/],
    ['robots cat:cs.RO', /cat:/],
    ['id:2401.12345', /id:/],
    ['cs.CL', /cs\.CL.*follow a topic/],
    ['video AND cat:cs.CV', /cat:/],
    ['ti:', /ti: needs a word/],
    ['robots au:', /au: needs a word/],
    ['ti: OR robots', /ti: needs a word/],
  ])('%s is explained', (asked, reason) => {
    const parsed = parseQuery(asked);
    expect(parsed.type === 'invalid' ? parsed.reason : parsed).toMatch(reason);
  });
});

describe('behind an author’s name without quotation marks', () => {
  test.each([
    ['au:LeCun Diffusion Models', 'au:lecun diffusion models'],
    ['au:Hinton Capsule Networks', 'au:hinton capsule networks'],
    ['au:Kaiming He ResNet', 'au:"kaiming he" resnet'],
    ['au:Hinton Deep Learning', 'au:hinton deep learning'],
    ['au:Edward Hu LoRA', 'au:"edward hu" lora'],
    ['au:Goodfellow GAN', 'au:goodfellow gan'],
    ['au:Vaswani Attention Is All You Need', 'au:vaswani attention is all you need'],
    ['au:Yann LeCun World Models AND ti:video', 'au:"yann lecun" world models ti:video'],
    ['au:de la Cruz Diffusion', 'au:"de la cruz" diffusion'],
    ['au:LeCun, Yann Diffusion Models', 'au:"lecun yann" diffusion models'],
    ['au:LeCun, Diffusion Models', 'au:lecun diffusion models'],
    ['au:LeCun and Diffusion Models', 'au:lecun and diffusion models'],
    ['au:Ada Lovelace, Geoffrey Hinton Capsules', 'au:"ada lovelace" au:"geoffrey hinton" capsules'],
    ['(au:LeCun Energy Models) OR au:Hinton', 'au:lecun energy models OR au:hinton'],
    ['-au:LeCun Diffusion', 'diffusion -au:lecun'],
    ['au:LeCun Diffusionsmodelle', 'au:lecun diffusionsmodelle'],
    ['au:LeCun 扩散模型', 'au:lecun 扩散模型'],
    ['au:何恺明 扩散模型', 'au:何恺明 扩散模型'],
  ])('words of titles are words: %s', (typed, text) => {
    expect(readQuery(typed).text).toBe(text);
    expect(readQuery(text)).toEqual(readQuery(typed));
  });

  test.each([
    ['Yann LeCun', 'yann lecun'],
    ['LeCun, Yann', 'lecun yann'],
    ['Juan Carlos Niebles', 'juan carlos niebles'],
    ['Laurens van der Maaten', 'laurens van der maaten'],
    ['Li Fei-Fei', 'li fei fei'],
    ['Ho, J.', 'ho j'],
    ['Y. LeCun', 'y lecun'],
    ['Kaiming He', 'kaiming he'],
    ['Song Han', 'song han'],
    ['Bo Li', 'bo li'],
    ['Le Cun', 'le cun'],
    ['Mingsheng Long', 'mingsheng long'],
    ['Jiaxuan You', 'jiaxuan you'],
    ['Michael Black', 'michael black'],
    ['Ming-Wei Chang', 'ming wei chang'],
    ['Moritz Hardt', 'moritz hardt'],
    ['Akash Deep', 'akash deep'],
    ['Zhe Gan', 'zhe gan'],
    ['ZHE GAN', 'zhe gan'],
    ['LeCun YL', 'lecun yl'],
    ['Andrew McCallum', 'andrew mccallum'],
    ['YongJae Lee', 'yongjae lee'],
    ['Qwen Team', 'qwen team'],
    ['Gemini Robotics Team', 'gemini robotics team'],
  ])('but a name is a name: %s', (typed, name) => {
    for (const more of ['', ' AND ti:video', ' OR ti:video'])
      expect(readQuery(`au:${typed}${more}`)).toEqual(readQuery(`au:"${name}"${more}`));
  });
});

describe('a hint says what to write', () => {
  const hintOf = (typed: string) => findQueryHint(typed, readQuery(typed))?.any ?? null;
  test.each([
    ['au:yann lecun', 'au:"yann lecun"'],
    ['ti: video generation', 'ti:"video generation"'],
    ['robots abs:kv cache', 'robots abs:"kv cache"'],
    ['ti:video generation AND au:lecun', 'ti:"video generation" AND au:lecun'],
    ['agents, kv cache', 'agents OR "kv cache"'],
    ['au:LeCun Diffusion Models', 'au:"LeCun Diffusion Models"'],
    ['(au:LeCun Energy Models) OR kites', '(au:"LeCun Energy Models") OR kites'],
    ['video -au:LeCun Diffusion', 'video -au:"LeCun Diffusion"'],
    ['au:LeCun, Diffusion Models', 'au:LeCun OR "Diffusion Models"'],
    ['au:LeCun 扩散模型', 'au:"LeCun 扩散模型"'],
    ['au:Juan Carlos Niebles', 'au:"Juan" Carlos Niebles'],
    ['au:Hinton Hopfield Automata AND ti:video', 'au:"Hinton" Hopfield Automata AND ti:video'],
    ['au:G. van der Maaten Hopfield Automata', 'au:"G. van der Maaten" Hopfield Automata'],
    ['au:Ada Lovelace, Hinton Hopfield Automata', 'au:"Ada Lovelace" au:"Hinton" Hopfield Automata'],
    ['au:Kaiming He ResNet', 'au:"Kaiming" He ResNet'],
    ['au:Hinton XAI', 'au:"Hinton" XAI'],
  ])('in place of %s: %s', (typed, any) => {
    expect(hintOf(typed)).toBe(any);
    expect(parseQuery(any).type).toBe('query');
    expect(hintOf(any)).toBeNull();
  });

  test.each([
    'au: Yann LeCun',
    'authors: Yann LeCun, Geoffrey Hinton',
    'au:LeCun_Y',
    'au:Laurens van der Maaten',
    'au:J. Schmidhuber',
    'au:Allen Robotics Team',
    '-au:LeCun Diffusion',
    'ti:video AND generation',
    'ti:video OR generation',
    'ti:video -survey',
    'ti:"video generation" models',
    'ti:(video generation) models',
    'ti:video au:lecun',
    'video generation',
  ])('but not for %s', (typed) => expect(hintOf(typed)).toBeNull());

  test('and costs no time', async () => {
    const parse = () => {
      for (const part of ['au:A ', 'A, B and ', 'ti:a ', 'van ', "au:A' "])
        parseQuery(`au:${part.repeat(60)}`, { characters: 1000, words: 20 });
    };
    expect(await measureProcessorTime(parse)).toBeLessThan(1000);
  });
});

describe('a list with commas in one query', () => {
  const partsOf = (typed: string) => readCommaList(typed, readQuery(typed));
  test.each([
    ['agents, kv cache, quantization', 'agents OR "kv cache" OR quantization'],
    ['robots; "world model"', 'robots OR "world model"'],
    ['robots、agents，games', 'robots OR agents OR games'],
    ['ti:robots, au:lecun', 'ti:robots OR au:lecun'],
  ])('%s: did you mean %s?', (typed, any) => {
    expect(joinAlternatives(partsOf(typed) ?? [])).toBe(any);
    expect(parseQuery(any).type).toBe('query');
  });

  test.each([
    'kv cache',
    '"a, b and c" robots',
    'graph, OR, learning',
    'robots,',
    'robots, and',
    'au:"LeCun, Y"',
    'robots -games, chess',
  ])('%s is none', (typed) => expect(partsOf(typed)).toBeNull());
});

test('names that are left out are left out one by one', () => {
  for (const sign of ['-', 'NOT ', 'AND NOT '])
    expect(parseQuery(`video ${sign}au: Ada Lovelace, Grace Hopper`)).toMatchObject({
      query: { text: 'video -au:"ada lovelace" -au:"grace hopper"' },
    });
});
