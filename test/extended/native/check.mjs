// The prebuilt native kernels: rebuilt with the pinned zig to the same bytes, without dependencies, loaded by musl, run as
// linux-arm64 in qemu to the same bits; and the tests of kernels, networks and trainer without them and at each width.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLANG_FORMAT_VERSION, ZIG_VERSION } from '../../../packages/wasm-kernels/native/build.mjs';
import { pythonWith, report, root, run, skip, tail, vitest } from '../support/checks.mjs';
import { checkArm64 } from './arm64.mjs';
import { dynamicSymbols } from './elf.mjs';
import { checkMusl } from './musl.mjs';

const kernels = join(root, 'packages/wasm-kernels');
/** Everything that a process with Node-API and any C library has; no function whose bits depend on the library. */
const PROVIDED = /^(napi_\w+|malloc|calloc|free|memcpy|memmove|memset)$/;

checkSources();
checkDependencies();
await checkArm64(kernels);
checkSuites();

function checkSources() {
  const python = pythonWith('native', [`ziglang==${ZIG_VERSION}`, `clang-format==${CLANG_FORMAT_VERSION}`]);
  if (python === undefined) return skip('native builds', `no Python, or no ziglang ${ZIG_VERSION}`);
  const zig = `${python} -m ziglang`;
  const built = run(process.execPath, [join(kernels, 'native/build.mjs'), '--check'], {
    env: { ...process.env, ZIG: zig },
  });
  report(
    'rebuilt WebAssembly modules and addons have the committed SHA-256',
    built.passed,
    built.passed ? '' : tail(built),
  );
  const format = run('sh', ['-c', `${join(python, '../clang-format')} --dry-run --Werror native/*.h native/*.cc`], {
    cwd: kernels,
  });
  report("the C++ is clang-format's", format.passed, format.passed ? '' : tail(format));
  checkMusl(kernels, zig);
}

function checkDependencies() {
  for (const name of ['linux-x64', 'linux-arm64']) {
    const { needed, undefinedNames } = dynamicSymbols(readFileSync(join(kernels, `prebuilt/${name}.node`)));
    const others = undefinedNames.filter((symbol) => !PROVIDED.test(symbol));
    report(
      `${name} needs no library, and no function but Node-API's and memory's`,
      needed === 0 && others.length === 0,
      needed > 0 ? `${needed} libraries` : others.join(', '),
    );
  }
}

function checkSuites() {
  const widths = run(process.execPath, [
    '-p',
    `require(${JSON.stringify(join(kernels, 'prebuilt', `${process.platform}-${process.arch}.node`))}).widths.join()`,
  ]).stdout.trim();
  // The default suites run the widest.
  for (const native of ['off', ...widths.split(',').slice(1)])
    for (const project of ['wasm-kernels', 'trainer']) {
      const passed = vitest(project, [], { BAKEOFF_NATIVE: native });
      report(
        `the tests of ${project} pass with BAKEOFF_NATIVE=${native}`,
        passed.passed,
        passed.passed ? '' : tail(passed),
      );
    }
}
