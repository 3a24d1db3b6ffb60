// `topics …`: the curated topics.
import type { Command } from 'commander';
import { print, printJson, readGiven, run } from './run.ts';

export function addTopicCommands(program: Command): void {
  const topics = program.command('topics').description('the curated topics');
  topics
    .command('list')
    .description('their ids, as files and options name them, with the names that readers see')
    .option('--json', 'print one JSON document')
    .action((options: { json?: true }) =>
      run(
        async ({ config }) => {
          const { readTopics } = await import('../topics/topics-file.ts');
          const { topics } = await readTopics(config);
          const listed = topics.map(({ id, name, description }) => ({ id, name, description }));
          if (options.json) return printJson({ topics: listed });
          const width = Math.max(...listed.map(({ id }) => id.length));
          for (const { id, name } of listed) print(`${id.padEnd(width)}  ${name}\n`);
        },
        { reach: 'offline' },
      ),
    );
  topics
    .command('assign')
    .description('the topics that each paper of a listing is given, and why')
    .argument('<file>', 'a listing as text, or - for standard input')
    .option('--json', 'print one JSON document')
    .action((file: string, options: { json?: true }) =>
      run(
        async ({ config }) => {
          const { assignTopics } = await import('./listing-commands.ts');
          const assigned = await assignTopics(config, await readGiven(config, file));
          if (options.json) return printJson({ papers: assigned });
          for (const { title, topics } of assigned) {
            print(`${title}\n`);
            for (const { id, score, because } of topics)
              print(`    ${score.toFixed(2)}  ${id}: ${because.join(', ')}\n`);
          }
        },
        { reach: 'offline' },
      ),
    );
  topics
    .command('try')
    .description('what a topic finds and narrowly misses, and why; and how readers will see it')
    .argument('<topic>', 'the id of a topic, or a file with one')
    .option('--against <papers>', 'a listing as text, - for standard input, or store', 'store')
    .option('--json', 'print one JSON document')
    .action((topic: string, options: { against: string; json?: true }) =>
      run(
        async (surroundings) => {
          const { tryGiven, writeTrial } = await import('./topics-try.ts');
          const trials = await tryGiven(surroundings, { topic, against: options.against });
          if (options.json) return printJson({ topics: trials });
          print(trials.map(writeTrial).join('\n'));
        },
        { reach: options.against === 'store' ? 'services' : 'offline' },
      ),
    );
}
