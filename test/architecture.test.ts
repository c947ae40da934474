import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/**
 * Which of our packages each package may import. A stage never imports another stage; infra knows only the contract.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  // The types of the scores in records are defined with the metrics.
  core: ['statistics'],
  statistics: [],
  kernels: [],
  'wasm-kernels': ['kernels'],
  'tensorflow-kernels': ['kernels'],
  engine: ['core', 'kernels', 'wasm-kernels', 'tensorflow-kernels'],
  model: ['core', 'kernels', 'engine'],
  'data-prep': ['core'],
  trainer: ['core', 'statistics', 'kernels', 'engine', 'model'],
  evaluator: ['core', 'statistics', 'engine', 'model'],
  report: ['core', 'statistics'],
  cli: ['core', 'statistics', 'engine', 'model', 'data-prep', 'trainer', 'evaluator', 'report'],
  infra: ['core'],
};

/**
 * The cli's folders, each listed before those it may import: tasks do not know places, estimates know tasks alone, places do not know views, and
 * views do not know commands.
 */
const layers = [
  'process',
  'machine',
  'plans',
  'tasks',
  'estimates',
  'stages',
  'places',
  'progress',
  'doctor',
  'init',
  'aws',
  'watch',
  'commands',
] as const;

/** Programs in addition to what packages export. */
const scripts: Readonly<Record<string, readonly string[]>> = {
  report: ['src/client/main.ts', 'src/client/live-main.ts'],
  infra: ['bin/bakeoff.ts'],
};

interface SourceFile {
  /** Relative to the repository's root. */
  readonly path: string;
  /** A key of `allowed`. */
  readonly package: string;
  readonly imports: readonly string[];
  /** The source without comments. */
  readonly code: string;
}

interface PackageJson {
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const sources = Object.keys(allowed).flatMap((name) => readPackage(name));
/**
 * What the packages export, and what those modules import. Excludes tests, test helpers, benchmarks and build scripts.
 */
const product = reachable(Object.keys(allowed).flatMap((name) => entryPoints(name)));

describe('architecture', () => {
  it('reads the sources of every package', () => {
    for (const name of Object.keys(allowed)) {
      const files = product.filter((file) => file.package === name);
      expect(files.length, name).toBeGreaterThan(5);
      expect(files.filter(({ path }) => path.endsWith('.test.ts'))).toEqual([]);
    }
    expect(
      findImports("import a from 'b';\nexport * from \"./c.ts\"; await import('d'); import 'e'; require('f')"),
    ).toEqual(['b', './c.ts', 'd', 'e', 'f']);
  });

  it('what only tests use is in testing/, which no product code imports', () => {
    expect(product.filter(isHelper).map(({ path }) => path)).toEqual([]);
    expect(importsOf(product, (target) => target.endsWith('/testing'))).toEqual([]);
    const reached = new Set(product);
    const homeless = sources.filter(
      (file) =>
        !reached.has(file) &&
        !isHelper(file) &&
        /^(packages\/[^/]+\/src|infra\/lib)\//.test(file.path) &&
        !file.path.endsWith('.test.ts'),
    );
    expect(homeless.map(({ path }) => path)).toEqual([]);
  });

  it('imports between packages point one way', () => {
    const wrong = product.flatMap(({ path, package: from, imports }) =>
      imports
        .filter((target) => target.startsWith('@bakeoff/') && !allowed[from]?.includes(target.split('/')[1] ?? ''))
        .map((target) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('imports of our packages are declared, including those of tests, because nx follows package.json', () => {
    const wrong = sources.flatMap(({ path, package: name, imports }) => {
      const { dependencies, devDependencies } = readPackageJson(name);
      const declared = { ...dependencies, ...devDependencies };
      return imports
        .map((target) => /^@bakeoff\/[^/]+/.exec(target)?.[0])
        .filter((target) => target !== undefined && !(target in declared))
        .map((target) => `${path} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('no relative import leaves its package', () => {
    const wrong = sources.flatMap(({ path, package: name, imports }) =>
      imports
        .filter(
          (target) =>
            target.startsWith('.') && relative(folderOf(name), join(root, path, '..', target)).startsWith('..'),
        )
        .map((target) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('no layer of the cli imports a higher one', () => {
    const cli = product.filter((file) => file.package === 'cli');
    expect(cli.filter(({ path }) => layerOf(path) < 0).map(({ path }) => path)).toEqual([]);
    const wrong = cli.flatMap(({ path, imports }) =>
      imports
        .filter((target) => target.startsWith('.') && layerOf(join(path, '..', target)) > layerOf(path))
        .map((target) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('the kernels depend only on TensorFlow.js', () => {
    const wrong = importsOf(
      product.filter((file) => file.package.endsWith('kernels')),
      (target) => !/^(\.|node:|@tensorflow\/|@bakeoff\/kernels$)/.test(target),
    );
    expect(wrong).toEqual([]);
  });

  it('statistics are pure: they import only their own files, so that they run in Node and in the page', () => {
    const wrong = importsOf(
      product.filter((file) => file.package === 'statistics'),
      (target) => !target.startsWith('.'),
    );
    expect(wrong).toEqual([]);
  });

  it('only core/s3 imports the S3 client', () => {
    const wrong = importsOf(
      sources.filter(({ path }) => !path.startsWith('packages/core/src/s3/')),
      (target) => target.startsWith('@aws-sdk/client-s3'),
    );
    expect(wrong).toEqual([]);
  });

  it('only the CLI imports other AWS clients', () => {
    const wrong = importsOf(
      product.filter((file) => file.package !== 'cli' && !file.path.startsWith('packages/core/src/s3/')),
      (target) => target.startsWith('@aws-sdk/') || target.startsWith('@smithy/'),
    );
    expect(wrong).toEqual([]);
  });

  it('only infra imports CDK', () => {
    const wrong = importsOf(
      sources.filter((file) => file.package !== 'infra'),
      (target) => /^(aws-cdk|constructs$|cdk-nag)/.test(target),
    );
    expect(wrong).toEqual([]);
  });

  it('random numbers are seeded everywhere', () => {
    expect(mentions(sources, /\bMath\s*\.\s*random\b/)).toEqual([]);
  });

  it('only the CLI reads the environment, the command line and the clock', () => {
    const stages = product.filter((file) => file.package !== 'cli' && file.package !== 'infra' && !isForBrowser(file));
    expect(
      mentions(
        stages,
        /\bprocess\s*\.\s*(env|argv)\b|\bnew Date\(\s*\)|\bDate\s*\.\s*now\b|\bperformance\s*\.\s*now\b|\bprocess\s*\.\s*hrtime\b/,
      ),
    ).toEqual([]);
    expect(importsOf(stages, (target) => target === 'node:perf_hooks')).toEqual([]);
  });
});

function folderOf(name: string): string {
  return join(root, name === 'infra' ? 'infra' : `packages/${name}`);
}

function readPackage(name: string): SourceFile[] {
  const folder = folderOf(name);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) =>
        /\.(ts|tsx|mjs)$/.test(path) && !/(^|\/)(node_modules|dist|cdk\.out)\//.test(path) && !path.endsWith('.d.ts'),
    )
    .map((path) => {
      const code = readFileSync(join(folder, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
      return { path: relative(root, join(folder, path)), package: name, imports: findImports(code), code };
    });
}

function readPackageJson(name: string): PackageJson {
  return JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8')) as PackageJson;
}

function entryPoints(name: string): string[] {
  const { exports } = readPackageJson(name);
  // What './testing' exports to other packages' tests is not product code.
  const exported = Object.entries(exports).filter(([path]) => path !== './testing');
  return [...exported.map(([, path]) => path), ...(scripts[name] ?? [])].map((path) =>
    join(relative(root, folderOf(name)), path),
  );
}

function reachable(paths: readonly string[]): SourceFile[] {
  const byPath = new Map(sources.map((file) => [file.path, file]));
  const found = new Set<SourceFile>();
  const visit = (path: string): void => {
    const file = byPath.get(path);
    if (file === undefined || found.has(file)) return;
    found.add(file);
    for (const target of file.imports) if (target.startsWith('.')) visit(join(path, '..', target));
  };
  for (const path of paths) visit(path);
  return [...found];
}

/** The layer of a file of the cli; files in no folder are above all layers. */
function layerOf(path: string): number {
  const [, folder = ''] = /^packages\/cli\/src\/(?:([^/]+)\/)?[^/]/.exec(path) ?? [];
  return folder === '' ? layers.length : layers.indexOf(folder as (typeof layers)[number]);
}

/** Used only by tests. */
function isHelper({ path }: SourceFile): boolean {
  return path.includes('/testing/');
}

/** The report's script runs in the reader's browser. */
function isForBrowser({ path }: SourceFile): boolean {
  return path.startsWith('packages/report/src/client/');
}

function findImports(code: string): string[] {
  const pattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\brequire\s*\(\s*|\bresolve\s*\(\s*)(['"])([^'"\n]+)\1/g;
  return [...code.matchAll(pattern)].map((match) => match[2] ?? '');
}

function importsOf(files: readonly SourceFile[], forbidden: (target: string) => boolean): string[] {
  return files.flatMap(({ path, imports }) => imports.filter(forbidden).map((target) => `${path} imports ${target}`));
}

function mentions(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.filter(({ code }) => pattern.test(code)).map(({ path, code }) => `${path}: ${pattern.exec(code)?.[0]}`);
}
