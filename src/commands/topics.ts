// `topics …`: the curated topics.
import { type Command, InvalidArgumentError } from 'commander';
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
    .option('--against <papers>', 'a listing, a folder of listings, - for standard input, or store', 'store')
    .option('--json', 'print one JSON document')
    .action((topic: string, options: { against: string; json?: true }) =>
      run(
        async (surroundings) => {
          const { tryGiven, writeTrial } = await import('./topics-try.ts');
          const { trials, warnings } = await tryGiven(surroundings, { topic, against: options.against });
          for (const warning of warnings) console.error(warning);
          if (options.json) return printJson({ topics: trials });
          print(trials.map(writeTrial).join('\n'));
        },
        { reach: options.against === 'store' ? 'services' : 'offline' },
      ),
    );
  addWritingCommands(topics);
}

const written = 'a YAML file with one topic, as the topics file would have it';
const writing = [
  ['add', 'file', written, 'offer one topic more, without a change of the file or a restart'],
  ['edit', 'file', written, 'a topic of the file, or one that was written, as it is to be from now on'],
  ['retire', 'id', 'of a topic', 'offer it no more; whoever chose it keeps their choice for when it is back'],
  ['restore', 'id', 'of a topic', 'offer a topic again that was retired by hand'],
  ['take-back', 'id', 'of a topic', 'have it as in the file again'],
] as const;

function addWritingCommands(topics: Command): void {
  for (const [name, argument, of, description] of writing) {
    const command = topics
      .command(name)
      .description(description)
      .argument(`<${argument}>`, of)
      .option('--json', 'print one JSON document')
      .action((given: string, options: { seen?: number; json?: true }) =>
        run(async (surroundings) => {
          const { changeTopic } = await import('./topics-write.ts');
          await changeTopic(surroundings, name, given, options);
        }),
      );
    // Of what is new there is no earlier version.
    if (name !== 'add')
      command.option(
        '--seen <version>',
        'only if nobody changed the topic since that version of it',
        parseVersion,
      );
  }
  topics
    .command('export')
    .description('all topics in force as a topics file, with what was written by hand')
    .option('--json', 'print one JSON document')
    .action((options: { json?: true }) =>
      run(async (surroundings) => {
        const { exportTopics } = await import('./topics-write.ts');
        await exportTopics(surroundings, options);
      }),
    );
}

function parseVersion(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is not a version such as 3.');
  return Number(text);
}
