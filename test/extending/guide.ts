import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../support/bakeoff.ts';

/** What docs/extending.md does to one file: a whole new one, or changed lines. */
export interface Change {
  readonly path: string;
  /** Makes the file's new text from its old one, if there is one. */
  readonly apply: (before: string | undefined) => string;
}

/** One `##` section of the page. */
export interface Section {
  readonly title: string;
  readonly changes: readonly Change[];
  /** Items of its numbered list. */
  readonly steps: number;
}

interface Block {
  readonly language: string;
  /** Its first line, a comment. */
  readonly path: string;
  readonly code: string;
}

const text = readFileSync(join(repository, 'docs/extending.md'), 'utf8');

export const sections: readonly Section[] = text
  .split(/^## /m)
  .slice(1)
  .map((section) => ({
    title: section.slice(0, section.indexOf('\n')),
    changes: blocksOf(section).flatMap(({ language, path, code }): Change[] => {
      if (language === 'ts') return [{ path, apply: (before) => createdFile(path, before, code) }];
      if (language === 'diff') return [{ path, apply: (before) => changedFile(path, before, code) }];
      return [];
    }),
    steps: section.match(/^\d+\. /gm)?.length ?? 0,
  }));

/** The manifest that uses everything that the page adds. */
export const manifest: string = blocksOf(text).find(({ language }) => language === 'yaml')?.code ?? '';

/** The rows of the page's table: what to add, and how many files that touches. */
export const counts: readonly { readonly title: string; readonly files: number }[] = [
  ...text.matchAll(/^\| \[.*\]\(#(.*)\) \| (\d+).* \|$/gm),
].map(([, anchor = '', files]) => ({ title: anchor.replaceAll('-', ' '), files: Number(files) }));

/** Files and folders of the repository that the page names. */
export const namedPaths: readonly string[] = [
  ...text.matchAll(/`((?:packages|test|docs|infra|schema|scripts|experiments)\/[^`\s]+|[a-z]+\.(?:yaml|json))`/g),
].map(([, path = '']) => path);

function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(ts|diff|yaml)\n(?:\/\/|#) (\S+)\n([^]*?)^```$/gm)].map(
    ([, language = '', path = '', code = '']) => ({ language, path, code }),
  );
}

function createdFile(path: string, before: string | undefined, code: string): string {
  if (before !== undefined) throw new Error(`docs/extending.md adds ${path}, which is there already`);
  return code;
}

/** Replaces, hunk by hunk (`@@` stands between them), the lines without a plus by those without a minus. */
function changedFile(path: string, before: string | undefined, diff: string): string {
  return diff.split(/^@@\n/m).reduce((code, hunk) => {
    const lines = hunk.split('\n').filter((line) => line !== '');
    const side = (omitted: string): string =>
      lines.flatMap((line) => (line.startsWith(omitted) ? [] : [`${line.slice(1)}\n`])).join('');
    const [old, changed] = [side('+'), side('-')];
    if (code.split(old).length !== 2)
      throw new Error(`docs/extending.md changes lines that ${path} has not, or has twice:\n${old}`);
    return code.replace(old, () => changed);
  }, before ?? '');
}
