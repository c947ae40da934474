// Builds the WebAssembly modules and the addons of all platforms on this machine into ../prebuilt/ with zig's Clang, and
// their sizes and SHA-256 into ../prebuilt/native-checksums.json. The same sources give the same bytes on any machine.
//   usage: node build.mjs [--check] [NAME…]     e.g. node build.mjs kernels-simd kernels-relaxed-simd linux-x64
// --check builds in a temporary folder and compares with ../prebuilt/ instead. Needs the pinned zig: `pip install
// ziglang==VERSION`, or the command that ZIG names. Only those who change native/ need it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The one place that pins it; another version's Clang gives other bytes. */
export const ZIG_VERSION = '0.17.1';
/** Formats the C++ by .clang-format; `pip install clang-format`. */
export const CLANG_FORMAT_VERSION = '23.1.5';

const sources = import.meta.dirname;
const prebuilt = join(sources, '../prebuilt');
const CHECKSUMS = 'native-checksums.json';
const headers = dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json'));

const avx2 = ['-DISA=avx2', '-DWIDTH=8', '-mcpu=x86_64_v3'];
const avx512 = ['-DISA=avx512', '-DWIDTH=16', '-mcpu=x86_64_v4', '-mprefer-vector-width=512'];
const neon = ['-DISA=neon', '-DWIDTH=4'];
// Nothing is linked on Linux: malloc, memcpy and memset are those of the process, glibc's or musl's.
const ownNothing = ['-nostdlib', '-Wl,--build-id=none'];

/** Per platform: zig's target, the processor that any code but the kernels needs, the sets of kernels, how it is linked. */
const platforms = {
  'linux-x64': { target: 'x86_64-linux-gnu.2.17', baseline: 'x86_64', sets: [avx512, avx2], link: ownNothing },
  'linux-arm64': { target: 'aarch64-linux-gnu.2.17', baseline: 'generic', sets: [neon], link: ownNothing },
  'darwin-arm64': {
    target: 'aarch64-macos.11.0',
    baseline: 'apple_m1',
    sets: [neon],
    link: ['-Wl,-undefined,dynamic_lookup'],
  },
  'win32-x64': { target: 'x86_64-windows-gnu', baseline: 'x86_64', sets: [avx512, avx2], link: ['node.lib'] },
};

/** The WebAssembly modules, by the features that they need beyond those of any runtime with SIMD. */
const modules = { 'kernels-simd': [], 'kernels-relaxed-simd': ['relaxed-simd'] };

const compile = [
  '-std=c++20',
  '-O3',
  '-g0',
  '-fno-exceptions',
  '-fno-rtti',
  // Every width computes the bits of the relaxed-SIMD build: only what the source fuses is fused.
  '-ffp-contract=off',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Wno-psabi',
  '-Wno-unused-function',
  '-Wno-unused-parameter',
];

function findZig() {
  // The linker of Windows writes the time into the file.
  const env = { ...process.env, SOURCE_DATE_EPOCH: '0' };
  const asked = process.env.ZIG?.split(' ');
  for (const [command, ...first] of asked ? [asked] : [['zig'], ['python-zig'], ['python3', '-m', 'ziglang']]) {
    const zig = (args, options) =>
      execFileSync(command, [...first, ...args], { stdio: 'pipe', encoding: 'utf8', env, ...options });
    try {
      if (zig(['version']).trim() === ZIG_VERSION) return zig;
    } catch {
      // The next one.
    }
  }
  throw new Error(`There is no zig ${ZIG_VERSION}: pip install ziglang==${ZIG_VERSION}, or set ZIG to the command.`);
}

/** @returns {Buffer} the addon's bytes */
function buildPlatform(zig, name, folder) {
  const { target, baseline, sets, link } = platforms[name];
  const run = (args) => zig(args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  const object = (source, output, more) =>
    run([
      'c++',
      '-c',
      '-target',
      target,
      ...compile,
      '-fPIC',
      '-fvisibility=hidden',
      `-ffile-prefix-map=${sources}=native`,
      '-isystem',
      join(headers, 'include'),
      ...more,
      join(sources, source),
      '-o',
      output,
    ]);
  object('addon.cc', 'addon.o', [`-mcpu=${baseline}`]);
  const objects = sets.map((flags, i) => {
    object('kernels.cc', `kernels-${i}.o`, [`-mcpu=${baseline}`, ...flags]);
    return `kernels-${i}.o`;
  });
  if (link.includes('node.lib'))
    run([
      'dlltool',
      '-m',
      'i386:x86-64',
      '-D',
      'node.exe',
      '-d',
      join(headers, 'def/node_api.def'),
      '-l',
      join(folder, 'node.lib'),
    ]);
  // As C: linking as C++ would compile zig's whole libc++ first, of which nothing is used.
  run(['cc', '-target', target, '-shared', '-s', 'addon.o', ...objects, ...link, '-o', `${name}.node`]);
  return readFileSync(join(folder, `${name}.node`));
}

/**
 * Binaryen optimizes what the linker wrote, because Clang leaves much of what is particular to WebAssembly to it: a fifth
 * of a training step.
 * @returns {Buffer} the module's bytes
 */
function buildModule(zig, name, folder) {
  const features = ['simd128', 'bulk-memory', 'mutable-globals', 'nontrapping-fptoint', ...modules[name]];
  const linked = join(folder, 'linked.wasm'),
    optimized = join(folder, `${name}.wasm`);
  zig(
    [
      'c++',
      '-target',
      'wasm32-freestanding',
      `-mcpu=generic+${features.join('+').replaceAll('-', '_')}`,
      ...compile,
      '-nostdlib',
      '-DISA=wasm',
      '-DWIDTH=4',
      join(sources, 'wasm.cc'),
      '-o',
      linked,
      '-Wl,--no-entry,--import-memory,--strip-all,--export=__stack_pointer',
    ],
    { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const enabled = ['simd', 'bulk-memory', 'mutable-globals', 'nontrapping-float-to-int', ...modules[name]];
  const tools = join(dirname(fileURLToPath(import.meta.resolve('binaryen'))), 'bin');
  const options = ['-O4', '--strip-target-features', ...enabled.map((feature) => `--enable-${feature}`)];
  execFileSync(process.execPath, [join(tools, 'wasm-opt'), ...options, linked, '-o', optimized]);
  const text = execFileSync(process.execPath, [join(tools, 'wasm-dis'), '--all-features', optimized], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const loose = new Set([...text.matchAll(/\w+\.relaxed_(?!madd)\w+/g)].map(([instruction]) => instruction));
  if (loose.size > 0)
    throw new Error(`${name}.wasm has instructions whose result depends on the processor: ${[...loose].join(', ')}`);
  const bytes = readFileSync(optimized);
  const owned = sections(bytes).filter((id) => id === MEMORY_SECTION || id === DATA_SECTION);
  if (owned.length > 0)
    throw new Error(`${name}.wasm has static data, for which TensorFlow.js's memory has no place: look for tables.`);
  return bytes;
}

const MEMORY_SECTION = 5,
  DATA_SECTION = 11;

/** The ids of a WebAssembly module's sections (WebAssembly Core Specification, 5.5.2). */
function sections(module) {
  const ids = [];
  for (let at = 8; at < module.length;) {
    ids.push(module[at++]);
    let size = 0;
    for (let shift = 0, byte = 0x80; byte & 0x80; shift += 7) {
      byte = module[at++];
      size |= (byte & 0x7f) << shift;
    }
    at += size;
  }
  return ids;
}

/** What there is to build, by name: its file, and the function that returns its bytes. */
const targets = Object.fromEntries([
  ...Object.keys(modules).map((name) => [name, { file: `${name}.wasm`, build: buildModule }]),
  ...Object.keys(platforms).map((name) => [name, { file: `${name}.node`, build: buildPlatform }]),
]);

const describe = (bytes) => ({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });

function readChecksums() {
  try {
    return JSON.parse(readFileSync(join(prebuilt, CHECKSUMS), 'utf8'));
  } catch {
    return {};
  }
}

/** Written under another name first: a process that has mapped the old file keeps it. */
function place(name, content) {
  writeFileSync(join(prebuilt, `.${name}`), content);
  renameSync(join(prebuilt, `.${name}`), join(prebuilt, name));
}

function main(args) {
  const isCheck = args.includes('--check'),
    named = args.filter((name) => name !== '--check');
  const unknown = named.find((name) => !Object.hasOwn(targets, name));
  if (unknown !== undefined)
    throw new Error(`Nothing to build is named ${unknown}; there are: ${Object.keys(targets).join(', ')}`);
  const zig = findZig(),
    folder = mkdtempSync(join(tmpdir(), 'native-kernels-'));
  mkdirSync(prebuilt, { recursive: true });
  const checksums = readChecksums();
  try {
    for (const name of named.length > 0 ? named : Object.keys(targets)) {
      const { file, build } = targets[name];
      const bytes = build(zig, name, folder),
        { sha256, ...size } = describe(bytes);
      const committed = checksums[file]?.sha256;
      if (!isCheck) place(file, bytes);
      checksums[file] = { ...size, sha256 };
      const isSame = sha256 === committed;
      console.log(
        `${name}: ${(size.bytes / 1024).toFixed(0)} KiB, ${sha256}${isSame ? '' : ', not what is committed'}`,
      );
      if (isCheck && !isSame) process.exitCode = 1;
    }
    if (!isCheck) place(CHECKSUMS, `${JSON.stringify(checksums, undefined, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) main(process.argv.slice(2));
