import type { CommandCompletion, Offers } from './completions.ts';

/** A completion for fish, with descriptions. */
export function fishCompletion(commands: readonly CommandCompletion[]): string {
  const names = commands.map(({ name }) => name);
  return `# Completion of bakeoff for fish:  bakeoff completion fish | source
function __bakeoff_at
    set -l words (commandline -opc)
    set -e words[1]
    string match -q -- "$argv *" "$words "
end

function __bakeoff_manifests
    set -l token (commandline -ct)
    complete -C "bakeoff_without_completions $token" | string match -r '^.*(?:/|\\.ya?ml|\\.json)$'
end

function __bakeoff_ids
    set -l store out
    set -q BAKEOFF_STORE; and set store $BAKEOFF_STORE
    set -l words (commandline -opc)
    for i in (seq (count $words))
        switch $words[$i]
            case '--out=*' '--store=*'
                set store (string replace -r '^[^=]*=' '' -- $words[$i])
            case -o --out --store
                test $i -lt (count $words); and set store $words[(math $i + 1)]
        end
    end
    set -l folders $store/$argv[1]/*/
    string replace -r '.*/([^/]+)/$' '$1' -- $folders
end

complete -c bakeoff -f
complete -c bakeoff -n __fish_use_subcommand -s V -l version -d 'output the version number'
complete -c bakeoff -n __fish_use_subcommand -a help -d 'show help for a command'
${commands.map(({ name, summary }) => `complete -c bakeoff -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`).join('\n')}
complete -c bakeoff -n '__fish_seen_subcommand_from help' -a ${quoted(names.join(' '))}
${commands.flatMap((command) => lines(command)).join('\n')}
`;
}

/** @param at The command and what it is a subcommand of. */
function lines(command: CommandCompletion, at: readonly string[] = [command.name]): string[] {
  const { options, arguments: taken, subcommands } = command;
  const names = subcommands.map(({ name }) => name);
  const elsewhere = names.length === 0 ? '' : `; and not __fish_seen_subcommand_from ${names.join(' ')}`;
  const here = `complete -c bakeoff -n ${quoted(`__bakeoff_at ${at.join(' ')}${elsewhere}`)}`;
  return [
    ...options.map(({ flags, description, value }) => {
      const named = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
      const taking = value === undefined ? '' : ` -r${value.includes('@files') ? '' : ' -f'}${offered(value)}`;
      return `${here} ${named.join(' ')} -d ${quoted(description)}${taking}`;
    }),
    ...(taken.flat().length > 0 ? [`${here}${offered(taken.flat())}`] : []),
    ...subcommands.flatMap((each) => [
      `${here} -a ${each.name} -d ${quoted(each.summary)}`,
      ...lines(each, [...at, each.name]),
    ]),
  ];
}

/** Fish completes files itself, unless told not to. */
function offered(offers: Offers): string {
  const listed = offers.filter((each) => each !== '@files').map(listing);
  const files = listed.length < offers.length ? ' -F' : '';
  return listed.length === 0 ? files : `${files} -a ${quoted(listed.join(' '))}`;
}

function listing(offer: string): string {
  if (offer === '@manifests') return '(__bakeoff_manifests)';
  if (offer === '@folders') return '(__fish_complete_directories)';
  return offer.startsWith('@ids:') ? `(__bakeoff_ids ${offer.slice('@ids:'.length)})` : offer;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
