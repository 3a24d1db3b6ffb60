// How a digest presents itself: what it covers, what it holds, and how the cards of its papers look.
import type { Preferences } from '../subscribers/preferences/preferences.ts';

/** The preferences that change a card. Cards that look alike are rendered once. */
const cardPreferences = ['abstracts'] as const;

export type CardLook = Pick<Preferences, (typeof cardPreferences)[number]>;

export type DigestForm = CardLook & {
  /** Of a reader with one day in the week, a week. */
  covers: 'day' | 'week';
  /** What matched; or, where nothing did and the reader asks for it, the best of everything. */
  holds: 'matches' | 'top';
};

export const dailyForm: DigestForm = { covers: 'day', holds: 'matches', abstracts: 'short' };

/** As text, the same for cards that look the same. */
export function writeLook(look: CardLook): string {
  return cardPreferences.map((name) => look[name]).join(' ');
}
