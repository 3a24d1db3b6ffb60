// `brand check`: whether a folder with an operator's look and words will do, and what becomes of it.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Brand } from '../brand/brand.ts';
import { ConfigError } from '../platform/errors.ts';
import { print, printJson, run } from './run.ts';

export function addBrandCommands(program: Command): void {
  const brand = program.command('brand').description('your own name, colours, logo, footer and words');
  brand
    .command('check')
    .description('look at the folder, and at what pages and mails become with it')
    .argument('[folder]', 'that of BRAND_DIR, unless another is named')
    .option('--preview <folder>', 'write a page and every mail there as HTML files, in all languages')
    .option('--json', 'print one JSON document')
    .action((folder: string | undefined, { preview, json }: { preview?: string; json?: true }) =>
      run(
        async ({ config }) => {
          const inFolder = (path: string) => resolve(config.workingFolder, path);
          const own = folder === undefined ? config.brand : await readChecked(inFolder(folder), folder);
          if (own === null) throw new ConfigError('Which folder? Name one, or set BRAND_DIR=./brand');
          let files = 0;
          if (preview !== undefined) {
            const { previewBrand } = await import('./preview-brand.ts');
            files = await previewBrand({ config, brand: own, folder: inFolder(preview) });
          }
          if (json) return printJson({ name: own.name, files });
          if (files > 0) {
            print(`${files} pages and mails are in ${preview}: begin with index.html there.\n`);
          }
          print('The brand will do.\n');
        },
        { reach: 'offline' },
      ),
    );
}

async function readChecked(path: string, name: string): Promise<Brand | null> {
  const { readBrand } = await import('../brand/brand.ts');
  const { brand, problems } = readBrand(path);
  if (problems.length > 0)
    throw new ConfigError(
      `The brand in ${name} has ${problems.length} problem(s):\n- ${problems.join('\n- ')}`,
    );
  return brand;
}
