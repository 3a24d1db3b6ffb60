import { expect, test } from 'vitest';
import { readReferences } from '../../src/text/html-references.ts';

test.each([
  ['caf&eacute; &Uuml;ber &ccedil; &scaron;', 'café Über ç š'],
  ['&alpha;-helix, &Omega; and &sigmaf;', 'α-helix, Ω and ς'],
  ['p &lt; 0.05 &amp; more', 'p < 0.05 & more'],
  ['&#233;&#xe9; &ndash; &rsquo;', 'éé – ’'],
  ['It&#146;s &#x96; &#128;', 'It’s – €'],
  ['&ETH;&eth; &THORN;&thorn; 5&Prime;', 'Ðð Þþ 5″'],
  ['R&D, AT&T; &unknown; &', 'R&D, AT&T; &unknown; &'],
])('%s', (written, text) => expect(readReferences(written)).toBe(text));
