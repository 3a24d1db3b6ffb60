// Page templates: read and compiled once, at start, so that a broken one stops the start and not a reader.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Eta } from 'eta';
import { type Brand, footerIn } from '../../../brand/brand.ts';
import { pageColours } from '../../../brand/palette.ts';
import { packageFolder } from '../../../config/config.ts';
import type { MessageKey, Values } from '../../../languages/catalogue.ts';
import type { Words } from '../../../languages/words.ts';
import type { Links } from '../../../platform/links.ts';
import type { Assets } from './assets.ts';

/** How a page speaks: its words, its links, and the same page in the other languages. */
export type Voice = { words: Words; links: Links; languages: LanguageLink[] };

export type LanguageLink = { href: string; tag: string; name: string; isCurrent: boolean };

/** Renders `templates/pages/<name>.eta`. What is interpolated is escaped. */
export type Renderer = (name: string, data: object, voice: Voice) => string;

export function createRenderer(options: {
  config: { siteName: string; postalAddress: string; baseUrl: string; brand?: Brand | null };
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
  const { brand } = config;
  const site = {
    name: config.siteName,
    postalAddress: config.postalAddress,
    /** What a path needs to become a whole address. */
    origin: new URL(config.baseUrl).origin,
    asset: (file: string) => links.asset(assets.nameOf(file)),
    logo: brand?.logo ? links.asset(assets.nameOf(`logo${extname(brand.logo.file)}`)) : null,
    papers: {
      light: brand?.colours.light.paper ?? pageColours.light.paper,
      dark: brand?.colours.dark.paper ?? pageColours.dark.paper,
    },
  };
  const footers = brand?.footer ?? {};
  return (name, data, { words, links, languages }) =>
    eta.render(`@${name}`, {
      ...data,
      lang: words.tag,
      languages,
      t: words.t,
      gap: words.gap,
      comma: words.comma,
      // A message in its parts, for a template that sets some of its blanks in elements of their own.
      parts: (key: MessageKey, values: Values) =>
        words
          .partsOf(key)
          .map((part, index) =>
            index % 2 === 0 ? { name: null, text: part } : { name: part, text: values[part] },
          ),
      site: { ...site, links, footer: footerIn(footers, words.language) },
    });
}

/** A line that holds nothing but one tag without output of its own leaves no blank line behind. */
function dropTagLines(template: string): string {
  return template.replace(/^[ \t]*(<%[^=].*%>)\n/gm, '$1');
}
