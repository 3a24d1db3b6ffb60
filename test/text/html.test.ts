import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldLines } from '../../src/text/html.ts';

const tag = fc
  .tuple(fc.constantFrom('a', 'b', 'span'), fc.integer({ min: 0, max: 240 }))
  .map(([name, length]) => `<${name} style="${'s'.repeat(length)}">`);
const markup = fc.array(
  fc.oneof(
    tag,
    fc.constantFrom('</a>', '</span>', ' ', ', '),
    fc.stringMatching(/^[a-z]{1,20}(?:-[a-z]{1,9})?$/),
  ),
  { minLength: 50, maxLength: 150 },
);

/** What a browser makes of it. */
const readText = (html: string) => html.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');

test('folded lines are short, and read as before: no word is torn where a tag stands in its middle', () => {
  fc.assert(
    fc.property(markup, (pieces) => {
      const html = pieces.join('');
      const folded = foldLines(html);
      // A word that goes on without any tag or space for longer than a line is another matter.
      fc.pre(!folded.includes('<wbr>'));
      expect(readText(folded)).toBe(readText(html));
      expect(Math.max(...folded.split('\n').map(({ length }) => length))).toBeLessThan(700);
    }),
  );
});

test('a marked word in a title keeps what is before and after it', () => {
  const attributes = `class="link" href="https://papers.example.org/paper/33" style="${'color: #1f1c17; '.repeat(20)}"`;
  const html = `<h2 ${attributes}><a ${attributes}>TPI-<span ${attributes}>LLM</span>s</a></h2>`;
  expect(readText(foldLines(html))).toBe('TPI-LLMs');
  expect(foldLines(html)).not.toContain('<wbr>');
});
