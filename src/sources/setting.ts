// Settings and variables that several kinds of sources have.
import { z } from 'zod';
import type { ReadSetting, SourceVariable } from './kind.ts';

/** Of a source that has nothing to be chosen. */
export function readNoSetting(text: string | null): ReadSetting {
  return text === null
    ? { type: 'setting', setting: '' }
    : { type: 'refused', problem: `has “:${text.slice(0, 40)}” behind a source that takes no setting` };
}

/** Words with a plus between them, each once; `usual` where none were given. */
export function readWords(
  text: string | null,
  { usual, max, shape, what }: { usual: readonly string[]; max: number; shape: RegExp; what: string },
): ReadSetting {
  const words = text === null ? usual : [...new Set(text.split('+').map((part) => part.trim()))];
  const wrong = words.find((word) => !shape.test(word));
  if (wrong !== undefined)
    return { type: 'refused', problem: `has “${wrong.slice(0, 40)}”, which is no ${what}` };
  if (words.length > max) return { type: 'refused', problem: `has more than ${max} of them: a ${what} each` };
  return { type: 'setting', setting: words.join('+') };
}

/** The address of a service, for those who ask it through a proxy; paths are put behind it. */
export function serviceAddress(usual: string): SourceVariable {
  const schema = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));
  return { schema, example: usual, unset: usual };
}
