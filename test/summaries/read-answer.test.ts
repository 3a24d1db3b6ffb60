// What is kept of what a language model wrote, be it told by an abstract what to write.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAnswer } from '../../src/summaries/read-answer.ts';

const paper = { title: 'Ferries in Node.js', abstract: 'We ferry packets. Code: https://example.org/ferry.' };
const completion = (content: unknown) => JSON.stringify({ choices: [{ message: { content } }] });
const read = (written: unknown, translated = false) =>
  readAnswer(completion(typeof written === 'string' ? written : JSON.stringify(written)), paper, {
    translated,
  });
const gistOf = (written: unknown) => {
  const answer = read(written);
  return answer.type === 'summary' ? answer.summary.gist : answer.reason;
};

describe('a summary', () => {
  test('is the gist, and the translation where one is wanted', () => {
    const written = { gist: 'Fähren, schneller.', translation: 'Wir setzen Pakete über.' };
    expect(read(written, true)).toEqual({ type: 'summary', summary: written });
    expect(read(written)).toMatchObject({ summary: { translation: null } });
  });

  test('is found among thoughts, in fences, and in parts', () => {
    const plain = '{"gist":"Ferries."}';
    expect(gistOf(`<think>{"gist":"no"}</think>Here:\n\`\`\`json\n${plain}\n\`\`\`\nBye.`)).toBe('Ferries.');
    const parts = completion([{ type: 'text', text: plain }]);
    expect(readAnswer(parts, paper, { translated: false })).toMatchObject({ type: 'summary' });
  });

  test('is text alone: without tags, links and marks, on one line, of bounded length', () => {
    const hostile =
      '<script>alert(1)</script><b>Ferries</b>\n![x](https://evil.example/p.gif) in [lakes](https://evil.example) **now** https://evil.example/?a javascript://x www.evil.example';
    expect(gistOf({ gist: hostile })).toBe('Ferries x in lakes now');
    expect(gistOf({ gist: 'Ferries cross. '.repeat(5000) }).length).toBeLessThanOrEqual(480);
  });

  test.each(['Win at evil.example today', 'Write to ada@evil.example', 'See bit.ly/abc'])(
    'that names an address which the paper does not is thrown away: %s',
    (gist) => {
      expect(gistOf({ gist })).toBe('it names an address that the paper does not');
    },
  );

  test('may name what the paper names', () => {
    expect(gistOf({ gist: 'Ferries for Node.js, e.g. 3.5 times as fast, at example.org.' })).toContain(
      'Node.js',
    );
  });

  test.each([
    ['no JSON', 'not a completion'],
    ['an error', '{"error":{"message":"no such model"}}'],
    ['a refusal', completion('I cannot help with that.')],
    ['no gist', completion('{"gist":""}')],
    ['another shape', completion('{"gist":["a"]}')],
  ])('is none where the answer is %s', (_, body) => {
    expect(readAnswer(body, paper, { translated: false })).toMatchObject({ type: 'refused' });
  });

  test('without the translation that is wanted, or with an endless one, is none', () => {
    expect(read({ gist: 'Fähren.' }, true)).toMatchObject({ type: 'refused' });
    expect(read({ gist: 'Fähren.', translation: 'Fähren. '.repeat(3000) }, true)).toMatchObject({
      type: 'refused',
    });
  });
});

test('whatever comes, nothing is thrown', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      readAnswer(text, paper, { translated: true });
      readAnswer(completion(text), paper, { translated: false });
    }),
  );
});
