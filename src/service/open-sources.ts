// The sources as they are configured.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, packageFolder } from '../config/config.ts';
import { usualCategories } from '../config/variables.ts';
import type { Db } from '../platform/db.ts';
import { createArxivSource } from '../sources/arxiv/source.ts';
import type { Patience } from '../sources/folder/find-files.ts';
import { createFolderSource, usualPatience } from '../sources/folder/source.ts';
import { createHfSource } from '../sources/hf/source.ts';
import { createHttpClient, type HttpSettings, usualLimits } from '../sources/http/client.ts';
import { createHostLock } from '../sources/http/host-lock.ts';
import type { Source } from '../sources/source.ts';

export type ConfiguredSource = { source: Source; isOn: boolean };

type Options = {
  config: Pick<Config, SourceSetting>;
  db: Db;
  now: () => Date;
  /** As the services ask for, unless a test is in a hurry. */
  policy?: FetchPolicy;
};
type SourceSetting =
  | 'sources'
  | 'listingsFolder'
  | 'hfUrl'
  | 'arxivFeedUrl'
  | 'arxivApiUrl'
  | 'baseUrl'
  | 'mailFrom';

export type FetchPolicy = Pick<HttpSettings, 'limits' | 'attempts'> & {
  /** Milliseconds between two requests. */
  pauses: { hf: number; arxiv: number };
  patience: Patience;
};

/** https://info.arxiv.org/help/api/tou.html: one request every three seconds, one connection, all interfaces together. */
const usualPolicy: FetchPolicy = {
  ...usualLimits,
  pauses: { hf: 1000, arxiv: 3000 },
  patience: usualPatience,
};

/** Also those that are off: they can be asked by hand. The folder is there only when it is set. */
export function openSources({ config, db, now, policy = usualPolicy }: Options): ConfiguredSource[] {
  const createHttp = (host: 'hf' | 'arxiv') =>
    createHttpClient({
      limits: policy.limits,
      attempts: policy.attempts,
      userAgent: describeUs(config),
      withHostLock: createHostLock({ db, host, pauseMs: policy.pauses[host] }),
      now,
      random: Math.random,
    });
  const { sources, hfUrl, arxivFeedUrl, arxivApiUrl, listingsFolder } = config;
  const arxiv = createArxivSource({
    http: createHttp('arxiv'),
    feedUrl: arxivFeedUrl,
    apiUrl: arxivApiUrl,
    categories: sources.arxiv ?? usualCategories,
  });
  return [
    { source: createHfSource({ http: createHttp('hf'), baseUrl: hfUrl }), isOn: sources.hf },
    { source: arxiv, isOn: sources.arxiv !== null },
    ...(listingsFolder === null
      ? []
      : [{ source: createFolderSource({ folder: listingsFolder, patience: policy.patience }), isOn: true }]),
  ];
}

/** So that a service that we burden can find whom to tell. */
function describeUs({ baseUrl, mailFrom }: Pick<Config, 'baseUrl' | 'mailFrom'>): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return `Paperround/${version} (+${new URL(baseUrl).href}; mailto:${mailFrom.address})`;
}
