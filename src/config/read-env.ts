// The variables as they are set: by themselves, or in a file that one more variable names.
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import '../text/schema-words.ts';
import { type ownVariables, variables } from './variables.ts';

/** Hears what is wrong with the variable of this name, as it goes on behind the name. */
export type Complain = (name: string, problem: string) => void;

export type Variables = {
  [Name in keyof typeof ownVariables]?: z.output<(typeof ownVariables)[Name]['schema']>;
};

/** What stands in a file, as secrets do: `SECRET_KEY_FILE=/run/secrets/key` for each variable there is. */
export function readVariableFiles(
  given: Record<string, string | undefined>,
  complain: Complain,
): Record<string, string | undefined> {
  const env = { ...given };
  for (const name of Object.keys(variables)) {
    const file = given[`${name}_FILE`];
    if (isUnset(file)) continue;
    if (!isUnset(given[name])) complain(name, `is set, and so is ${name}_FILE: leave one`);
    try {
      env[name] = readFileSync(file, 'utf8').trim();
      if (env[name] === '') complain(name, `is not in ${file}, which ${name}_FILE names: it is empty`);
    } catch (error) {
      complain(name, `is not to be had from ${name}_FILE (${(error as Error).message})`);
    }
  }
  return env;
}

/** Only what is set. */
export function parseVariables(
  table: Record<string, { schema: z.ZodType }>,
  env: Record<string, string | undefined>,
  complain: Complain,
): Record<string, unknown> {
  const entries = Object.entries(table).flatMap(([name, { schema }]) => {
    const text = env[name];
    if (isUnset(text)) return [];
    const result = schema.safeParse(text);
    if (result.success) return [[name, result.data]];
    const message = result.error.issues[0]?.message ?? 'is not valid';
    complain(name, /^(is|has) /.test(message) ? message : `is not valid (${message})`);
    return [];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

export function isUnset(text: string | undefined): text is undefined | '' {
  return text === undefined || text.trim() === '';
}
