import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, writeFile } from 'node:fs/promises';
import { UserError } from '@bakeoff/core';
import { ExitCode } from '@bakeoff/core/exit-code';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { explainError } from '../process/explain-error.ts';
import { createProgram } from '../program.ts';
import { collectingContext } from '../testing/collecting-context.ts';
import { ownSurroundings, type Surroundings } from '../testing/own-surroundings.ts';
import { commands } from './commands.ts';

let surroundings: Surroundings;
/** No environment, no files of the AWS CLI, and nothing that answers for a role. */
const nothing: Readonly<Record<string, string | undefined>> = {
  AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1',
  ...Object.fromEntries(
    [
      'ACCESS_KEY_ID',
      'SECRET_ACCESS_KEY',
      'SESSION_TOKEN',
      'PROFILE',
      'REGION',
      'DEFAULT_REGION',
      'CONFIG_FILE',
      'SHARED_CREDENTIALS_FILE',
      'WEB_IDENTITY_TOKEN_FILE',
      'CONTAINER_CREDENTIALS_RELATIVE_URI',
      'CONTAINER_CREDENTIALS_FULL_URI',
      'ENDPOINT_URL',
      'ENDPOINT_URL_S3',
      'EC2_METADATA_DISABLED',
    ].map((name) => [`AWS_${name}`, undefined]),
  ),
  BAKEOFF_STACK: undefined,
  BAKEOFF_CIFAR10: undefined,
};

const MANIFEST = `name: first
dataset: { source: synthetic, images: 100, validation: 20 }
defaults: { maxEpochs: 1, seeds: 3 }
experiments:
  - { id: a, model: resnet20 }
`;

beforeAll(async () => {
  surroundings = await ownSurroundings();
  for (const [name, value] of Object.entries({ ...nothing, HOME: surroundings.folder })) vi.stubEnv(name, value);
  await writeFile('first.yaml', MANIFEST);
  await writeFile('wrong.yaml', MANIFEST.replace('resnet20', 'resnet21'));
  await writeFile('replicas.yaml', MANIFEST.replace('maxEpochs: 1', 'maxEpochs: 1, replicas: 2'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await surroundings.restore();
});

/** The message with which a command line ends, and what it printed before. */
async function call(...args: string[]): Promise<{ message: string; printed: string }> {
  const { context, output } = collectingContext();
  const program = createProgram({ context, finish: () => undefined });
  const error: unknown = await program.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  expect(explainError(error).exitCode).toBe(ExitCode.mistake);
  return { message: (error as UserError).message, printed: output() };
}

const S3 = ['--store', 's3://results/studies'];

describe('without AWS credentials', () => {
  it.each<[args: string[], would: RegExp]>([
    [['destroy'], /delete the stack Bakeoff .* keep its buckets/],
    [['destroy', '--with-results'], /its buckets with all results/],
    [
      ['submit', 'first.yaml', '--set', 'maxEpochs=2', '--seeds', '2'],
      /upload the plan of 2 runs of first \(1 experiment, plan [0-9a-f]{16}\) to the bucket of stack Bakeoff, and start one execution .*:\n {12}at most about \d+\.\d GPU hours on \S+: .* on demand; .*\n {12}a rough estimate/,
    ],
    [['submit', 'first.yaml', '--compute', 'cpu', '--stack', 'Other'], /stack Other[^]*hours on Fargate/],
    [['cancel'], /stop the newest execution of stack Bakeoff/],
    [['retry', 'x-20260101T000000Z-0a1b'], /what execution x-20260101T000000Z-0a1b of stack Bakeoff has left/],
    [['fetch', '--to', 'here'], /results of the newest execution of stack Bakeoff to here/],
    [
      ['schedule', 'first.yaml', '--rate', '7 days'],
      /start an execution .* at each rate\(7 days\), with one more seed of 1 experiment; each time:\n {12}at most about/,
    ],
    [['schedule', 'list'], /list the schedules of stack Bakeoff/],
    [['schedule', 'delete', 'first-0f1e2d3c'], /delete the schedule first-0f1e2d3c/],
    [['status'], /how far the runs of the newest manifest or execution are in .* or in stack Bakeoff/],
    [['status', 'first', ...S3], /how far the runs of first are in s3:\/\/results\/studies$/m],
    [['logs', 'train-1', '--stack', 'Other'], /attempts at train-1 have said .* stack Other/],
    [['ls', ...S3], /list the manifests and runs in s3:/],
    [['show', 'a', 'b', ...S3], /how settings and results of a and b differ in s3:/],
    [['rm', 'first', ...S3], /remove what only first uses in s3:.* after showing it and asking/],
    [['open', ...S3], /download the newest report/],
    [['open', 'x-20260101T000000Z-0a1b'], /report of x-20260101T000000Z-0a1b .* stack Bakeoff/],
    [['watch', ...S3], /page of the study that began last .* in s3:/],
    [['plan', 'first.yaml', ...S3], /look which of 3 runs of first .* are done, and keep the plan in s3:/],
    [['run', 'first.yaml', ...S3], /do what is left of 3 runs of first .* and keep everything in s3:/],
    [['report', 'first.yaml', ...S3], /build the report .* for first.yaml in s3:/],
    [['train', '--plan', '0a1b', ...S3], /train runs.* for plan 0a1b in s3:/],
  ])('%j says what it would do, where it looked, and what to do', async (args, would) => {
    const { message } = await call(...args);
    const [first = '', second = '', ...rest] = message.split('\n');
    expect(first).toMatch(/^cannot .*: no AWS credentials were found, and no region is set$/);
    expect(second).toMatch(/^ {2}would: {4}/);
    expect(message).toMatch(would);
    expect(rest.filter((line) => line.startsWith('  received: '))).toEqual([
      '  received: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set; no profile default: neither ~/.aws/credentials nor ~/.aws/config exists; no role of a container or an instance',
    ]);
    expect(rest.at(-1)).toMatch(/^ {2}change: {3}.*aws configure.*aws sso login.*AWS_PROFILE.*AWS_REGION/);
  });

  it('deploy and doctor --stack name every other problem beside it, and what they would do', async () => {
    const { message, printed } = await call('deploy', '--stack', 'Mine');
    expect(printed).toMatch(/✗ credentials +cannot find the stack CDKToolkit: no AWS credentials were found/);
    expect(printed).toContain('is not the root of a clone');
    expect(message).toMatch(/^Mine cannot be deployed yet\n {2}would: {4}create the stack Mine, or update it, build/);
    const { context, output } = collectingContext();
    const codes: number[] = [];
    const program = createProgram({ context, finish: (code) => codes.push(code) });
    await program.parseAsync(['doctor', '--stack', 'Mine'], { from: 'user' });
    expect(codes).toEqual([ExitCode.mistake]);
    expect(output()).toMatch(/✗ credentials [^]*\nIt would also check .* the stack Mine/);
  });

  it.each([
    ['submit', 'wrong.yaml', /wrong.yaml:5:[^]*did you mean "resnet20"/],
    ['schedule', 'wrong.yaml', /wrong.yaml:5:[^]*did you mean "resnet20"/],
    ['submit', 'replicas.yaml', /3 runs ask for replicas/],
  ])('%s of %s finds the mistake in the manifest first', async (command, manifest, said) => {
    const options = command === 'schedule' ? ['--rate', '7 days'] : [];
    const { message } = await call(command, manifest, ...options);
    expect(message).toMatch(said);
    expect(message).not.toContain('credentials');
  });

  it('says which profiles there are beside one that is missing', async () => {
    await mkdir('.aws');
    await writeFile('.aws/credentials', '[default]\n[work]\naws_access_key_id = x\n');
    await writeFile('.aws/config', '[default]\nregion = eu-west-1\n[profile home]\n');
    vi.stubEnv('AWS_PROFILE', 'wrok');
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'x');
    try {
      const { message } = await call('cancel');
      expect(message).toMatch(/^cannot find the stack Bakeoff in eu-west-1: no AWS credentials were found\n/);
      expect(message).toContain(
        'received: AWS_SECRET_ACCESS_KEY is not set; no profile wrok in ~/.aws/credentials and ~/.aws/config, only default, work, home;',
      );
    } finally {
      for (const name of ['AWS_PROFILE', 'AWS_REGION', 'AWS_ACCESS_KEY_ID']) vi.stubEnv(name, undefined);
    }
  });

  it('quotes what the SDK says of a profile whose session has ended', async () => {
    await writeFile(
      'sso',
      '[profile sso]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://x.example\n',
    );
    vi.stubEnv('AWS_CONFIG_FILE', 'sso');
    vi.stubEnv('AWS_PROFILE', 'sso');
    try {
      const { message } = await call('cancel');
      expect(message).toMatch(/^cannot find the stack Bakeoff: no AWS credentials were found, and no region is set\n/);
      expect(message).toMatch(/received: .*SSO session token.*; credentials by profile sso\n/);
    } finally {
      for (const name of ['AWS_CONFIG_FILE', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    }
  });

  it('every command that can ask AWS says what it would do', () => {
    const declared = commands.flatMap((command) => [command, ...(command.subcommands ?? [])]);
    const asking = declared.filter(
      ({ name, store, options = [] }) =>
        store !== undefined || (name !== 'doctor' && options.some(({ long }) => long === '--stack')),
    );
    expect(asking.length).toBeGreaterThan(20);
    expect(asking.filter(({ would }) => would === undefined).map(({ name }) => name)).toEqual([]);
  });
});

describe('with credentials that AWS does not accept', () => {
  let server: Server;
  let code = '';
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>No.</Message></Error>`;
      const isS3 = request.method === 'GET';
      response.writeHead(403, { 'content-type': 'text/xml' });
      response.end(isS3 ? error : `<ErrorResponse>${error}</ErrorResponse>`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.stubEnv('AWS_REGION', 'us-east-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'x');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'y');
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it.each([
    [
      'ExpiredToken',
      ['cancel'],
      /the credentials have expired[^]*would: {4}stop the newest execution[^]*aws sso login/,
    ],
    [
      'InvalidClientTokenId',
      ['status', '--stack', 'Bakeoff'],
      /the credentials are not valid[^]*would: {4}show how far/,
    ],
    [
      'InvalidAccessKeyId',
      ['ls', ...S3],
      /cannot list s3:.*: the access key is not known[^]*would: {4}list the manifests/,
    ],
    ['SignatureDoesNotMatch', ['ls', ...S3], /the secret access key is wrong[^]*use current credentials/],
  ])('%s is one message, with whose they are', async (refusal, args, said) => {
    code = refusal;
    const { message } = await call(...args);
    expect(message).toMatch(said);
    expect(message).toMatch(/received: .*No; credentials in the environment\n/);
    expect(message.match(/^ {2}change: /gm)).toHaveLength(1);
  });
});
