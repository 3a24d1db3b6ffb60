// Commands about the live sources: fetch one now, and tell how all of them are.

import type { Config } from '../config/config.ts';
import { ConfigError, PermanentError } from '../platform/errors.ts';
import type { Logger } from '../platform/logger.ts';
import type { Db } from '../platform/postgres/db.ts';
import type { Closer } from '../service/closer.ts';
import { openDatabase } from '../service/open-database.ts';
import { openSource, openSources } from '../service/open-sources.ts';
import type { Fetch } from '../sources/fetch-store.ts';
import { type ChosenSource, readChosenSource } from '../sources/registry.ts';
import { fetchDay } from '../sources/run-fetch.ts';
import type { Source } from '../sources/source.ts';
import { listSourceStates, type SourceState } from '../sources/source-states.ts';
import { dayAt, type Timetable } from '../sources/timetable.ts';
import { readTopics } from '../topics/topics-file.ts';

type Surroundings = { config: Config; log: Logger };

const now = () => new Date();

/** Fetches one day of a source; its current one when none is given. Throws PermanentError with the reason if it fails. */
export async function fetchSource(
  surroundings: Surroundings,
  { item, date }: { item: string; date: string | undefined },
  closer: Closer,
): Promise<Fetch> {
  const { config } = surroundings;
  const { db } = await openDatabase(surroundings, closer);
  const { source, timetable, isOn } = chooseSource({ config, db }, item);
  const day = date ?? dayAt(timetable, now());
  const deps = { db, now, random: Math.random };
  const fetch = await fetchDay(deps, source, { day, signal: new AbortController().signal });
  if (fetch.outcome === 'failed')
    throw new PermanentError(describeFailure(fetch, { name: source.name, isOn }));

  const topics = await readTopics(config);
  await topics.storeTopics(db);
  await topics.assignTopics(db);
  return fetch;
}

/** Throws ConfigError for one that is not written as in SOURCES, or has no days. */
export function chooseSource(
  { config, db }: { config: Config; db: Db },
  item: string,
): { source: Source; timetable: Timetable; isOn: boolean } {
  const wanted = readChosenSource(item);
  if (typeof wanted === 'string') throw new ConfigError(`The source ${wanted}`);
  const chosen = findAsConfigured(config, item) ?? wanted;
  const source = openSource({ config, db, now }, chosen);
  const { timetable } = source;
  if (timetable === null) throw new ConfigError(`${source.name} has no days that could be fetched`);
  const isOn = config.sources.some(({ kind, setting }) => kind === chosen.kind && setting === chosen.setting);
  return { source, timetable, isOn };
}

/** A bare name means the source as it is configured, where it is. */
function findAsConfigured({ sources }: Config, item: string): ChosenSource | undefined {
  return sources.find(({ kind }) => kind === item);
}

function describeFailure(
  { day, reason, nextTryAt }: Fetch,
  { name, isOn }: { name: string; isOn: boolean },
): string {
  const failure = `${name}, ${day}: ${reason}`;
  if (!isOn || nextTryAt === null) return `${failure}. To try again, give the same command`;
  return `${failure}. The service tries again at ${nextTryAt.toISOString()}`;
}

/** Every source that there is, also those that are off. */
export async function listSources(surroundings: Surroundings, closer: Closer): Promise<SourceState[]> {
  const { config } = surroundings;
  const { db } = await openDatabase(surroundings, closer);
  return listSourceStates(db, { sources: openSources({ config, db, now }), now: now() });
}

/** A few lines about a source, for people. */
export function describeSource({ id, name, isOn, nextTryAt, fetches }: SourceState): string {
  const state = isOn ? 'on' : 'off';
  const next = nextTryAt === null ? '' : `, next asked ${formatMinute(nextTryAt)}`;
  const lines = fetches.map((fetch) => `    ${formatMinute(fetch.startedAt)}  ${describeFetch(fetch)}\n`);
  return `${id.padEnd(7)} ${state.padEnd(4)} ${name}${next}\n${lines.join('')}`;
}

/** One line, without a name for the source. */
export function describeFetch({ day, outcome, reason, nextTryAt, warnings, ...counts }: Fetch): string {
  const facts = [
    outcome === 'ok' ? `${counts.new} new, ${counts.known} known, ${counts.updated} updated` : null,
    reason,
    warnings.length === 0 ? null : `${warnings.length} warnings`,
    nextTryAt === null ? null : `again ${formatMinute(nextTryAt)}`,
  ].filter((fact) => fact !== null);
  return `${day}  ${(outcome ?? 'under way').padEnd(6)}  ${facts.join('; ')}`;
}

function formatMinute(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
