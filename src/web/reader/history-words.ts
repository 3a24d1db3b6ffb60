// The history's sentences.

import type { MessageKey } from '../../languages/catalogue.ts';
import type { Words } from '../../languages/words.ts';
import type { DayStory } from '../../ledger/history.ts';
import { nameSourceForReaders } from '../../sources/registry.ts';
import { cleanText } from '../../text/clean-text.ts';
import { shortenText } from '../../text/shorten-text.ts';

export function tellStory(story: DayStory, words: Words): string {
  const { t, list } = words;
  switch (story.type) {
    case 'sent':
      return t('history.sent', { count: story.papers });
    case 'under-way':
      return story.reply === null
        ? t('history.underWay')
        : t('history.deferred', { reply: shorten(story.reply) });
    case 'rejected':
      return t('history.rejected', { reply: shorten(story.reply) });
    case 'bounced':
      return story.reply === null
        ? t('history.cameBack')
        : t('history.bounced', { reply: shorten(story.reply) });
    case 'source-failed':
      return t('history.sourceFailed', { sources: list(story.sources.map((id) => nameSource(id, words))) });
    default:
      return t(plainStories[story.type]);
  }
}

type PlainStory = Exclude<DayStory['type'], 'sent' | 'under-way' | 'rejected' | 'bounced' | 'source-failed'>;

const plainStories: Record<PlainStory, MessageKey> = {
  unknown: 'history.unknown',
  'nothing-matched': 'history.nothingMatched',
  'source-empty': 'history.sourceEmpty',
  'nothing-new': 'history.nothingNew',
  paused: 'history.paused',
  'other-day': 'history.otherDay',
  'to-come': 'history.toCome',
  carried: 'history.carried',
  held: 'history.held',
  suppressed: 'history.suppressed',
};

function nameSource(id: string, { t }: Words): string {
  return nameSourceForReaders(id) ?? t('history.folder');
}

function shorten(reply: string): string {
  return shortenText(cleanText(reply), { words: 40, columns: 240 });
}
