// Damaged texts as readers see them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mendText } from '../../src/text/mend-text.ts';
import { measureProcessorTime } from '../support/processor-time.ts';

test.each([
  // Damage by the capture
  ['improves mAP by 3.0\\% over it', 'improves mAP by 3.0% over it'],
  ['on 10^5--10^6 accelerators', 'on 10⁵–10⁶ accelerators'],
  ['1.35times over A, 82times/3.6times faster', '1.35× over A, 82×/3.6× faster'],
  ['1.18times-1.22times on 224times224 pixels', '1.18×-1.22× on 224×224 pixels'],
  ['the SAP^{2} benchmark', 'the SAP² benchmark'],
  ['we implement \\proj, a technique', 'we implement proj, a technique'],
  ['up to {approx}5{times} and sim7', 'up to ≈5× and ∼7'],
  ['language models~(LLMs), Figure~3, 5~ms', 'language models (LLMs), Figure 3, 5 ms'],
  ["hits a ``memory wall'', i.e.", 'hits a “memory wall”, i.e.'],
  ['1--4 steps, sink--guided, so -- they say --- it is', '1–4 steps, sink–guided, so – they say — it is'],
  ['textbf{Foo}, a textit{new} mathcal{O}(n) way in mathbb{R}^d', 'Foo, a new O(n) way in Rᵈ'],
  ['$sim$95%, approx5 and 92.1pm0.3, $pm$0.3', '∼95%, ≈5 and 92.1±0.3, ±0.3'],
  ['(x_1, ldots, x_9), A rightarrow B, sqrt{2}, frac{1}{2}', '(x₁, …, x₉), A → B, √2, 1/2'],
  ["`single' quotes in R&amp;D at &lt;5%", '‘single’ quotes in R&D at <5%'],
  // Mathematics
  ['$\\geq$90, $>$10 and $\\sim$5 of $10', '≥90, >10 and ∼5 of $10'],
  ['$\\|x\\|_2$ of $\\{x_i\\}_{i=1}^N$ in $\\{0,1\\}^n$', '‖x‖₂ of {xᵢ}ᵢ₌₁ᴺ in {0,1}ⁿ'],
  ['H\\textsubscript{2}O, 5\\textsuperscript{th}', 'H₂O, 5ᵗʰ'],
  ['$\\mu$BooNE, $\\nu$MSSM and $x\\mu$A', 'μBooNE, νMSSM and xμA'],
  ['$O(n^2 \\log n)$ for $x_i^{t+1}$', 'O(n² log n) for xᵢᵗ⁺¹'],
  ['6.01$\\times$, $\\tau^2$-bench at $90^{\\circ}$', '6.01×, τ²-bench at 90°'],
  ['$\\mathcal{L}_{\\text{max}}$ of \\(a_b\\) in $\\mathbb{R}^d$', 'Lₘₐₓ of a_b in Rᵈ'],
  ['e^{-x+q}, \\frac{a}{b}, \\sqrt{2}, $\\alpha$-divergence', 'e^(-x+q), a/b, √2, α-divergence'],
  ['CO_2, 10^-3, R^*, 5^th', 'CO₂, 10⁻³, R*, 5ᵗʰ'],
  // Letters and looks
  ['Andr\\\'e, M\\"uller, Fran\\c{c}ois, Erd\\H{o}s, \\O{}rsted', 'André, Müller, François, Erdős, Ørsted'],
  ['Andr{\\\'e}, M{\\"u}ller, Fran{\\c c}ois, Stra{\\ss}e', 'André, Müller, François, Straße'],
  ['\\begin{itemize} \\item one \\item two \\end{itemize}', '• one • two'],
  ['\\textbf{\\emph{Deep}} {\\bf nets} \\texttt{code}', 'Deep nets code'],
  ['{BERT}: {{GAN}} \\cite{foo,bar}.', 'BERT: GAN.'],
  ['at \\url{https://x.org/a_b} and \\href{https://y.org}{here}', 'at https://x.org/a_b and here'],
])('%s', (damaged, mended) => {
  expect(mendText(damaged)).toBe(mended);
});

describe('left as it is', () => {
  test.each([
    'costs $5 to $10, or $100K+ in all',
    'costs $5-$10 each',
    'about ~95% of a~b',
    'three times as many, 2.02 times more',
    'snake_case and GPT_4_turbo',
    'run it with --flag',
    'the set {a, b} of {Qwen3-4B, 8B}',
    "don't, and the models' own",
    'code in `backticks`, and the 5pm news of 3pm4',
    'context{window} of a subtext, and the fractional simulation of 5 approximations',
    'at most $5 or >$10, and $k of it',
    'AT&T, Q&A; a & b',
    'see https://example.org/~ada/a_b--c^2?x=$y$ for 10 more',
    'نماذج اللغة الكبيرة',
    '大规模语言模型',
    '👩‍🔬 and 🇩🇪',
  ])('%s', (text) => {
    expect(mendText(text)).toBe(text.replace('a~b', 'a b'));
  });
});

test('bidi overrides, control characters, invisible and unpaired ones are gone, and lines are one', () => {
  expect(mendText('a\u202Eb\u2066c\u2069 \u0000d\u0007\r\ne\u2028f\u200Bg\uFEFF\uD800 h\u{E0041}')).toBe(
    'abc d e fg h',
  );
});

test('a tower of marks is cut down', () => {
  expect(mendText(`Z${'\u0351'.repeat(500)}algo`)).toBe(`Z${'\u0351'.repeat(4)}algo`);
});

// Pieces of LaTeX in any order find more than random letters would.
const latexPieces = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\\',
        '{',
        '}',
        '{{',
        '^',
        '_',
        '$',
        '~',
        '--',
        '``',
        "''",
        '\\frac',
        '\\emph{',
        '\\(',
        '\\)',
        '10^',
        'times',
      ),
      fc.constantFrom(
        'a',
        '5',
        ' ',
        '\u202E',
        '\n',
        '\u0000',
        'https://a.org/',
        '\\times',
        '\\unknown',
        '\\"u',
        'ö',
        '中',
      ),
      fc.string({ maxLength: 4, unit: 'binary' }),
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(''));

describe('for any text', () => {
  test('the result is one clean line, no longer than the text, without blanks of our templates', () => {
    fc.assert(
      fc.property(latexPieces, (text) => {
        const mended = mendText(text);
        expect(mended).not.toMatch(/[\p{Cc}\p{Cs}\p{Co}\u202a-\u202e\u2066-\u2069]|\{\{|\}\}|^\s|\s$/u);
        expect(mended.length).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 500 },
    );
  });

  test('plain words come through untouched', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}[.,:]?$/), { minLength: 1 }), (words) => {
        expect(mendText(words.join(' '))).toBe(words.join(' '));
      }),
    );
  });
});

test('no text takes long', async () => {
  const pieces = [
    '$',
    '\\',
    '{',
    '^{',
    '_{',
    '``',
    '--',
    '~',
    '\\(',
    '\\emph{',
    '\\frac{a}{',
    '\\href{',
    'a^',
    '1times',
    '\\"',
  ];
  for (const piece of pieces) {
    const text = piece.repeat(50_000);
    expect(await measureProcessorTime(() => mendText(text)), piece).toBeLessThan(400);
  }
});
