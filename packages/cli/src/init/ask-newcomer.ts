import { homedir } from 'node:os';
import { nearestNames, UserError } from '@bakeoff/core';
import { hanging, wrapWords } from '../progress/hanging.ts';
import { findFolder, findImages, type FoundImages, plainSources } from './choose-images.ts';
import { freeFile, requireWritable } from './manifest-file.ts';
import { type TemplateName, templateNames } from './template-names.ts';
import { DEFAULT_SOURCE, DEFAULT_TEMPLATE, templates } from './templates.ts';

/** How questions reach a person. */
export interface Newcomer {
  /** Asks a question, and returns the answer, which may be empty. */
  readonly ask: (question: string) => Promise<string>;
  readonly say: (text: string) => void;
  /** Width of the terminal. */
  readonly columns: number;
}

/** Asks until there is an answer that is right, and says what is wrong with others. */
async function askUntil<T>(question: string, { ask, say }: Newcomer, read: (answer: string) => Promise<T> | T) {
  for (;;) {
    const answer = await ask(question);
    try {
      return await read(answer);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      say(error.message);
    }
  }
}

export async function askForTemplate(newcomer: Newcomer): Promise<TemplateName> {
  const labels = templateNames.map((name, i) => `  ${i + 1}  ${name}`);
  const labelWidth = Math.max(...labels.map((label) => label.length));
  const lines = templateNames.flatMap((name, i) =>
    hanging(labels[i]!, templates[name].about, { columns: newcomer.columns - 1, labelWidth }),
  );
  newcomer.say(['What do you want to compare?', ...lines].join('\n'));
  return askUntil(`1 to ${templateNames.length} [1]:`, newcomer, (answer) => {
    if (answer === '') return DEFAULT_TEMPLATE;
    const chosen = templateNames[Number(answer) - 1] ?? (nearestNames(answer, templateNames)[0] as TemplateName);
    if (chosen !== undefined) return chosen;
    throw new UserError({
      what: 'that is none of them',
      received: answer,
      allowed: `1 to ${templateNames.length}, or ${templateNames.join(', ')}`,
    });
  });
}

/** Undefined: the images are the template's own. */
export async function askForImages(template: TemplateName, newcomer: Newcomer): Promise<FoundImages | undefined> {
  const { images } = templates[template];
  if (images === 'own') return undefined;
  if (images === 'any') {
    const offered = `Images: ${plainSources.join(', ')}, or a folder of pictures`;
    newcomer.say(wrapWords(offered, newcomer.columns - 1).join('\n'));
    return askUntil(`Images [${DEFAULT_SOURCE}]:`, newcomer, (text) =>
      findImages(text === '' ? DEFAULT_SOURCE : typedPath(text)),
    );
  }
  return askUntil('Folder of your pictures, with one folder per class:', newcomer, async (text) => {
    const found = text === '' ? undefined : await findFolder(typedPath(text));
    if (found !== undefined) return found;
    throw new UserError({
      what: text === '' ? 'this template needs a folder of pictures' : 'there is no such folder',
      received: text === '' ? 'no answer' : text,
      allowed: 'a folder with one folder of PNG or JPEG files per class',
    });
  });
}

export async function askForFile(slug: string, replaces: boolean, newcomer: Newcomer): Promise<string> {
  const suggested = replaces ? `${slug}.yaml` : await freeFile(slug);
  return askUntil(`File [${suggested}]:`, newcomer, (answer) =>
    requireWritable(answer === '' ? suggested : typedPath(answer), replaces),
  );
}

/** A path as a shell would read it: a folder that is dragged to a terminal arrives in quotes. */
function typedPath(text: string): string {
  return text.replace(/^(['"])(.*)\1$/, '$2').replace(/^~(?=\/|$)/, homedir());
}
