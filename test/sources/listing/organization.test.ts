import { expect, test } from 'vitest';
import { readOrganization, resemblesOrganization } from '../../../src/sources/listing/organization.ts';

test.each([
  ['Gensyn Gensyn', 'Gensyn'],
  ['CarnegieMellonU Carnegie Mellon University', 'Carnegie Mellon University'],
  ['zai-org Z.ai', 'Z.ai'],
  ['Google', 'Google'],
  ['--', null],
])('%s is %s', (line, name) => {
  expect(readOrganization(line)).toBe(name);
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
