import { writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { nearestNames, UserError } from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { findSchema } from '../init/find-schema.ts';
import { chooseImages, plainSources } from '../init/choose-images.ts';
import { type TemplateName, templateNames } from '../init/template-names.ts';
import { type Images, templates } from '../init/templates.ts';
import { displayUrl } from '../plans/display-url.ts';
import type { CommandContext } from './command-context.ts';

export interface InitOptions {
  readonly template?: TemplateName;
  /** A source, or a folder of pictures. */
  readonly images?: string;
  readonly force?: boolean;
}

/** Asks a question, and returns the answer, which may be empty; undefined: there is nobody to ask. */
export type AskNewcomer = ((question: string) => Promise<string>) | undefined;

const DEFAULT_TEMPLATE = 'quickstart' satisfies TemplateName;
const DEFAULT_SOURCE = 'cifar10';

/** `bakeoff init [FILE]`: writes a manifest that works, from a template. What the options do not say is asked on a terminal. */
export async function initCommand(
  file: string | undefined,
  options: InitOptions,
  context: CommandContext,
  ask: AskNewcomer = terminalOf(context),
): Promise<number> {
  const template = options.template ?? (await chooseTemplate(options, ask, context));
  const given = options.images ?? (await askForImages(template, ask));
  const path = file ?? (await chooseFile(template, given, ask));
  const folder = dirname(resolve(path));
  const images = given === undefined ? undefined : await chooseImages(given, folder);
  requireFit(template, given, images);
  const schema = await findSchema(folder);
  const text = templates[template].write(
    slugOf(basename(path).replace(/\.[^.]*$/, '')),
    images ?? { source: DEFAULT_SOURCE },
  );
  await writeNew(path, `${schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`}${text}`, options);
  context.output.write(`${closing(displayUrl(resolve(path)), template)}\n`);
  return ExitCode.done;
}

function terminalOf({ messages, signal }: CommandContext): AskNewcomer {
  if (!process.stdin.isTTY) return undefined;
  return async (question) => {
    const { ask } = await import('../aws/confirm.ts');
    return ask(question, { messages, signal, fix: 'give options' });
  };
}

async function chooseTemplate(
  { images }: InitOptions,
  ask: AskNewcomer,
  { messages }: CommandContext,
): Promise<TemplateName> {
  if (images !== undefined) return plainSources.includes(images) ? 'sweep' : 'folder';
  if (ask === undefined) return DEFAULT_TEMPLATE;
  const width = Math.max(...templateNames.map((name) => name.length));
  const lines = templateNames.map((name, i) => `  ${i + 1}  ${name.padEnd(width)}  ${templates[name].about}`);
  messages.write(`What do you want to compare?\n${lines.join('\n')}\n`);
  for (;;) {
    const answer = await ask(`1 to ${templateNames.length} [1]`);
    if (answer === '') return DEFAULT_TEMPLATE;
    const chosen = templateNames[Number(answer) - 1] ?? (nearestNames(answer, templateNames)[0] as TemplateName);
    if (chosen !== undefined) return chosen;
  }
}

async function askForImages(template: TemplateName, ask: AskNewcomer): Promise<string | undefined> {
  const { images } = templates[template];
  if (ask === undefined || images === 'own') return undefined;
  if (images === 'folder') return ask('Folder of your pictures, with one folder per class:');
  const answer = await ask(`Images: ${plainSources.join(', ')}, or a folder of pictures [${DEFAULT_SOURCE}]`);
  return answer === '' ? undefined : answer;
}

/** @throws UserError if the template is of other images */
function requireFit(template: TemplateName, given: string | undefined, images: Images | undefined): void {
  const wanted = templates[template].images;
  if (wanted === 'own' && given !== undefined)
    throw new UserError({
      what: `the template ${template} has images of its own`,
      received: `--images ${given}`,
      allowed: templateNames.filter((name) => templates[name].images !== 'own').join(', '),
      fix: 'leave out --images, or take the template sweep',
    });
  if (wanted === 'folder' && (images === undefined || 'source' in images))
    throw new UserError({
      what: `the template ${template} needs a folder of pictures`,
      received: given === undefined ? 'no --images' : `--images ${given}`,
      allowed: 'a folder with one folder of PNG or JPEG files per class',
      fix: `bakeoff init --template ${template} --images FOLDER`,
    });
}

async function chooseFile(template: TemplateName, given: string | undefined, ask: AskNewcomer): Promise<string> {
  const named = template === 'folder' && given !== undefined ? basename(resolve(given)) : template;
  const file = `${slugOf(named)}.yaml`;
  const answer = ask === undefined ? '' : await ask(`File [${file}]`);
  return answer === '' ? file : answer;
}

/** A text as a manifest's name: see the schema of `name`. */
function slugOf(text: string): string {
  return (
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, 100) || 'manifest'
  );
}

async function writeNew(path: string, text: string, { force }: InitOptions): Promise<void> {
  try {
    await writeFile(path, text, { flag: force === true ? 'w' : 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      {
        what: code === 'EEXIST' ? 'there is such a file already' : `the manifest cannot be written (${code})`,
        received: path,
        fix:
          code === 'EEXIST'
            ? 'give another name, or --force to replace it'
            : `name a file in a folder that exists, e.g. ${join('.', basename(path))}`,
      },
      { cause: error },
    );
  }
}

function closing(path: string, template: TemplateName): string {
  const word = /\s/.test(path) ? JSON.stringify(path) : path;
  return [
    `${path}: ${templates[template].about}`,
    '',
    'next:',
    `  bakeoff plan ${word}`,
    `  bakeoff run ${word} --set maxEpochs=1 --seeds 1    a quick try of everything`,
    `  bakeoff run ${word}`,
    '',
    'docs/manifest.md lists every setting.',
  ].join('\n');
}
