// The sources as they are configured.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, packageFolder } from '../config/config.ts';
import type { Db } from '../platform/postgres/db.ts';
import type { Patience } from '../sources/folder/find-files.ts';
import { usualPatience } from '../sources/folder/source.ts';
import { createHttpClient, type HttpSettings, usualLimits } from '../sources/http/client.ts';
import { createHostLock } from '../sources/http/host-lock.ts';
import type { HttpReach } from '../sources/http/request-once.ts';
import type { Opening } from '../sources/kind.ts';
import { type ChosenSource, getSourceKind, sourceKinds } from '../sources/registry.ts';
import type { Source } from '../sources/source.ts';
import type { TitleSearch } from '../sources/titles/title-search.ts';

/** `kind` names its row of the registry. */
export type ConfiguredSource = { kind: string; source: Source; isOn: boolean };

type Options = {
  config: Pick<Config, 'sources' | 'sourceValues' | 'baseUrl' | 'mailFrom'>;
  db: Db;
  now: () => Date;
  /** As the services ask for, unless a test is in a hurry. */
  policy?: FetchPolicy;
};

export type FetchPolicy = Pick<HttpSettings, 'limits' | 'attempts'> & {
  /** Milliseconds between two requests, by host, where they are not to be what its source asks for. */
  pauses: Record<string, number>;
  patience: Patience;
  /** In place of what a source asks for: a test's server is on this machine. */
  reach?: HttpReach;
};

const usualPolicy: FetchPolicy = { ...usualLimits, pauses: {}, patience: usualPatience };

/** Also those that are off and need no setting: they can be asked by hand. */
export function openSources(options: Options): ConfiguredSource[] {
  const { sources } = options.config;
  const isChosen = ({ kind }: ChosenSource) => sources.some((chosen) => chosen.kind === kind);
  return [...sources, ...listUsual().filter((source) => !isChosen(source))]
    .map((chosen) => ({ ...chosen, source: openSource(options, chosen), isOn: sources.includes(chosen) }))
    .sort((one, other) => positionOf(one.kind) - positionOf(other.kind));
}

/** Of the kinds that are chosen in `SOURCES` and can do without a setting. */
function listUsual(): ChosenSource[] {
  return sourceKinds.flatMap((kind) => {
    const read = kind.chosenBy === 'SOURCES' ? kind.readSetting(null) : null;
    return read?.type === 'setting' ? [{ kind: kind.id, setting: read.setting }] : [];
  });
}

function positionOf(kind: string): number {
  return sourceKinds.findIndex(({ id }) => id === kind);
}

/** One that somebody chose, be it only for this once. */
export function openSource(options: Options, { kind, setting }: ChosenSource): Source {
  return getSourceKind(kind).open(setting, createOpening(options, kind));
}

/** Of the first source that is on and can be asked for titles; null when there is none. */
export function openTitleSearch(options: Options): TitleSearch | null {
  for (const { kind } of options.config.sources) {
    const search = getSourceKind(kind).openTitleSearch?.(createOpening(options, kind));
    if (search !== undefined) return search;
  }
  return null;
}

function createOpening({ config, db, now, policy = usualPolicy }: Options, kind: string): Opening {
  const { limits, attempts, patience } = policy;
  return {
    settingOf(variable) {
      const value = config.sourceValues[variable];
      if (value === undefined) throw new Error(`${kind} has no variable ${variable}`);
      return value;
    },
    createHttp: ({ host, pauseMs, reach = 'anywhere' }) =>
      createHttpClient({
        reach: policy.reach ?? reach,
        limits,
        attempts,
        userAgent: describeUs(config),
        withHostLock: createHostLock({ db, host, pauseMs: policy.pauses[host] ?? pauseMs }),
        now,
        random: Math.random,
      }),
    rootFolder: packageFolder,
    patience,
  };
}

/** So that a service that we burden can find whom to tell. */
export function describeUs({ baseUrl, mailFrom }: Pick<Config, 'baseUrl' | 'mailFrom'>): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return `Paperround/${version} (+${new URL(baseUrl).href}; mailto:${mailFrom.address})`;
}
