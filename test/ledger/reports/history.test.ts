import { describe, expect, test } from 'vitest';
import type { OutcomeCode } from '../../../src/ledger/outcome-codes.ts';
import { type DayFacts, explainDay, type PastEdition } from '../../../src/ledger/reports/history.ts';
import type { DeliveryState } from '../../../src/ledger/states.ts';
import type { DayOutcome } from '../../../src/sources/fetch-store.ts';
import { weekdays } from '../../../src/subscribers/preferences/schedule.ts';

const now = new Date('2026-03-12T12:00:00Z');
const everyDay = { days: [...weekdays], pausedUntil: null, hour: 7, timeZone: 'Europe/Berlin' };

const explain = (given: Partial<DayFacts>) =>
  explainDay({
    day: '2026-03-10',
    edition: undefined,
    outcomes: [],
    preferences: everyDay,
    pastSchedules: [],
    now,
    ...given,
  });

const edition = (
  state: DeliveryState,
  why: { code?: OutcomeCode; reply?: string; detail?: string } = {},
  papers = 0,
  bounce: PastEdition['bounce'] = null,
) => ({
  edition: {
    edition: '2026-03-10',
    state,
    reasonCode: why.code ?? null,
    replyText: why.reply ?? null,
    detail: why.detail ?? null,
    papers,
    bounce,
  },
});

const full = { status: '5.2.2', diagnostic: '552 5.2.2 mailbox full' };

const outcome = (source: string, of: DayOutcome['outcome']): DayOutcome => ({
  source,
  outcome: of,
  new: 0,
  reason: null,
  nextTryAt: null,
});

describe('a day with an edition', () => {
  test.each<[string, Partial<DayFacts>, object]>([
    ['sent', edition('accepted', { reply: '250 ok' }, 7), { type: 'sent', papers: 7 }],
    [
      'perhaps sent',
      edition('unknown', { code: 'no_answer', detail: 'lost' }, 7),
      { type: 'unknown', papers: 7 },
    ],
    ['planned', edition('planned'), { type: 'under-way', reply: null }],
    [
      'put off',
      edition('deferred', { code: 'in_trouble', reply: '451 later' }),
      { type: 'under-way', reply: '451 later' },
    ],
    [
      'given up',
      edition('rejected', { code: 'mailbox_full', detail: 'given up after a day', reply: '452 full' }),
      { type: 'rejected', reply: 'given up after a day: 452 full' },
    ],
    [
      'put off without a connection',
      edition('deferred', { code: 'no_connection', detail: 'connect ECONNREFUSED' }),
      { type: 'under-way', reply: 'connect ECONNREFUSED' },
    ],
    [
      'refused',
      edition('rejected', { code: 'unclear', reply: '550 no' }),
      { type: 'rejected', reply: '550 no' },
    ],
    [
      'sent back',
      edition('accepted', { reply: '250 ok' }, 7, full),
      { type: 'bounced', reply: full.diagnostic },
    ],
    [
      'perhaps sent, and sent back',
      edition('unknown', { code: 'no_answer', detail: 'lost' }, 7, full),
      { type: 'bounced', reply: full.diagnostic },
    ],
    [
      'sent back without words',
      edition('accepted', { reply: '250 ok' }, 7, { ...full, diagnostic: null }),
      { type: 'bounced', reply: '5.2.2' },
    ],
    [
      'sent back without anything',
      edition('accepted', { reply: '250 ok' }, 7, { status: null, diagnostic: null }),
      { type: 'bounced', reply: null },
    ],
    [
      'refused, and judged',
      edition('rejected', { code: 'mailbox_full', reply: '552 full' }, 0, full),
      { type: 'rejected', reply: '552 full' },
    ],
    ['without a match', edition('nothing', { code: 'no_match' }), { type: 'nothing-matched' }],
    ['held', edition('cancelled', { code: 'edition_cancelled' }), { type: 'held' }],
    ['stopped', edition('cancelled', { code: 'suppressed' }), { type: 'suppressed' }],
    ['paused at the last moment', edition('cancelled', { code: 'paused' }), { type: 'paused' }],
    [
      'stopped since its reader is no more what it needs',
      edition('cancelled', { code: 'other_status' }),
      { type: 'carried' },
    ],
    ['carried', edition('cancelled', { code: 'carried' }), { type: 'carried' }],
  ])('that was %s is told as such', (_, facts, story) => {
    expect(explain(facts)).toEqual(story);
  });

  test('without papers is told by what became of the sources', () => {
    const none = edition('nothing', { code: 'no_papers' });
    const tell = (...outcomes: DayOutcome[]) => explain({ ...none, outcomes });
    expect(tell()).toEqual({ type: 'nothing-new' });
    expect(tell(outcome('hf', 'empty'), outcome('arxiv', 'stale'))).toEqual({ type: 'source-empty' });
    expect(tell(outcome('hf', 'empty'), outcome('arxiv', 'failed'), outcome('arxiv', 'failed'))).toEqual({
      type: 'source-failed',
      sources: ['arxiv'],
    });
    expect(tell(outcome('hf', 'ok'), outcome('arxiv', 'empty'))).toEqual({ type: 'nothing-new' });
  });
});

describe('a day without an edition', () => {
  test('is paused, another day, still to come, or carried into the next', () => {
    const preferences = { ...everyDay, days: ['tue' as const] };
    expect(explain({ preferences: { ...everyDay, pausedUntil: '2026-03-11' } })).toEqual({ type: 'paused' });
    expect(explain({ preferences: { ...everyDay, pausedUntil: '2026-03-10' } })).toEqual({ type: 'carried' });
    expect(explain({ preferences, day: '2026-03-09' })).toEqual({ type: 'other-day' });
    expect(explain({ preferences })).toEqual({ type: 'carried' });
    expect(explain({ now: new Date('2026-03-10T05:59:00Z') })).toEqual({ type: 'to-come' });
  });

  test('is told by what held then, not by what was changed since', () => {
    const pastSchedules = [
      { endedAt: new Date('2026-03-05T12:00:00Z'), days: '1000000', pausedUntil: null },
      { endedAt: new Date('2026-03-11T12:00:00Z'), days: '1111111', pausedUntil: '2026-03-08' },
    ];
    const tell = (day: string) => explain({ day, pastSchedules }).type;
    expect(['2026-03-04', '2026-03-06', '2026-03-09'].map(tell)).toEqual(['other-day', 'paused', 'carried']);
  });
});
