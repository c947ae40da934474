import type { CommandCompletion, Offers, OptionCompletion } from './completions.ts';

/** A completion for zsh, with descriptions. */
export function zshCompletion(commands: readonly CommandCompletion[]): string {
  return `#compdef bakeoff
# Completion of bakeoff for zsh:  source <(bakeoff completion zsh)
_bakeoff_offers() {
  local each
  local store=\${opt_args[--store]:-\${opt_args[--out]:-\${opt_args[-o]:-\${BAKEOFF_STORE:-out}}}}
  for each; do
    case $each in
      @manifests) _files -g '*.(yaml|yml|json)' ;;
      @files) _files ;;
      @folders) _files -/ ;;
      @ids:*) local -a ids=($store/\${each#@ids:}/*(/N:t)) && compadd -a ids ;;
      *) compadd -- $each ;;
    esac
  done
}

_bakeoff() {
  local state line curcontext="$curcontext"
  typeset -A opt_args
  local -a commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
    'help:show help for a command'
  )
  _arguments -C '(- *)'{-h,--help}'[show help]' '(- *)'{-V,--version}'[output the version number]' \\
    '1: :->command' '*:: :->rest'
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case "$words[1] $words[2]" in
${commands.flatMap(({ name, subcommands }) => subcommands.map((each) => nested(`${name} ${each.name}`, each))).join('\n')}
        'help'\\ *) _arguments ${quoted(`1: :${action(commands.map(({ name }) => name))}`)} ;;
${commands.map((each) => branch(each)).join('\n')}
      esac
      ;;
  esac
}

if [[ $funcstack[1] == _bakeoff ]]; then _bakeoff "$@"; else compdef _bakeoff bakeoff; fi
`;
}

/** Behind a subcommand's name, its parent's name is one word more. */
function nested(path: string, command: CommandCompletion): string {
  return `        ${quoted(path)}) shift words; ((CURRENT--)); _arguments ${specs(command)} ;;`;
}

function branch(command: CommandCompletion): string {
  return `        ${quoted(command.name)}\\ *) _arguments ${specs(command)} ;;`;
}

function specs({ options, arguments: taken, repeatsLast, subcommands }: CommandCompletion): string {
  const names = subcommands.map(({ name }) => name);
  const places = [[...names, ...(taken[0] ?? [])], ...taken.slice(1)].filter((offers) => offers.length > 0);
  const words = [
    ...options.map(optionSpec),
    ...places.map((offers, i) => quoted(`${repeatsLast && i === taken.length - 1 ? '*' : i + 1}: :${action(offers)}`)),
  ];
  return words.join(' ');
}

function optionSpec({ flags, description, value }: OptionCompletion): string {
  const text = `[${description.replace(/[[\]\\:]/g, '\\$&')}]${value === undefined ? '' : `: :${action(value)}`}`;
  const [only, other] = flags;
  return other === undefined
    ? quoted(`${value === undefined ? '' : '*'}${only}${text}`)
    : `${quoted(`(${flags.join(' ')})`)}{${flags.join(',')}}${quoted(text)}`;
}

/** Behind a space, or zsh adds arguments of its own. */
function action(offers: Offers): string {
  return offers.length === 0 ? ' ' : ` _bakeoff_offers ${offers.map((each) => each.replace(':', '\\:')).join(' ')}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
