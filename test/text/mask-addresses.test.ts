import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskAddresses } from '../../src/text/mask-addresses.ts';
import { measureProcessorTime } from '../support/processor-time.ts';

describe('addresses in the words of others', () => {
  test.each([
    ['550 5.1.1 <ada@example.org>: Recipient address rejected', '550 5.1.1 <…>: Recipient address rejected'],
    ['550 ada.l+x@mail.example.org... User unknown', '550 …... User unknown'],
    ['550 <ada@localhost> is not here', '550 <…> is not here'],
    ['550 "Ada L"@example.org unknown', '550 … unknown'],
    ['550 <"ada l"@example.org> unknown', '550 <…> unknown'],
    ['rfc822;ada@example.org', 'rfc822;…'],
    ['see https://example.net/why?a=ada%40example.org&c=1', 'see https:…&c=1'],
    ['ada%example.org@relay.example.net relaying denied', '… relaying denied'],
    ['bounces+k-ada=example.org@example.net', '…'],
    ['RCPT TO=ada=40example.org', 'RCPT …'],
    ['ada@bücher.example, adá@xn--bcher-kva.example', '…, …'],
    ['艾达@例子.测试 不存在', '… 不存在'],
    ['ada@[192.0.2.1] refused', '… refused'],
    ["o'brien@example.org", '…'],
    ['(ada@example.org)', '(…)'],
    ['a@b.example b@c.example', '… …'],
    ['&lt;ada@example.org&gt;', '&lt;…&gt;'],
    ['550 5.7.1 no mail today', '550 5.7.1 no mail today'],
    [
      'at run (/app/node_modules/@prisma/client/index.js:1:2)',
      'at run (/app/node_modules/@prisma/client/index.js:1:2)',
    ],
  ])('%s', (words, masked) => {
    expect(maskAddresses(words)).toBe(masked);
  });

  test('are gone from any words around them', () => {
    fc.assert(
      fc.property(fc.string(), fc.emailAddress(), fc.string(), (before, email, after) => {
        expect(maskAddresses(`${before} <${email}> ${after}`)).not.toContain(email);
      }),
    );
  });

  test('cost little in the longest words', async () => {
    const longWords = ['a', '@', 'a.', '<'].map((word) => `${word.repeat(100_000 / word.length)}@`);
    expect(await measureProcessorTime(() => longWords.map(maskAddresses))).toBeLessThan(2000);
  });
});
