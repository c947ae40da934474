// The container engine of these checks: the workplace's own (../shared/tools/docker-engine) if there is one, otherwise
// the local docker.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../support/checks.mjs';

const tool = join(root, '../shared/tools/docker-engine');
const TOOL_SOCKET = 'unix:///run/docker-check/docker.sock';
export const bases = {
  NODE_IMAGE: 'node:22-bookworm-slim',
  RUNTIME_IMAGE: 'debian:bookworm-slim',
};

/**
 * Starts or finds the engine; undefined if there is none. `standIns`: base images are Debian with this machine's Node,
 * not the real ones.
 */
export function openEngine() {
  if (!existsSync(tool))
    return run('docker', ['info']).passed ? { standIns: false, close: () => undefined } : undefined;
  const wasRunning = run('docker', ['--host', TOOL_SOCKET, 'info']).passed;
  if (!run(tool, ['start', ...Object.values(bases)]).passed) return undefined;
  // This engine has only the classic builder.
  Object.assign(process.env, { DOCKER_HOST: TOOL_SOCKET, DOCKER_BUILDKIT: '0' });
  return { standIns: true, close: () => void (wasRunning || run(tool, ['stop'])) };
}

export const docker = (...args) => run('docker', args);

/** `docker compose`, or docker-compose; undefined if neither is installed. */
export function findCompose() {
  const found = [['docker', 'compose'], ['docker-compose']].find(
    ([program, ...args]) => run(program, [...args, 'version']).passed,
  );
  if (found === undefined) return undefined;
  const [program, ...first] = found;
  return (args, env) => run(program, [...first, ...args], { env: { ...process.env, ...env } });
}

/** Builds a target of the Dockerfile. Builds reach package registries through the machine's own network. */
export function build(target, tag, buildArgs = {}) {
  return new Promise((resolve) => {
    const args = Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`);
    const child = spawn('docker', ['build', '--network=host', `--target=${target}`, `--tag=${tag}`, ...args, root], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.on('close', (status) => resolve({ passed: status === 0, status, stdout, stderr: '' }));
  });
}

export function inspect(image) {
  const [facts] = JSON.parse(docker('image', 'inspect', image).stdout);
  return facts;
}

export const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
