// What came on a reader's day, or why nothing did, in the words of the console and the commands.
import type { DayStory } from './history.ts';

/** For an operator; a reader is told in their own language. */
export function sayStory(story: DayStory): string {
  switch (story.type) {
    case 'sent':
      return `sent: ${countPapers(story.papers)}`;
    case 'unknown':
      return `may or may not have left: ${countPapers(story.papers)}`;
    case 'under-way':
      return story.reply === null ? 'on its way' : `put off: ${story.reply}`;
    case 'rejected':
      return `refused: ${story.reply}`;
    case 'bounced':
      return story.reply === null ? 'came back' : `came back: ${story.reply}`;
    case 'source-failed':
      return `no mail: not to be read were ${story.sources.join(', ')}`;
    default:
      return plainWords[story.type];
  }
}

const countPapers = (count: number) => (count === 1 ? '1 paper' : `${count} papers`);

type PlainStory = Exclude<
  DayStory['type'],
  'sent' | 'unknown' | 'under-way' | 'rejected' | 'bounced' | 'source-failed'
>;

const plainWords: Record<PlainStory, string> = {
  'nothing-matched': 'no mail: nothing new matched',
  'source-empty': 'no mail: the sources had nothing',
  'nothing-new': 'no mail: nothing was new by then',
  paused: 'no mail: paused',
  'other-day': 'none of their days',
  'to-come': 'still to come',
  carried: 'no mail: what was listed comes with the next digest',
  held: 'no mail: the edition was cancelled',
  suppressed: 'no mail: the address is suppressed',
};
