// `papers fetch` and `papers sources`.
import type { Command } from 'commander';
import { parseDay, print, printJson, run } from './run.ts';

export function addSourceCommands(papers: Command): void {
  papers
    .command('fetch')
    .description('fetch what a source has for a day, and store its papers')
    .requiredOption('--source <source>', 'which one, written as in SOURCES')
    .option('--date <YYYY-MM-DD>', 'the day; the source’s current one by default', parseDay)
    .option('--json', 'print one JSON document')
    .action(({ source: item, date, json }: { source: string; date?: string; json?: true }) =>
      run(async ({ config, log, closer }) => {
        const { describeFetch, fetchSource } = await import('./source-commands.ts');
        const fetch = await fetchSource({ config, log }, { item, date }, closer);
        if (json) return printJson(fetch);
        for (const warning of fetch.warnings) console.error(warning);
        print(`${describeFetch(fetch)}\n`);
      }),
    );

  papers
    .command('sources')
    .description('the sources: on or off, what their last fetches gave, when they are asked next')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: true }) =>
      run(async ({ config, log, closer }) => {
        const { describeSource, listSources } = await import('./source-commands.ts');
        const sources = await listSources({ config, log }, closer);
        if (json) return printJson({ sources });
        for (const source of sources) print(describeSource(source));
      }),
    );
}
