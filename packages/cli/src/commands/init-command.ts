import { basename, dirname, resolve } from 'node:path';
import { UserError } from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { askForFile, askForImages, askForTemplate, type Newcomer } from '../init/ask-newcomer.ts';
import { findImages, type FoundImages, namedFrom } from '../init/choose-images.ts';
import { findSchema } from '../init/find-schema.ts';
import { requireWritable, slugOf, writeManifestFile } from '../init/manifest-file.ts';
import { type TemplateName, templateNames } from '../init/template-names.ts';
import { DEFAULT_SOURCE, DEFAULT_TEMPLATE, templates } from '../init/templates.ts';
import { displayUrl } from '../plans/display-url.ts';
import { wrapWords } from '../progress/hanging.ts';
import type { CommandContext } from './command-context.ts';

export interface InitOptions {
  readonly template?: TemplateName;
  /** A source, or a folder of pictures. */
  readonly images?: string;
  readonly force?: boolean;
}

const DEFAULT_COLUMNS = 80;

/**
 * `bakeoff init [FILE]`: writes a manifest that works, from a template. What the options do not say is asked on a
 * terminal.
 * @param newcomer Who answers; undefined: there is nobody to ask.
 */
export async function initCommand(
  file: string | undefined,
  options: InitOptions,
  context: CommandContext,
  newcomer: Newcomer | undefined = onTerminal(context),
): Promise<number> {
  const { images: given, force: replaces = false } = options;
  const asked = file === undefined ? undefined : await requireWritable(file, replaces);
  const named = given === undefined ? undefined : await findImages(given);
  const template = options.template ?? (await templateFor(named, newcomer));
  const found = named ?? (newcomer && (await askForImages(template, newcomer)));
  requireFit(template, given, found);
  const path = asked ?? (await fileFor(slugFor(template, found), replaces, newcomer));

  const folder = dirname(resolve(path));
  const schema = await findSchema(folder);
  const text = templates[template].write(
    slugOf(basename(path).replace(/\.[^.]*$/, '')),
    namedFrom(folder, found ?? { source: DEFAULT_SOURCE }),
  );
  const head = schema === undefined ? '' : `# yaml-language-server: $schema=${schema}\n`;
  await writeManifestFile(path, `${head}${text}`, replaces);
  context.output.write(`${closing(displayUrl(resolve(path)), template, context)}\n`);
  return ExitCode.done;
}

function onTerminal({ messages, signal }: CommandContext): Newcomer | undefined {
  if (!process.stdin.isTTY) return undefined;
  return {
    ask: async (question) => {
      const { ask } = await import('../aws/confirm.ts');
      return ask(question, { messages, signal, fix: 'give the answers as options: bakeoff init --help' });
    },
    say: (text) => void messages.write(`${text}\n`),
    columns: messages.columns ?? DEFAULT_COLUMNS,
  };
}

async function templateFor(images: FoundImages | undefined, newcomer: Newcomer | undefined): Promise<TemplateName> {
  if (images !== undefined) return 'folder' in images ? 'folder' : 'sweep';
  return newcomer === undefined ? DEFAULT_TEMPLATE : askForTemplate(newcomer);
}

async function fileFor(slug: string, replaces: boolean, newcomer: Newcomer | undefined): Promise<string> {
  return newcomer === undefined ? requireWritable(`${slug}.yaml`, replaces) : askForFile(slug, replaces, newcomer);
}

/** What the file is called that has no name: after the folder of pictures, or the template. */
function slugFor(template: TemplateName, images: FoundImages | undefined): string {
  return slugOf(images !== undefined && 'folder' in images ? basename(resolve(images.given)) : template);
}

/** @throws UserError if the template is of other images */
function requireFit(template: TemplateName, given: string | undefined, images: FoundImages | undefined): void {
  const wanted = templates[template].images;
  if (wanted === 'own' && given !== undefined)
    throw new UserError({
      what: `the template ${template} has images of its own`,
      received: `--images ${given}`,
      allowed: templateNames.filter((name) => templates[name].images !== 'own').join(', '),
      fix: 'leave out --images, or take the template sweep',
    });
  if (wanted === 'folder' && (images === undefined || !('folder' in images)))
    throw new UserError({
      what: `the template ${template} needs a folder of pictures`,
      received: given === undefined ? 'no --images' : `--images ${given}`,
      allowed: 'a folder with one folder of PNG or JPEG files per class',
      fix: `bakeoff init --template ${template} --images FOLDER`,
    });
}

function closing(
  path: string,
  template: TemplateName,
  { output: { columns = DEFAULT_COLUMNS } }: CommandContext,
): string {
  const word = /\s/.test(path) ? JSON.stringify(path) : path;
  return [
    ...wrapWords(`${path}: ${templates[template].about}`, columns - 1),
    '',
    'next:',
    `  bakeoff plan ${word}`,
    `  bakeoff run ${word} --set maxEpochs=1 --seeds 1    a quick try of everything`,
    `  bakeoff run ${word}`,
    '',
    'docs/manifest.md lists every setting.',
  ].join('\n');
}
