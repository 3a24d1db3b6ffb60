import { describe, expect, test } from 'vitest';
import {
  findHandles,
  readOrganization,
  resemblesOrganization,
} from '../../../src/sources/listing/organization.ts';

describe('where organisations have their handles in front', () => {
  test.each([
    ['Gensyn Gensyn', 'Gensyn'],
    ['CarnegieMellonU Carnegie Mellon University', 'Carnegie Mellon University'],
    ['zai-org Z.ai', 'Z.ai'],
    ['Google', 'Google'],
    ['--', null],
  ])('%s is %s', (line, name) => expect(readOrganization(line, 'shown')).toBe(name));
});

describe('where they have none', () => {
  test.each([
    ['Microsoft Research', 'Microsoft Research'],
    ['Carnegie Mellon University', 'Carnegie Mellon University'],
    ['Gensyn Gensyn', 'Gensyn'],
    ['tiiuae Technology Innovation Institute', 'Technology Innovation Institute'],
  ])('%s is %s', (line, name) => expect(readOrganization(line, 'hidden')).toBe(name));
});

test('the lines of a page tell whether it shows handles', () => {
  expect(findHandles(['Gensyn Gensyn', 'MIT Massachusetts Institute of Technology'])).toBe('shown');
  expect(findHandles(['Microsoft Research', 'Google', 'Carnegie Mellon University'])).toBe('hidden');
  expect(findHandles([])).toBe('hidden');
});
test.each([
  ['Gensyn Gensyn', true],
  ['occ-ai OCC', true],
  ['umass University of Massachusetts Amherst', false],
  ['PKU Peking University', false],
  ['MIT Massachusetts Institute of Technology', false],
  ['ntu Nanyang Technological University', true],
  ['Decentralized Diffusion Models', false],
  ['in less than a week.', false],
])('%s clearly is handle and name: %s', (line, isClear) => {
  expect(resemblesOrganization(line)).toBe(isClear);
});
