// The field parser for what machines write about mail: RFC 3464 and RFC 5965.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReportFields } from '../../src/bounces/report-fields.ts';
import { faultSize } from '../support/fault-sizes.ts';

const parse = (text: string) => parseReportFields(text).map((group) => Object.fromEntries(group));

test('groups stand between blank lines, fields are unfolded, names know no case', () => {
  expect(
    parse(
      'Reporting-MTA: dns; a\r\n\r\nFINAL-Recipient : rfc822; ada\r\nDiagnostic-Code: smtp; 550\r\n\t5.1.1 no\r\n  such user\r\n \r\n\r\nAction:failed',
    ),
  ).toEqual([
    { 'reporting-mta': 'dns; a' },
    { 'final-recipient': 'rfc822; ada', 'diagnostic-code': 'smtp; 550 5.1.1 no such user' },
    { action: 'failed' },
  ]);
});

test('of a repeated field the first counts, and a line that is none counts for nothing', () => {
  expect(parse('nonsense\n folded\nStatus: 5.1.1\nStatus: 2.0.0\n  more\n: no name\nTwo words: x')).toEqual([
    { status: '5.1.1' },
  ]);
});

test('whatever is written is read back', () => {
  const name = fc.stringMatching(/^[a-z][a-z-]{0,20}$/);
  const value = fc.stringMatching(/^[!-~]{1,40}(?: [!-~]{1,20}){0,3}$/);
  const group = fc.dictionary(name, value, { minKeys: 1, maxKeys: 8, noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(group, { maxLength: 8 }), (groups) => {
      const text = groups
        .map((fields) =>
          Object.entries(fields)
            .map(([key, each]) => `${key}: ${each.replaceAll(' ', '\r\n  ')}\r\n`)
            .join(''),
        )
        .join('\r\n');
      expect(parse(text)).toEqual(groups);
    }),
  );
});

test('no text is an error, and none makes more than can be looked at', () => {
  const line = fc.oneof(fc.string({ unit: 'binary', maxLength: 50 }), fc.constant('a: b'), fc.constant(''));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), fc.constantFrom('\n', '\r\n', '\r'), (lines, end) => {
      expect(parseReportFields(lines.join(end)).length).toBeLessThanOrEqual(20);
    }),
    { numRuns: 25 * faultSize('INPUTS') },
  );
  const many = parseReportFields('a: b\n\n'.repeat(100_000));
  expect(many).toHaveLength(20);
  const long = parseReportFields(
    Array.from({ length: 1000 }, (_, n) => `x-${n}: ${'y'.repeat(5000)}`).join('\n'),
  );
  expect([long.length, long[0]?.size, long[0]?.get('x-0')?.length]).toEqual([1, 60, 1000]);
});
