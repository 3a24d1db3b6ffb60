// `bounces read` and `suppressions …`.
import { type Command, InvalidArgumentError } from 'commander';
import { parseEmail } from '../subscribers/preferences.ts';
import { utcDay } from '../text/days.ts';
import { print, printJson, run } from './run.ts';

export function addBounceCommands(program: Command): void {
  program
    .command('bounces')
    .description('mails that came back')
    .command('read')
    .description('read one mail that came back, and record what it says; exit code 75: try again later')
    .argument('<file>', 'the mail, or - for standard input')
    .option('--json', 'print one JSON document')
    .action((file: string, { json }: { json?: true }) =>
      run(async ({ config, log, closer }) => {
        const { describeBounce, readBounceFile } = await import('./bounce-commands.ts');
        const outcome = await readBounceFile({ config, log }, file, closer);
        if (json) return printJson(outcome);
        print(`${describeBounce(outcome)}\n`);
      }),
    );

  const suppressions = program.command('suppressions').description('addresses that get no mail');
  suppressions
    .command('list')
    .description('all of them, and why')
    .option('--json', 'print one JSON document')
    .action(({ json }: { json?: true }) =>
      run(async ({ config, log, closer }) => {
        const { walkSuppressions } = await import('./bounce-commands.ts');
        let separator = '';
        if (json) print('{"suppressions":[');
        for await (const suppression of walkSuppressions({ config, log }, closer)) {
          const { email, reason, createdAt } = suppression;
          if (json) print(`${separator}${JSON.stringify(suppression)}`);
          else print(`${utcDay(createdAt)}  ${email}  ${reason}\n`);
          separator = ',\n';
        }
        if (json) print(']}\n');
      }),
    );
  suppressions
    .command('lift')
    .description('let an address get mail again')
    .argument('<address>', 'such as ada@example.org', parseAddress)
    .action((email: string) =>
      run(async ({ config, log, closer }) => {
        const { liftAddress } = await import('./bounce-commands.ts');
        const isLifted = await liftAddress({ config, log }, email, closer);
        print(isLifted ? `${email} gets mail again.\n` : `${email} was not suppressed.\n`);
      }),
    );
  suppressions
    .command('add')
    .description('let an address get no mail any more')
    .argument('<address>', 'such as ada@example.org', parseAddress)
    .action((email: string) =>
      run(async ({ config, log, closer }) => {
        const { suppressAddress } = await import('./bounce-commands.ts');
        const isAdded = await suppressAddress({ config, log }, email, closer);
        print(isAdded ? `${email} gets no mail any more.\n` : `${email} was suppressed already.\n`);
      }),
    );
}

function parseAddress(text: string): string {
  const parsed = parseEmail(text);
  if (parsed.type === 'invalid')
    throw new InvalidArgumentError('It is not a mail address such as ada@example.org.');
  return parsed.email;
}
