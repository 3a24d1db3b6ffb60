import { describe, expect, test } from 'vitest';
import { parseEmail, parsePreferences } from '../../../src/subscribers/preferences/parse-preferences.ts';
import { defaultPreferences, type Preferences } from '../../../src/subscribers/preferences/preferences.ts';

const topicIds = new Set(['llm-training', 'graph-learning']);
const now = new Date('2026-03-02T09:00:00Z');
const parse = (input: unknown) => parsePreferences(input, { topicIds, now });

function problemsOf(input: unknown): string[] {
  const parsed = parse(input);
  if (parsed.type === 'preferences') throw new Error('it was taken');
  return parsed.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe('preferences', () => {
  test('name days in any order and once; they are kept in the order of the week', () => {
    expect(parse({ topics: ['llm-training'], days: ['fri', 'mon', 'fri'] })).toMatchObject({
      preferences: { days: ['mon', 'fri'] },
    });
  });

  test('that are absent keep their defaults, or what the reader had', () => {
    expect(parse({ topics: ['llm-training'] })).toEqual({
      type: 'preferences',
      preferences: { ...defaultPreferences, topics: ['llm-training'] },
    });
    const defaults: Preferences = {
      topics: ['graph-learning'],
      keywords: ['rag'],
      organizations: ['Gensyn'],
      authors: ['Ada Lovelace'],
      library: ['Attention Is All You Need [arXiv:1706.03762]'],
      about: 'Sparse models.',
      maxAlike: 1,
      excludedTopics: ['llm-training'],
      excludedKeywords: ['survey'],
      hour: 20,
      timeZone: 'Asia/Tokyo',
      maxPapers: 3,
      days: ['mon', 'thu'],
      pausedUntil: '2026-03-20',
      abstracts: 'full',
      whenEmpty: 'top3',
      language: 'ja',
    };
    expect(parsePreferences({ hour: 5 }, { topicIds, defaults, now })).toMatchObject({
      preferences: { ...defaults, hour: 5 },
    });
  });

  test('are cleaned of repeats and stray spaces', () => {
    expect(
      parse({ topics: ['llm-training', 'llm-training'], keywords: ['  kv   cache ', 'kv cache'] }),
    ).toMatchObject({
      preferences: { topics: ['llm-training'], keywords: ['kv cache'] },
    });
  });

  test('of authors alone are enough, and one in two spellings is followed once', () => {
    expect(parse({ authors: [' Yann\tLeCun', 'LeCun, Yann', 'Y. LeCun'] })).toMatchObject({
      preferences: { topics: [], authors: ['Yann LeCun', 'Y. LeCun'] },
    });
  });

  test('of organisations alone are enough, and the same one is followed once', () => {
    expect(
      parse({ organizations: ['  Example\t University ', 'example-university', 'EU Example University'] }),
    ).toMatchObject({
      preferences: { topics: [], organizations: ['Example University'] },
    });
  });

  test.each([
    [{ topics: ['astrology'] }, /topics: there is no topic “astrology”/],
    [{ topics: [] }, /topics: choose at least one/],
    [{ topics: ['llm-training'], keywords: ['"unclosed'] }, /keywords\.0: /],
    [
      { topics: ['llm-training'], keywords: Array.from({ length: 21 }, (_, n) => `word${n}`) },
      /keywords: at most 20/,
    ],
    [{ topics: ['llm-training'], keywords: ['x'.repeat(5000)] }, /keywords\.0: /],
    [
      { topics: ['llm-training'], excludedTopics: ['astrology'] },
      /excludedTopics: there is no topic “astrology”/,
    ],
    [
      { topics: ['llm-training'], excludedTopics: ['llm-training'] },
      /excludedTopics: .*both chosen and never wanted/,
    ],
    [{ topics: ['llm-training'], excludedKeywords: ['('] }, /excludedKeywords\.0: /],
    [
      { keywords: ['rag'], excludedKeywords: [' rag '] },
      /excludedKeywords: .*both searched for and never wanted/,
    ],
    [{ excludedTopics: ['llm-training'], excludedKeywords: ['rag'] }, /topics: choose at least one/],
    [{ organizations: ['Gensyn', '…'] }, /organizations\.1: is no name/],
    [{ organizations: ['x'.repeat(121)] }, /organizations\.0: is longer than 120/],
    [{ organizations: Array.from({ length: 21 }, (_, n) => `Lab ${n}`) }, /organizations: at most 20/],
    [{ organizations: 'Gensyn' }, /organizations: /],
    [{ authors: ['Ada Lovelace', '?'] }, /authors\.1: is no name/],
    [{ authors: ['x'.repeat(121)] }, /authors\.0: is longer than 120/],
    [{ authors: Array.from({ length: 51 }, (_, n) => `Ada L${n}`) }, /authors: at most 50/],
    [{ topics: ['llm-training'], hour: 24 }, /hour: /],
    [{ topics: ['llm-training'], hour: 7.5 }, /hour: /],
    [{ topics: ['llm-training'], timeZone: 'Mars/Olympus' }, /timeZone: is not a time zone/],
    [{ topics: ['llm-training'], timeZone: '+02:00' }, /timeZone: is not a time zone/],
    [{ topics: ['llm-training'], maxPapers: 0 }, /maxPapers: /],
    [{ topics: ['llm-training'], days: [] }, /days: choose at least one day/],
    [{ topics: ['llm-training'], days: ['mon', 'Tuesday'] }, /days\.1: is not a day of the week/],
    [{ topics: ['llm-training'], days: 'mon' }, /days: /],
    [{ topics: ['llm-training'], pausedUntil: '2026-02-30' }, /pausedUntil: is not a date/],
    [{ topics: ['llm-training'], pausedUntil: '0000-01-01' }, /pausedUntil: is not a date/],
    [{ topics: ['llm-training'], pausedUntil: 'next week' }, /pausedUntil: is not a date/],
    [{ topics: ['llm-training'], pausedUntil: '2027-03-04' }, /pausedUntil: .*at most a year/],
    [{ topics: ['llm-training'], abstracts: 'none' }, /abstracts: /],
    [{ topics: ['llm-training'], whenEmpty: 'top10' }, /whenEmpty: /],
    [{ topics: ['llm-training'], language: 'tlh' }, /language: /],
    [{ topics: ['llm-training'], status: 'active' }, /status: is not a field/],
    [{ topics: 'llm-training' }, /topics: /],
    ['topics', /: /],
    [null, /: /],
    [[], /: /],
  ])('%j are refused with the field and the reason', (input, message) => {
    expect(problemsOf(input).join('\n')).toMatch(message);
  });
});

describe('an address', () => {
  test('is taken as typed, without the spaces around it', () => {
    expect(parseEmail(' Ada.Lovelace+papers@Example.org ')).toEqual({
      type: 'email',
      email: 'Ada.Lovelace+papers@Example.org',
    });
  });

  test.each([
    '',
    'ada',
    'ada@localhost',
    'ada@example.org, eve@example.org',
    'ada@example.org\r\nBcc: eve@example.org',
    'ada\u0000@example.org',
    '"ada lovelace"@example.org',
    `${'a'.repeat(250)}@example.org`,
    'Ada <ada@example.org>',
    undefined,
    42,
    ['ada@example.org'],
  ])('%j is refused', (input) => {
    expect(parseEmail(input)).toMatchObject({ type: 'invalid', problems: [{ path: 'email' }] });
  });
});
