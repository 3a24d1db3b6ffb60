import { describe, expect, test } from 'vitest';
import { readSource } from '../../src/web/http/rate-limits.ts';

describe('whose budget a request spends', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7', null],
    ['::ffff:192.0.2.7', '192.0.2.7', null],
    ['2001:db8:1:2:3:4:5:6', '20010db800010002/64', '20010db80001/48'],
    ['2001:db8:1:2::', '20010db800010002/64', '20010db80001/48'],
    ['2001:db8:1:3::1', '20010db800010003/64', '20010db80001/48'],
    ['not an address', 'unknown', null],
  ])('%s', (ip, address, network) => {
    expect(readSource({ ip })).toEqual({ address, network });
  });
});
