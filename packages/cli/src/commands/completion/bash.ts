import type { CommandCompletion } from './completions.ts';

/** A completion for bash 3.2 and newer. It starts no process: what the commands take stands in it. */
export function bashCompletion(commands: readonly CommandCompletion[]): string {
  return `# Completion of bakeoff for bash:  source <(bakeoff completion bash)
_bakeoff_offers() {
  offers=()
  case "$1 $2" in
${commands.flatMap((command) => cases(command, command.name)).join('\n')}
    'help 0') offers=(${commands.map(({ name }) => name).join(' ')}) ;;
    *) return 1 ;;
  esac
}

_bakeoff() {
  local command= option= count=0 store="\${BAKEOFF_STORE:-out}" word each i
  local current="\${COMP_WORDS[COMP_CWORD]}"
  local -a offers
  COMPREPLY=()
  [[ $current == = ]] && current=
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ $word == = ]]; then
      continue
    elif [[ -n $option ]]; then
      case $option in -o | --out | --store) store="$word" ;; esac
      option=
    elif [[ $word == -* ]]; then
      _bakeoff_offers "$command" "$word" && option="$word"
    elif [[ -z $command ]]; then
      command="$word"
    elif ((count == 0)) && _bakeoff_offers "$command $word" options; then
      command="$command $word"
    else
      count=$((count + 1))
    fi
  done
  if [[ -n $option ]]; then
    _bakeoff_offers "$command" "$option"
  elif [[ -z $command ]]; then
    offers=(${[...commands.map(({ name }) => name), 'help', '--help', '--version'].join(' ')})
  elif [[ $current == -* ]]; then
    _bakeoff_offers "$command" options
  else
    _bakeoff_offers "$command" "$count" || _bakeoff_offers "$command" more
  fi
  for each in "\${offers[@]}"; do
    case $each in
      @ids:*)
        for word in "$store/\${each#@ids:}"/*/; do
          word="\${word%/}"
          word="\${word##*/}"
          [[ $word == "$current"* && $word != '*' ]] && COMPREPLY+=("$word")
        done
        ;;
      @*)
        compopt -o filenames 2>/dev/null
        while IFS= read -r word; do
          case "$each:$word" in
            @files:* | @folders:* | @manifests:*.yaml | @manifests:*.yml | @manifests:*.json) COMPREPLY+=("$word") ;;
            *) [[ -d $word ]] && COMPREPLY+=("$word") ;;
          esac
        done < <(if [[ $each == @folders ]]; then compgen -d -- "$current"; else compgen -f -- "$current"; fi)
        ;;
      *) [[ $each == "$current"* ]] && COMPREPLY+=("$each") ;;
    esac
  done
}
complete -F _bakeoff bakeoff
`;
}

/** Cases for a command's options, the value of each, and the arguments by position. */
function cases(command: CommandCompletion, path: string): string[] {
  const { options, arguments: taken, repeatsLast, subcommands } = command;
  const line = (patterns: readonly string[], offers: readonly string[]) =>
    `    ${patterns.map((pattern) => `'${path} ${pattern}'`).join(' | ')}) offers=(${offers.join(' ')}) ;;`;
  const names = subcommands.map(({ name }) => name);
  const first = [...names, ...(taken[0] ?? [])];
  return [
    line(
      ['options'],
      options.flatMap(({ flags }) => flags),
    ),
    ...options.flatMap(({ flags, value }) => (value === undefined ? [] : [line(flags, value)])),
    ...(first.length > 0 ? [line(['0'], first)] : []),
    ...taken.slice(1).map((offers, i) => line([String(i + 1)], offers)),
    ...(repeatsLast ? [line(['more'], taken.at(-1)!)] : []),
    ...subcommands.flatMap((each) => cases(each, `${path} ${each.name}`)),
  ];
}
