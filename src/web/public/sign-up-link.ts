// The front page with choices made already: what "get these by mail" leads to.
import { addToQuery, type Links } from '../../platform/links.ts';
import type { FormBody } from './preferences/read-preferences.ts';

export function linkToSignUp(
  links: Links,
  { topics = [], keywords = [] }: { topics?: readonly string[]; keywords?: readonly string[] },
): string {
  const choices = [
    ...topics.map((id) => ({ name: 'topics', value: id })),
    ...keywords.map((query) => ({ name: 'keywords', value: query })),
  ];
  return choices.reduce((url, { name, value }) => addToQuery(url, name, value), links.home());
}

/** Null when the address makes no choice. */
export function readChoices({ topics, keywords }: Record<string, unknown>): FormBody | null {
  const choices = { topics, keywords };
  return Object.values(choices).every((given) => given === undefined || given === '') ? null : choices;
}
