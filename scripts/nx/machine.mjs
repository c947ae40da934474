// Prints what tests and checks depend on besides files, one fact per line. nx hashes the output.
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import { findBrowser } from '../find-browser.mjs';

const FEATURES = /^(fma|avx\w*|sse\w*|amx\w*|asimd\w*|sve\w*)$/;
const PROGRAMS = ['docker', 'podman', 'nvidia-smi', 'unshare', 'git', 'fc-list'];
const VARIABLES = /^(BAKEOFF_|AWS_|NODE_|CUDA_|NVIDIA_|TF_|XDG_|NO_COLOR|FORCE_COLOR|TZ$|LANG$|LC_|TMPDIR$|HOME$)/;
const FONT = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';

const browser = findBrowser();
const facts = {
  node: process.versions.node,
  platform: `${process.platform} ${process.arch}`,
  processor: processorFeatures(),
  cores: availableParallelism(),
  memoryGib: Math.round(totalmem() / 2 ** 30),
  user: process.getuid?.() === 0 ? 'root' : 'other',
  browser: browser === undefined ? 'none' : `${browser} ${statSync(browser).mtimeMs}`,
  font: existsSync(FONT),
  programs: PROGRAMS.filter(isOnPath),
  environment: digest(Object.entries(process.env).filter(([name]) => VARIABLES.test(name))),
};
for (const [name, value] of Object.entries(facts)) console.log(`${name}: ${value}`);

/** The processor's features as Linux names them; on other systems, only the architecture. */
function processorFeatures() {
  try {
    const flags = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
    return flags
      .split(/\s+/)
      .filter((flag) => FEATURES.test(flag))
      .toSorted()
      .join(' ');
  } catch {
    return 'unknown';
  }
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Values stay secret. */
function digest(entries) {
  return createHash('sha256')
    .update(JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex');
}
