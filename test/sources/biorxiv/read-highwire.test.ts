// Texts as bioRxiv's and medRxiv's API gives them: the marks are real ones, the words are not.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHighwireAbstract, readHighwireTitle } from '../../../src/sources/biorxiv/read-highwire.ts';
import { measureProcessorTime } from '../../support/processor-time.ts';

const figure =
  'O_FIG O_LINKSMALLFIG WIDTH=200 HEIGHT=113 SRC="FIGDIR/small/715005v1_ufig1.gif" ALT="Figure 1">\nView larger version (39K):\norg.highwire.dtl.DTLVardef@bad2ddorg.highwire.dtl.DTLVardef@169b0ab_HPS_FORMAT_FIGEXP  M_FIG Bees at work. C_FIG';

describe('an abstract', () => {
  test.each([
    [
      'headings in marks, and names of signs',
      'O_ST_ABSBackgroundC_ST_ABSWe look at {beta}-catenin at 37{degrees}C. MethodsBy hand. ConclusionIt is {approx}5.',
      'Background: We look at β-catenin at 37°C. Methods: By hand. Conclusion: It is ≈5.',
    ],
    [
      'headings glued to their paragraphs',
      'BackgroundDiets differ.\n\nMethodsWe asked.\n\nResultssDII fell.\n\nResults50% fell.\n\nConclusionsmiRNA rose.\n\nFundingNone.',
      'Background: Diets differ. Methods: We asked. Results: sDII fell. Results: 50% fell. Conclusions: miRNA rose. Funding: None.',
    ],
    [
      'headings on their own lines, in capitals, or with a sign of their own',
      'BACKGROUNDDiets differ.\n\nResults\nThey fell.\n\nO_ST_ABSAim:C_ST_ABSTo ask. O_ST_ABSWhat is new?C_ST_ABSThis is.',
      'BACKGROUND: Diets differ. Results: They fell. Aim: To ask. What is new? This is.',
    ],
    [
      'small capitals',
      'AO_SCPLOWBSTRACTC_SCPLOWBees MO_SCPLOWETAC_SCPLOW, K.O_SCPCAP.C_SCPCAP',
      'Bees META, K..',
    ],
    [
      'a heading in small capitals',
      'Bees. IO_SCPLOWMPORTANCEC_SCPLOWIt matters.',
      'Bees. IMPORTANCE: It matters.',
    ],
    [
      'lists',
      'Bees.\n\nKey messagesO_LIThey count.\nC_LIO_LIThey sleep\nC_LI',
      'Bees. Key messages: They count. They sleep.',
    ],
    ['a figure', `Bees count.\n\nGraphical Abstract\n\n${figure}\n\nThey sleep.`, 'Bees count. They sleep.'],
    ['a figure without an end', `Bees count. ${figure.replace('C_FIG', '')}`, 'Bees count. Bees at work.'],
    [
      'tables and boxes',
      'Bees O_TBL 1 2 3 C_TBL count. O_TEXTBOXThey sleep.C_TEXTBOX',
      'Bees count. They sleep.',
    ],
    [
      'tags of JATS and of HTML, also in references',
      '<jats:title>Background</jats:title><jats:p>Bees <jats:italic>count</jats:italic>.</jats:p><jats:p>&lt;i&gt;E. coli&lt;/i&gt; too.</jats:p>',
      'Background: Bees count. E. coli too.',
    ],
    ['signs in brackets', '[~]10 cells, [&ge;]98%, TGF[beta], x [isin] X', '∼10 cells, ≥98%, TGFβ, x ∈ X'],
    ['further signs', '{micro}RNA {+/-} 3 {middle dot} m{superscript 2} {Delta}F508', 'µRNA ± 3 · m² ΔF508'],
  ])('has %s', (_, given, read) => {
    expect(readHighwireAbstract(given)).toBe(read);
  });

  test.each([
    'ContextNet is a network. It learns.',
    'Abstract reasoning is hard. Methods differ. Results are robust.',
    'AIM2 is a sensor. RESULTS: T and B cells.',
    'Forces F_{e}, \\mathrm{F}, the set {A, B}, {frobnicate}, 2.35 [A], [Ca2+] and [95% CI].',
    'Where p<a and b>c.',
  ])('stays as it is: %s', (text) => {
    expect(readHighwireAbstract(text)).toBe(text);
  });
});

test('a title has letters and signs, and no headings', () => {
  expect(
    readHighwireTitle('DesignMaster: <i>E. coli</i> and {beta}-MO_SCPLOWUSEC_SCPLOW with CO<sub>2</sub>'),
  ).toBe('DesignMaster: E. coli and β-MUSE with CO2');
});

test('whatever comes is soon read', async () => {
  const pieces = [
    'O_FIG ',
    'C_FIG',
    'O_LI',
    'C_LI',
    'O_ST_ABS',
    'AO_SCPLOWB',
    '{',
    '[',
    'Results',
    '\n',
    '. ',
    '<p ',
    'A',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
      readHighwireAbstract(parts.join(''));
    }),
  );
  for (const piece of [...pieces, 'O_LI\n', '{beta', '\n ', 'A ']) {
    const text = piece.repeat(20_000 / piece.length);
    expect(await measureProcessorTime(() => readHighwireAbstract(text))).toBeLessThan(1500);
  }
});
