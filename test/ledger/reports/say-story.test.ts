import { expect, test } from 'vitest';
import type { DayStory } from '../../../src/ledger/reports/history.ts';
import { sayStory } from '../../../src/ledger/reports/say-story.ts';

test.each<[DayStory, string]>([
  [{ type: 'sent', papers: 1 }, 'sent: 1 paper'],
  [{ type: 'unknown', papers: 7 }, 'may or may not have left: 7 papers'],
  [{ type: 'under-way', reply: null }, 'on its way'],
  [{ type: 'under-way', reply: '451 later' }, 'put off: 451 later'],
  [{ type: 'rejected', reply: '550 5.1.1 no such user' }, 'refused: 550 5.1.1 no such user'],
  [{ type: 'bounced', reply: null }, 'came back'],
  [{ type: 'source-failed', sources: ['hf', 'arxiv'] }, 'no mail: not to be read were hf, arxiv'],
  [{ type: 'carried' }, 'no mail: what was listed comes with the next digest'],
  [{ type: 'to-come' }, 'still to come'],
])('an operator is told of %j in words', (story, words) => {
  expect(sayStory(story)).toBe(words);
});
