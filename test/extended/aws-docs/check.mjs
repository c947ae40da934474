// Follows docs/aws.md in a fresh clone, command by command as typed, as far as a machine without an account goes: AWS is
// moto's server, to which the real CDK bootstraps. Two programs are stood in for: docker (a push puts an image's name
// into the registry), and `npx cdk deploy`, because moto's CloudFormation has neither Batch nor Step Functions: the real
// `cdk synth` makes the template, and its resources are created through their own APIs.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { startServer } from '../aws/local-aws.mjs';
import { pythonWith, report, root, run, skip, tail } from '../support/checks.mjs';

/**
 * What the page types, and what is to be seen. `{1}` is the id of the newest execution.
 * @type {{ command: string, typed?: string, status?: number, said?: RegExp }[]}
 */
const expected = [
  { command: 'npm ci' },
  { command: 'npx cdk bootstrap', said: /bootstrapped/ },
  // CDK asks before it grants permissions, and there is no terminal.
  {
    command: 'npx bakeoff deploy',
    typed: 'npx bakeoff deploy --yes',
    said: /✓ bootstrap[^]*Created Bakeoff in us-east-1/,
  },
  { command: 'npx bakeoff submit experiments/quickstart.yaml', said: /started (\S+)/ },
  { command: 'npx bakeoff status', said: /quickstart-\S+ +(running|succeeded)/ },
  { command: 'npx bakeoff doctor --stack', said: /✓ jobs +can start/ },
  {
    // Asked at any price, so that the study is not trained here.
    command: 'bakeoff submit experiments/stepik-cifar10.yaml',
    typed: 'bakeoff submit experiments/stepik-cifar10.yaml --ask-above 0',
    status: 2,
    said: /GPU hours[^]*no terminal to ask on[^]*--yes/,
  },
  {
    command: 'bakeoff submit MANIFEST --yes --max-dollars 5 --wait',
    typed: 'bakeoff submit experiments/quickstart.yaml --yes --max-dollars 5 --wait',
    said: /succeeded: (\d+) of \1 runs/,
  },
  { command: 'bakeoff status [ID]', typed: 'bakeoff status {1}', said: /evaluated/ },
  { command: 'bakeoff logs RUN [--follow]', typed: 'bakeoff logs report --follow', said: /report/ },
  { command: 'bakeoff cancel [ID]', typed: 'bakeoff cancel {1}', status: 2, said: /is not running/ },
  { command: 'bakeoff retry [ID]', typed: 'bakeoff retry {1}', said: /0 of \d+ runs to do/ },
  { command: 'bakeoff open ID', typed: 'bakeoff open {1}', said: /\.html/ },
  { command: 'bakeoff fetch [ID] --to results', typed: 'bakeoff fetch {1} --to results', said: /results/ },
  {
    command: 'bakeoff schedule MANIFEST --rate "7 days" --times 4',
    typed: 'bakeoff schedule experiments/quickstart.yaml --rate "7 days" --times 4',
    said: /until 20/,
  },
  { command: 'bakeoff schedule list', said: /quickstart-\w+ +rate\(7 days\)/ },
  // The stack's name is the answer that a terminal would get.
  {
    command: 'bakeoff destroy',
    typed: 'bakeoff destroy',
    status: 2,
    said: /no terminal to ask on[^]*--confirm Bakeoff/,
  },
  {
    command: 'bakeoff destroy --with-results',
    typed: 'bakeoff destroy --with-results --confirm Bakeoff',
    said: /deleted s3:\/\/\S+ with \d+ versions/,
  },
];

const python = pythonWith('aws', ['moto[server]==5.2.5', 'boto3==1.44.5', 'cfn-lint==1.58.0']);
if (python === undefined || !run('aws', ['--version']).passed || !run('git', ['--version']).passed)
  skip('aws-docs', 'no Python with moto, no AWS CLI, or no git');
else await main();

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'bakeoff-docs-'));
  let server;
  try {
    const clone = join(folder, 'clone');
    execFileSync('git', ['clone', '-q', root, clone]);
    server = await startServer(python, join(clone, 'packages/cli/bin/bakeoff.js'));
    const env = { ...server.env, PATH: standIns(folder, server.port, python) };
    follow(clone, env);
  } catch (error) {
    report('aws-docs', false, error.stack.replaceAll('\n', ' | '));
  } finally {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function follow(clone, env) {
  const commands = typedCommands(readFileSync(join(clone, 'docs/aws.md'), 'utf8'));
  const unknown = commands.filter((command) => !expected.some((each) => each.command === command));
  report('aws-docs: every command of the page is followed', unknown.length === 0, unknown.join('; '));
  let id = '';
  for (const { command, typed = command, status = 0, said = /^/ } of expected) {
    // "without the clone's npx, bakeoff stands for npx bakeoff"
    const line = typed.replace(/^bakeoff/, 'npx bakeoff').replace('{1}', id);
    const result = run('bash', ['-c', line], { cwd: clone, env, input: '' });
    const output = `${result.stdout}\n${result.stderr}`;
    id = /^started (\S+)$/m.exec(result.stdout)?.[1] ?? id;
    report(
      `aws-docs: ${command}`,
      result.status === status && said.test(output),
      result.status === status && said.test(output) ? '' : `exit code ${result.status}: ${tail(result)}`,
    );
  }
}

/** The commands in the page's blocks of shell, and those that its text gives in backticks, without comments. */
function typedCommands(docs) {
  const blocks = [...docs.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block]) => block.split('\n'));
  return blocks.map((line) => line.replace(/ +#.*$/, '').trim()).filter((line) => line !== '');
}

/** A folder with programs that come before the real ones, as PATH. */
function standIns(folder, port, interpreter) {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const deploy = join(root, 'test/extended/aws/deploy.py');
  const npx = run('bash', ['-c', 'command -v npx']).stdout.trim();
  const programs = {
    docker: `case "$1" in
  login) cat > /dev/null ;;
  info) echo '{"NCPU":2,"MemTotal":8589934592,"Runtimes":{}}' ;;
  push) name=\${2#*/}; aws ecr put-image --repository-name "\${name%:*}" --image-tag "\${name##*:}" --image-manifest "{\\"schemaVersion\\":2,\\"config\\":{\\"digest\\":\\"$name\\"},\\"layers\\":[]}" --image-manifest-media-type application/vnd.docker.distribution.manifest.v2+json > /dev/null ;;
esac`,
    npx: `if [ "$1 $2" = "cdk deploy" ]; then
  ${npx} cdk synth --quiet "\${@:3:2}" && ${interpreter} ${deploy} ${port} infra/cdk.out/Bakeoff.template.json without-images > /dev/null
else
  exec ${npx} "$@"
fi`,
    'xdg-open': 'true',
  };
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/bash\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return [bin, process.env.PATH].join(delimiter);
}
