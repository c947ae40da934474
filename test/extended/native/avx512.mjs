// The kernels at AVX-512 in Debian's Bochs, which emulates a whole machine with a processor that has it: Linux, and this
// Node on it.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { root, run, skip } from '../support/checks.mjs';
import { bundleBits, reportBits } from './bits-program.mjs';
import { unpackedDebian } from './debian.mjs';

const NAME = 'linux-x64 at AVX-512 gives the bits of WebAssembly';
const PACKAGES =
  'bochs bochsbios vgabios libltdl7 libsamplerate0 genisoimage isolinux syslinux-common busybox-static'.split(' ');
/** Its processor has the instructions that the build for AVX-512 asks for. */
const PROCESSOR = 'corei7_skylake_x';
const LIMIT_MS = 40 * 60_000;

/** Linux refuses XSAVE altogether if the sizes that Bochs gives for its compact forms are wrong, as they are. */
const ISOLINUX = `default kernels
label kernels
 kernel vmlinuz
 append initrd=files.gz console=ttyS0 quiet mitigations=off tsc=reliable lpj=100000 no_timer_check clearcpuid=xsaves,xsavec
`;

const INIT = `#!/bin/busybox sh
/bin/busybox mount -t proc none /proc
/bin/busybox mount -t devtmpfs none /dev
/bin/busybox echo BEGIN
/bin/node /app/print-bits.mjs avx512 2>&1
status=$?
/bin/busybox echo
/bin/busybox echo END $status
/bin/busybox sleep 1
/bin/busybox poweroff -f
`;

const MACHINE = `display_library: rfb, options="timeout=0"
romimage: file=BIOS-bochs-latest
vgaromimage: file=vgabios.bin
cpu: model=${PROCESSOR}, ips=100000000, reset_on_triple_fault=0
memory: guest=1024, host=1024
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path=boot.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=serial.txt
clock: sync=none
panic: action=fatal
log: log
`;

await checkAvx512();

async function checkAvx512() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return skip(NAME, 'not linux-x64');
  if (/avx512f/.test(readFileSync('/proc/cpuinfo', 'utf8')))
    return skip(NAME, `this processor (${cpus()[0]?.model}) runs the tests at this width`);
  const debian = unpackedDebian('bochs', [...PACKAGES, newestKernel()]);
  if (debian === undefined) return skip(NAME, "Debian's bochs cannot be downloaded");
  const folder = mkdtempSync(join(tmpdir(), 'avx512-'));
  try {
    const program = await bundleBits(join(root, 'packages/wasm-kernels'), join(folder, 'app'));
    const here = run(process.execPath, [program, 'off']);
    const made = makeDisc(debian, folder);
    reportBits(NAME, here, made.passed ? emulate(debian, folder) : made);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The package that `linux-image-cloud-amd64` stands for. */
function newestKernel() {
  const { stdout } = run('apt-cache', ['depends', 'linux-image-cloud-amd64']);
  return /Depends: (\S+)/.exec(stdout)?.[1] ?? 'linux-image-cloud-amd64';
}

/** A disc that starts Linux, with the program, Node and its libraries in its first file system. */
function makeDisc(debian, folder) {
  const [tree, disc] = [join(folder, 'tree'), join(folder, 'disc')];
  for (const path of ['bin', 'proc', 'dev']) mkdirSync(join(tree, path), { recursive: true });
  mkdirSync(disc);
  cpSync(join(folder, 'app'), join(tree, 'app'), { recursive: true });
  const busybox = join(debian, 'bin/busybox');
  copyFileSync(busybox, join(tree, 'bin/busybox'));
  const node = realpathSync(process.execPath);
  copyFileSync(node, join(tree, 'bin/node'));
  for (const [, path] of run('ldd', [node]).stdout.matchAll(/(\/\S+) \(/g)) {
    mkdirSync(join(tree, dirname(path)), { recursive: true });
    copyFileSync(path, join(tree, path));
  }
  writeFileSync(join(tree, 'init'), INIT);
  chmodSync(join(tree, 'init'), 0o755);
  const kernel = readdirSync(join(debian, 'boot')).find((name) => name.startsWith('vmlinuz-'));
  copyFileSync(join(debian, 'boot', kernel), join(disc, 'vmlinuz'));
  for (const path of ['usr/lib/ISOLINUX/isolinux.bin', 'usr/lib/syslinux/modules/bios/ldlinux.c32'])
    copyFileSync(join(debian, path), join(disc, basename(path)));
  writeFileSync(join(disc, 'isolinux.cfg'), ISOLINUX);
  const packed = run(
    'sh',
    ['-c', `strip bin/node 2>/dev/null; find . | ${busybox} cpio -o -H newc | gzip -1 > ${disc}/files.gz`],
    { cwd: tree },
  );
  if (!packed.passed) return packed;
  const boot = ['-b', 'isolinux.bin', '-c', 'boot.cat', '-no-emul-boot', '-boot-load-size', '4', '-boot-info-table'];
  return run(join(debian, 'usr/bin/genisoimage'), ['-quiet', '-o', join(folder, 'boot.iso'), ...boot, disc]);
}

/** What the program printed on the emulated machine. All paths are short: Bochs ends at long ones. */
function emulate(debian, folder) {
  const roms = ['usr/share/bochs/BIOS-bochs-latest', 'usr/share/vgabios/vgabios.bin'];
  for (const path of roms) copyFileSync(join(debian, path), join(folder, basename(path)));
  symlinkSync(join(debian, 'usr/lib/x86_64-linux-gnu'), join(folder, 'lib'));
  writeFileSync(join(folder, 'machine'), MACHINE);
  // Debian's Bochs is its debugger, which waits for a command before it starts.
  writeFileSync(join(folder, 'commands'), 'continue\n');
  const libraries = { LD_LIBRARY_PATH: 'lib', LTDL_LIBRARY_PATH: 'lib/bochs/plugins' };
  const machine = run(join(debian, 'usr/bin/bochs-bin'), ['-q', '-f', 'machine', '-rc', 'commands'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    env: { ...process.env, ...libraries },
  });
  const serial = join(folder, 'serial.txt');
  const said = existsSync(serial) ? readFileSync(serial, 'utf8') : '';
  // Linux prints between the lines of the program.
  const printed = said.replaceAll('\r', '').replaceAll(/^\[ *\d+\.\d+\].*\n/gm, '');
  const [, stdout, status] = /BEGIN\s+([\s\S]*?)\s+END (\d+)/.exec(printed) ?? [];
  return stdout === undefined
    ? { ...machine, passed: false, stdout: said }
    : { passed: status === '0', stdout, stderr: '' };
}
