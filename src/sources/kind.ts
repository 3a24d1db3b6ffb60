// What a kind of source tells about itself. One line in registry.ts and its own folder are all that a new one needs.
import type { z } from 'zod';
import type { Patience } from './folder/find-files.ts';
import type { HttpClient } from './http/client.ts';
import type { HttpReach } from './http/request-once.ts';
import type { Source } from './source.ts';
import type { TitleSearch } from './titles/title-search.ts';

export type SourceKind = {
  /** The name in `SOURCES`, in records and in queues; what stands behind a colon there is the setting. */
  id: string;
  /** Whether it is chosen in `SOURCES`, or by a variable of its own, whose value is the setting. */
  chosenBy: 'SOURCES' | (string & {});
  /** As an operator writes it, for error messages and the README. */
  example: string;
  /** The setting in the form that `open` takes; null: nothing was written behind the name. */
  readSetting(text: string | null): ReadSetting;
  /** What can be set for it in the environment. */
  variables: Record<string, SourceVariable>;
  /** How often it is looked whether anything is due; most of the time nothing is, and no request is made. */
  lookEveryMs: number;
  /** Of the source with this setting: the kind's id, with a colon and more behind it where there can be many. */
  idOf(setting: string): string;
  /** What readers know it by, out of a source's id; null for the operator's own papers. */
  nameForReaders(id: string): string | null;
  open(setting: string, opening: Opening): Source;
  /** Where it can be asked for a paper by its title: papers that were listed without an id get theirs. */
  openTitleSearch?(opening: Opening): TitleSearch;
};

/** `problem` is what is wrong, to be read behind the name of the variable. */
export type ReadSetting = { type: 'setting'; setting: string } | { type: 'refused'; problem: string };

/** `unset`: what counts when it is not set. */
export type SourceVariable = { schema: z.ZodType<string>; example: string; unset: string | null };

/** What a source is made with. */
export type Opening = {
  /** The value of one of its variables, or what counts for it. */
  settingOf(variable: string): string;
  /** `host`: requests under the same name wait for each other, in all processes together, and for the pause. `reach`: `anywhere` when left out. */
  createHttp(lock: { host: string; pauseMs: number; reach?: HttpReach }): HttpClient;
  /** Where relative paths start. */
  rootFolder: string;
  patience: Patience;
};
