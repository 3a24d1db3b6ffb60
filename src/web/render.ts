// Page templates: read and compiled once, at start, so that a broken one stops the start and not a reader.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import { packageFolder } from '../config.ts';
import type { Links } from '../links.ts';
import type { Assets } from './assets.ts';
import type { WebConfig } from './deps.ts';

/** Renders `templates/pages/<name>.eta`. What is interpolated is escaped. */
export type Renderer = (name: string, data: object) => string;

export function createRenderer(options: {
  config: WebConfig;
  links: Links;
  assets: Assets;
  folder?: string;
}): Renderer {
  const { config, links, assets, folder = join(packageFolder, 'templates/pages') } = options;
  const eta = new Eta({ autoTrim: false });
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.eta')) continue;
    eta.loadTemplate(
      `@${file.slice(0, -'.eta'.length)}`,
      dropTagLines(readFileSync(join(folder, file), 'utf8')),
    );
  }
  const site = {
    name: config.siteName,
    postalAddress: config.postalAddress,
    links,
    asset: (file: string) => `${links.home()}assets/${assets.nameOf(file)}`,
  };
  return (name, data) => eta.render(`@${name}`, { ...data, site });
}

/** A line that holds nothing but one tag without output of its own leaves no blank line behind. */
function dropTagLines(template: string): string {
  return template.replace(/^[ \t]*(<%[^=].*%>)\n/gm, '$1');
}
