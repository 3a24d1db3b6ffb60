// Commands and options as completion scripts for shells. Where nothing of ours fits, each completes file names.

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export type CompletedCommand = {
  /** The names that lead to it; none for the program itself. */
  path: string[];
  commands: { name: string; says: string }[];
  /** `value`: null where the option takes none, empty where any will do. */
  options: { name: string; says: string; value: readonly string[] | null }[];
  /** Of its arguments. */
  choices: readonly string[];
};

const writers: Record<Shell, (commands: CompletedCommand[]) => string> = {
  bash: writeBash,
  zsh: writeZsh,
  fish: writeFish,
};

export const writeCompletion = (shell: Shell, commands: CompletedCommand[]): string =>
  writers[shell](commands);

/** A text that both a shell's single quotes and a pattern of `case` take as it is. */
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** `/subscribers/import` */
const placeOf = (path: string[]) => path.map((name) => `/${name}`).join('');

const listPlaces = (commands: CompletedCommand[]) =>
  commands.filter(({ path }) => path.length > 0).map(({ path }) => quote(placeOf(path)));

/** What stands before a value, with the values; empty where any will do. */
const listValues = (commands: CompletedCommand[]) =>
  commands.flatMap(({ path, options }) =>
    options.flatMap(({ name, value }) =>
      value === null ? [] : [{ before: quote(`${placeOf(path)} ${name}`), value }],
    ),
  );

const anyValue = (commands: CompletedCommand[]) =>
  listValues(commands).flatMap(({ before, value }) => (value.length === 0 ? [before] : []));

const chosenValues = (commands: CompletedCommand[]) =>
  listValues(commands).filter(({ value }) => value.length > 0);

/** A line of `case`, where there is anything to it. */
const writeArm = (patterns: string[], body: string) =>
  patterns.length === 0 ? '' : `    ${patterns.join('|')}) ${body} ;;`;

function writeBash(commands: CompletedCommand[]): string {
  const places = commands.map(({ path, commands: inner, options, choices }) => {
    const words = [...inner.map(({ name }) => name), ...choices].join(' ');
    const flags = options.map(({ name }) => name).join(' ');
    return `    ${quote(placeOf(path))}) words=${quote(words)} flags=${quote(flags)} ;;`;
  });
  return `# bash completion of paperround:  source <(paperround completion bash)
_paperround() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" place='' words='' flags='' i
  COMPREPLY=()
  # --role=web comes as three words.
  if [[ $word == = ]]; then word=''
  elif [[ $before == = ]]; then before="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$place/\${COMP_WORDS[i]}" in
      ${listPlaces(commands).join('|')}) place="$place/\${COMP_WORDS[i]}" ;;
    esac
  done
  case "$place $before" in
${chosenValues(commands)
  .map(
    ({ before, value }) =>
      `    ${before}) COMPREPLY=($(compgen -W ${quote(value.join(' '))} -- "$word")); return ;;`,
  )
  .join('\n')}
${writeArm(anyValue(commands), 'return')}
  esac
  case "$place" in
${places.join('\n')}
  esac
  [[ $word == -* ]] && words=$flags
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o bashdefault -o default -F _paperround paperround
`;
}

function writeZsh(commands: CompletedCommand[]): string {
  const describe = ({ name, says }: { name: string; says: string }) =>
    quote(`${name.replaceAll(':', '\\:')}:${says}`);
  const places = commands.map(({ path, commands: inner, options, choices }) => {
    const words = [...inner.map(describe), ...choices.map(quote)].join(' ');
    return `    ${quote(placeOf(path))}) found=(${words}) flags=(${options.map(describe).join(' ')}) ;;`;
  });
  return `#compdef paperround
# zsh completion of paperround:  paperround completion zsh > "\${fpath[1]}/_paperround"
_paperround() {
  local place='' i
  local -a found flags
  for ((i = 2; i < CURRENT; i++)); do
    case "$place/\${words[i]}" in
      ${listPlaces(commands).join('|')}) place="$place/\${words[i]}" ;;
    esac
  done
  case "$place \${words[CURRENT-1]}" in
${chosenValues(commands)
  .map(({ before, value }) => `    ${before}) compadd -- ${value.map(quote).join(' ')}; return ;;`)
  .join('\n')}
${writeArm(anyValue(commands), '_files; return')}
  esac
  case "$place" in
${places.join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then _describe -o option flags
  elif (( $#found )); then _describe command found
  else _files
  fi
}
if [[ $funcstack[1] == _paperround ]]; then _paperround "$@"
else compdef _paperround paperround
fi
`;
}

function writeFish(commands: CompletedCommand[]): string {
  const lines = commands.flatMap(({ path, commands: inner, options, choices }) => {
    const at = `complete -c paperround -n ${quote(`__paperround_at ${placeOf(path) || '/'}`)}`;
    return [
      ...inner.map(({ name, says }) => `${at} -f -a ${quote(name)} -d ${quoteFish(says)}`),
      ...choices.map((choice) => `${at} -f -a ${quote(choice)}`),
      ...options.map(({ name, says, value }) => {
        const takes = value === null ? '' : value.length === 0 ? ' -r' : ` -x -a ${quote(value.join(' '))}`;
        return `${at} -l ${name.slice(2)}${takes} -d ${quoteFish(says)}`;
      }),
    ];
  });
  return `# fish completion of paperround:  paperround completion fish > ~/.config/fish/completions/paperround.fish
function __paperround_at
  set -l place ''
  for word in (commandline -opc)[2..-1]
    contains -- "$place/$word" ${listPlaces(commands).join(' ')}
    and set place "$place/$word"
  end
  test "$place" = (string trim -r -c / -- $argv[1])
end
${lines.join('\n')}
`;
}

/** Within its quotes a backslash counts. */
const quoteFish = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
