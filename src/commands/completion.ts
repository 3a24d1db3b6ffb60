// `completion`: what a shell is to know of the commands, written from the commands themselves.
import { Argument, type Command, type Option } from 'commander';
import { print } from './run.ts';
import { type CompletedCommand, type Shell, shells, writeCompletion } from './write-completion.ts';

export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description(
      'print what lets a shell complete commands and options, for example: source <(paperround completion bash)',
    )
    .addArgument(new Argument('<shell>').choices(shells))
    .action((shell: Shell) => print(writeCompletion(shell, listCommands(program))));
}

/** The program itself first, then each of its commands before those within. */
export function listCommands(command: Command, above: string[] = []): CompletedCommand[] {
  const own: CompletedCommand = {
    path: above,
    commands: command.commands.map((inner) => ({ name: inner.name(), says: inner.description() })),
    options: [
      ...command.options.filter(({ long }) => long != null).map(describeOption),
      { name: '--help', says: 'how it is used', value: null },
    ],
    choices: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
  return [own, ...command.commands.flatMap((inner) => listCommands(inner, [...above, inner.name()]))];
}

function describeOption({ long, description, required, optional, argChoices }: Option) {
  return { name: long ?? '', says: description, value: required || optional ? (argChoices ?? []) : null };
}
