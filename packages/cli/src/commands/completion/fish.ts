import type { CommandCompletion, Offers } from './completions.ts';

/** A completion for fish, with descriptions. */
export function fishCompletion(commands: readonly CommandCompletion[]): string {
  const names = commands.map(({ name }) => name);
  return `# Completion of bakeoff for fish:  bakeoff completion fish | source
function __bakeoff_manifests
    for each in (commandline -ct)*
        if test -d $each
            echo $each/
        else if string match -rq '\\.(ya?ml|json)$' -- $each
            echo $each
        end
    end
end

function __bakeoff_ids
    set -l store out
    set -q BAKEOFF_STORE; and set store $BAKEOFF_STORE
    set -l words (commandline -opc)
    for i in (seq (count $words))
        if contains -- $words[$i] -o --out --store; and test $i -lt (count $words)
            set store $words[(math $i + 1)]
        end
    end
    for each in $store/$argv[1]/*/
        basename $each
    end
end

complete -c bakeoff -f
complete -c bakeoff -n __fish_use_subcommand -s V -l version -d 'output the version number'
complete -c bakeoff -n __fish_use_subcommand -a help -d 'show help for a command'
${commands.map(({ name, summary }) => `complete -c bakeoff -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`).join('\n')}
complete -c bakeoff -n '__fish_seen_subcommand_from help' -a ${quoted(names.join(' '))}
${commands.flatMap(lines).join('\n')}
`;
}

function lines(command: CommandCompletion): string[] {
  const { name, options, arguments: taken, subcommands } = command;
  const here = `complete -c bakeoff -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
  return [
    ...options.map(({ flags, description, value }) => {
      const named = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
      return `${here} ${named.join(' ')} -d ${quoted(description)}${value === undefined ? '' : ` -r${offered(value)}`}`;
    }),
    ...(taken.flat().length > 0 ? [`${here}${offered(taken.flat())}`] : []),
    ...subcommands.map((each) => `${here} -a ${each.name} -d ${quoted(each.summary)}`),
  ];
}

/** Fish completes files itself, unless told not to. */
function offered(offers: Offers): string {
  const listed = offers.filter((each) => !['@files', '@folders'].includes(each)).map(listing);
  const files = listed.length < offers.length ? ' -F' : '';
  return listed.length === 0 ? files : `${files} -a ${quoted(listed.join(' '))}`;
}

function listing(offer: string): string {
  if (offer === '@manifests') return '(__bakeoff_manifests)';
  return offer.startsWith('@ids:') ? `(__bakeoff_ids ${offer.slice('@ids:'.length)})` : offer;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`;
}
