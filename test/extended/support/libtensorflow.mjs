// A libtensorflow to build the TensorFlow binding with: PyPI’s tensorflow-cpu, laid out as the archive that
// TFJS_NODE_BASE_URI points to, and a server for it. It runs on CPUs: in the GPU image, it proves the layout, but not
// CUDA.
import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

export const ARCHIVE = 'gpu-linux-x86_64-2.9.1.tar.gz';

/** The same address each time, so that a builder finds the layer it cached. */
const PORT = 41877;

const repack = `
import sys, zipfile, tarfile, io
wheel, target = sys.argv[1:]
source = zipfile.ZipFile(wheel)
with tarfile.open(target, 'w:gz', compresslevel=1) as archive:
    for entry in source.infolist():
        name = entry.filename
        if name.startswith(('tensorflow/include/tensorflow/c/', 'tensorflow/include/tensorflow/core/platform/', 'tensorflow/include/tsl/', 'tensorflow/include/xla/tsl/')) and name.endswith('.h'):
            place = name.removeprefix('tensorflow/')
        elif name in ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'):
            place = 'lib/' + name.removeprefix('tensorflow/')
        else:
            continue
        member = tarfile.TarInfo(place)
        member.size, member.mode = entry.file_size, 0o755
        archive.addfile(member, source.open(entry))
    for link, to in (('libtensorflow.so', 'libtensorflow_cc.so.2'), ('libtensorflow.so.2', 'libtensorflow_cc.so.2'), ('libtensorflow_framework.so', 'libtensorflow_framework.so.2')):
        member = tarfile.TarInfo('lib/' + link)
        member.type, member.linkname = tarfile.SYMTYPE, to
        archive.addfile(member)
`;

/** The archive's path, created at the first call; throws if the wheel is not available. */
export function makeLibtensorflow(cacheFolder) {
  const archive = join(cacheFolder, ARCHIVE);
  if (existsSync(archive)) return archive;
  mkdirSync(cacheFolder, { recursive: true });
  const findWheel = () => readdirSync(cacheFolder).find((name) => /^tensorflow_cpu-.*\.whl$/.test(name));
  if (findWheel() === undefined)
    run('pip3', [
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary',
      ':all:',
      '--python-version',
      '3.11',
      '--platform',
      'manylinux_2_27_x86_64',
      '--dest',
      cacheFolder,
      'tensorflow-cpu==2.21.0',
    ]);
  run('python3', ['-c', repack, join(cacheFolder, findWheel()), `${archive}.part`]);
  renameSync(`${archive}.part`, archive);
  return archive;
}

/**
 * Serves one file on the loopback interface. The address ends where the package's install script appends the archive's
 * name.
 */
export async function serveFile(file) {
  const server = createServer((request, response) => {
    if (request.url !== `/${basename(file)}`) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-length': statSync(file).size });
    createReadStream(file).pipe(response);
  });
  await listen(server, PORT).catch(() => listen(server, 0));
  return { baseUri: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

function listen(server, port) {
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
}

function run(command, args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${command} ${args[0]} failed: ${(error?.message ?? stderr).trim().split('\n').at(-1)}`);
}
