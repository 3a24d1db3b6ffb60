// Preferences as the API takes and gives them.
import { z } from 'zod';
import { languageCodes } from '../../../languages/languages.ts';
import { type PreferenceName, preferences } from '../../../subscribers/preferences/preferences.ts';
import { weekdays } from '../../../subscribers/preferences/schedule.ts';
import { day } from '../shapes.ts';

/** Each preference by the check of its line; what is left out stays as it is. */
export const preferenceFields = Object.fromEntries(
  Object.entries(preferences).map(([name, { check }]) => [name, check.optional()]),
);

const lists = z.array(z.string());
export const preferenceAnswers = {
  topics: lists.describe('Ids of topics.'),
  keywords: lists,
  organizations: lists,
  authors: lists,
  library: lists.describe(
    'Papers that the reader likes. The address of a public Zotero library, a group’s or a person’s, stands for its newest 200.',
  ),
  about: z.string(),
  maxAlike: z.int(),
  excludedTopics: lists,
  excludedKeywords: lists,
  hour: z.int(),
  timeZone: z.string(),
  maxPapers: z.int(),
  days: z.array(z.enum(weekdays)),
  pausedUntil: day.nullable(),
  abstracts: z.enum(['short', 'full']),
  whenEmpty: z.enum(['nothing', 'top3']),
  language: z.enum(languageCodes),
} satisfies Record<PreferenceName, z.ZodType>;

export const preferencesAnswer = z
  .object(preferenceAnswers)
  .meta({ id: 'Preferences', description: 'What a reader chose.' });
