// `papers learn`, and `papers rank`: what "papers like these" would choose, to be checked from outside.
import { type Command, InvalidArgumentError } from 'commander';
import { print, printJson, run, splitAt } from '../run.ts';
import type { RankOptions } from './rank-given.ts';

const parseDays = (text: string): number => {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 90)
    throw new InvalidArgumentError('It is not a number of days from 1 to 90.');
  return days;
};

export function addLearnCommand(papers: Command): void {
  papers
    .command('learn')
    .description(
      'learn vectors from the stored papers now, and fill the store before where a source is named',
    )
    .option('--from <source>', 'a source, written as in SOURCES, whose last days are filled in')
    .option('--days <number>', 'how many days', parseDays, 30)
    .option('--json', 'print one JSON document')
    .action(({ from, days, json }: { from?: string; days: number; json?: true }) =>
      run(async (surroundings) => {
        const { learnNow } = await import('./learn-now.ts');
        const learnt = await learnNow(surroundings, {
          from,
          days,
          onDay: ({ day, outcome, papers, reason }) =>
            console.error(`${day}  ${outcome}, ${papers} new${reason === null ? '' : `: ${reason}`}`),
        });
        if (json) return printJson(learnt);
        const { filledIn, papers, terms, dimensions, placed } = learnt;
        const from300 = dimensions === 0 ? ' (too few papers for vectors: terms alone serve)' : '';
        print(
          `${filledIn} papers filled in; learnt from ${papers}: ${terms} terms, ${dimensions} dimensions${from300}; ${placed} papers placed\n`,
        );
      }),
    );
}

const gather = (text: string, before: string[]) => [...before, text];

export function addRankCommand(papers: Command): void {
  papers
    .command('rank')
    .description('papers in the order in which somebody who likes these would want them')
    .option(
      '--liked <papers>',
      'ids or titles of papers, or a file with one on each line, or a library (BibTeX, RIS)',
      gather,
      [],
    )
    .option('--disliked <papers>', 'the same, of papers of which fewer are wanted', gather, [])
    .option('--keywords <queries>', 'keyword queries, with semicolons between them', splitAt(';'), [])
    .option('--topics <ids>', 'topic ids, with commas between them', splitAt(','), [])
    .option('--about <text>', 'what they work on, in a sentence or two')
    .option('--among <papers>', 'a listing, a folder of listings, or store', 'store')
    .option('--learn-from <papers>', 'what vectors are learnt from, likewise; else the same papers')
    .option('--json', 'print one JSON document')
    .action(({ json, ...options }: RankOptions & { json?: true }) =>
      run(
        async (surroundings) => {
          const { rankGiven } = await import('./rank-given.ts');
          const { papers, warnings } = await rankGiven(surroundings, options);
          for (const warning of warnings) console.error(warning);
          if (json) return printJson({ papers });
          for (const { title, score, because } of papers)
            print(`${score.toFixed(2)}  ${title}\n${because === '' ? '' : `      ${because}\n`}`);
        },
        { reach: [options.among, options.learnFrom].includes('store') ? 'services' : 'offline' },
      ),
    );
}
