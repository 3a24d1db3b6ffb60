// Papers for reference managers.
import { expect, test } from 'vitest';
import type { Paper } from '../../src/papers/paper.ts';
import { writeBibtex } from '../../src/papers/write-bibtex.ts';
import { writeRis } from '../../src/papers/write-ris.ts';

const paper: Paper = {
  seq: 7,
  key: 'arxiv:2512.00001',
  ids: { arxiv: '2512.00001' },
  title: 'SGD & 50\\% of β_2: Schrödinger’s {Cats}',
  abstract: null,
  authors: ['Łukasz Müller', 'Laurens van der Maaten', 'Gemini Team', 'Ada and Grace', 'Martin King Jr.'],
  authorsCount: 5,
  organization: null,
  publishedOn: '2025-12-11',
  comments: null,
  upvotes: null,
  links: [],
  firstListedOn: '2025-12-12',
};
const pageOf = ({ seq }: Paper) => `https://papers.example.org/paper/${seq}`;

test('BibTeX has what LaTeX takes for commands escaped, letters as commands, and names that stay whole', () => {
  expect(writeBibtex([paper], pageOf)).toMatchInlineSnapshot(`
    "@misc{sgd-50-of-7,
      title = {{SGD \\& 50\\% of {$\\beta$}\\_2: Schr{\\"o}dinger's Cats}},
      author = {{\\L}ukasz M{\\"u}ller and Laurens van der Maaten and {Gemini Team} and {Ada and Grace} and King, Jr., Martin},
      year = {2025},
      month = {12},
      eprint = {2512.00001},
      archiveprefix = {arXiv},
      url = {https://arxiv.org/abs/2512.00001},
    }
    "
  `);
});

test('RIS has a family name first', () => {
  expect(writeRis([paper], pageOf)).toMatchInlineSnapshot(`
    "TY  - UNPB
    ID  - sgd-50-of-7
    TI  - SGD & 50% of β_2: Schrödinger’s Cats
    AU  - Müller, Łukasz
    AU  - van der Maaten, Laurens
    AU  - Gemini Team
    AU  - Ada and Grace
    AU  - King, Martin, Jr.
    PY  - 2025
    DA  - 2025/12/11
    AN  - arXiv:2512.00001
    UR  - https://arxiv.org/abs/2512.00001
    ER  - 

    "
  `);
});

test('a key is of what never changes, and no two papers share one', () => {
  const keyOf = (one: Paper) => /@misc\{(.*),/.exec(writeBibtex([one], pageOf))?.[1];
  expect(keyOf({ ...paper, authors: [], publishedOn: null, ids: {} })).toBe(keyOf(paper));
  expect(keyOf({ ...paper, seq: 8 })).not.toBe(keyOf(paper));
  expect(keyOf({ ...paper, title: '注意力' })).toBe('paper-7');
});

test('nothing in a paper ends its record early', () => {
  const hostile = {
    ...paper,
    title: '}\n@book{x, title={\\input{/etc/passwd}',
    authors: ['A\r\nER  - \r\nTY  - BOOK', '}, }'],
    abstract: 'a\nER  - ',
    ids: { doi: '10.1/a}b\\c' },
  };
  const bibtex = writeBibtex([hostile], pageOf);
  expect(bibtex.match(/^@/gm)).toHaveLength(1);
  expect(bibtex).toContain('doi = {10.1/a%7Db%5Cc}');
  const depth = bibtex.split('').reduce((d, c) => d + (c === '{' ? 1 : c === '}' ? -1 : 0), 0);
  expect(depth).toBe(0);
  expect(writeRis([hostile], pageOf).match(/^ER {2}- /gm)).toHaveLength(1);
});
