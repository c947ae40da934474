// AWS on this machine: moto's server with a deployment, and `bakeoff` calls against it.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root, run } from '../support/checks.mjs';

const program = join(root, 'packages/cli/bin/bakeoff.js');

/** Synthesizes the template as `cdk synth` does, without an account, a network or Docker. Settings as in cdk.json. */
export function synthesize(folder, settings = {}) {
  const { context } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const result = run(process.execPath, ['--import', 'tsx', 'infra/bin/bakeoff.ts'], {
    env: {
      ...process.env,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, bakeoff: settings }),
      CDK_OUTDIR: folder,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    },
  });
  return { ...result, template: join(folder, 'Bakeoff.template.json') };
}

/** Starts the server, without any resources. Its jobs run a program, by default this clone's `bakeoff`. */
export async function startServer(python, jobProgram = program) {
  const folder = mkdtempSync(join(tmpdir(), 'bakeoff-aws-'));
  const jobs = join(folder, 'jobs');
  mkdirSync(jobs);
  const port = await freePort();
  const server = spawn(
    python,
    [join(import.meta.dirname, 'server.py'), String(port), jobs, process.execPath, jobProgram],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const ready = await Promise.race([
    new Promise((resolve) =>
      createInterface({ input: server.stdout }).on('line', (line) => line === 'ready' && resolve(true)),
    ),
    new Promise((resolve) => server.once('exit', () => resolve(false))),
  ]);
  if (!ready) throw new Error('the server did not start');
  return {
    folder,
    jobs,
    port,
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      BAKEOFF_CACHE: join(folder, 'cache'),
      // What the command line remembers, such as the stores of earlier calls.
      XDG_CACHE_HOME: join(folder, 'memory'),
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    },
    close: async () => {
      server.stdin.end();
      await new Promise((resolve) => server.once('exit', resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the server and puts the template's resources into it. */
export async function startAws(python, template) {
  const server = await startServer(python);
  const { env } = server;
  const deployed = run(python, [join(import.meta.dirname, 'deploy.py'), String(server.port), template]);
  if (!deployed.passed) throw new Error(`nothing was deployed: ${deployed.stderr.slice(-2000)}`);
  const bakeoff = (args, more = {}) => run(process.execPath, [program, ...args], { env: { ...env, ...more } });
  return {
    ...server,
    outputs: JSON.parse(deployed.stdout),
    bakeoff,
    /** The JSON that a command prints. */
    json: (args) => {
      const result = bakeoff([...args, '--json']);
      if (!result.passed) throw new Error(`bakeoff ${args.join(' ')}: ${result.stderr}`);
      return JSON.parse(result.stdout);
    },
  };
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
