// Programs and styles in what is read as text.
import { expect, test } from 'vitest';
import { dropUnseen } from '../../src/text/unseen-markup.ts';
import { measureProcessorTime } from '../support/processor-time.ts';

test.each([
  ['We fly.<script>alert(1)</script> High.', 'We fly.  High.'],
  ['<STYLE type="text/css">p { color: red }</Style >We fly.', ' We fly.'],
  ['<script>if (a < b) document.write("<b>")</script>We', ' We'],
  ['İ<script>1</script>We<svg><title>Kite</title></svg>', 'İ We '],
  ['<iframe src="https://example.org/"></iframe><template>x</template>We', '  We'],
  ['The <scripted> play, a <script src="x"/>, and <script> without an end', null],
  ['We fly.', null],
])('%s', (html, seen) => {
  expect(dropUnseen(html)).toBe(seen ?? html);
});

test('many that are never closed are soon read', async () => {
  const html = '<script><style x><svg '.repeat(10_000);
  expect(await measureProcessorTime(() => dropUnseen(html))).toBeLessThan(500);
});
