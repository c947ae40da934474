// The deployment on a local AWS (moto): the synthesized template's state machine is executed, Batch jobs run the
// stages' commands as processes, and the CLI's commands talk to it over HTTP. docs/aws.md says what was patched and
// what this cannot show.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { pythonWith, report as reportCheck, run, skip, tail } from '../support/checks.mjs';
import { startAws, synthesize } from './local-aws.mjs';

// The SDK's notice about Node's version is irrelevant here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const EXECUTION_MS = 8 * 60_000;
/** The detail matters only for failures. */
const report = (name, passed, detail = '') => reportCheck(name, passed, passed ? '' : detail);
const manifest = (name) => join(import.meta.dirname, name);

/** Each setting at least once at a value that changes the template. */
const settingsMatrix = {
  'the default settings': {},
  'trainings on CPUs': { compute: 'cpu' },
  'an existing network and a permissions boundary': {
    vpcId: 'vpc-0f1e2d3c',
    subnetIds: ['subnet-0f1e2d3c', 'subnet-4b5a6978'],
    publicIps: false,
    permissionsBoundary: 'Boundary',
  },
  'everything else': {
    gpuInstanceFamilies: ['g5'],
    gpuInstanceSizes: ['xlarge'],
    maxGpuVcpus: 400,
    xla: true,
    maxFargateVcpus: 16,
    zones: 6,
    maxConcurrentRuns: 100,
    trainTimeoutHours: 48,
    stageTimeoutMinutes: 30,
    capacityTimeoutMinutes: 1440,
    logRetentionDays: 400,
    noncurrentVersionDays: 1,
    imageTag: 'release-1',
    notificationEmail: 'a@example.org',
    costCenter: 'research',
    permissionsBoundary: 'arn:aws:iam::123456789012:policy/Boundary',
  },
};

const python = pythonWith('aws', ['moto[server]==5.2.5', 'boto3==1.44.5', 'cfn-lint==1.58.0']);
if (python === undefined) skip('aws', 'no Python, or no package index, for moto and cfn-lint');
else await main();

async function main() {
  const folder = mkdtempSync(join(tmpdir(), 'bakeoff-template-'));
  let aws;
  try {
    const built = run('npm', ['run', 'prepare']);
    report('aws: the command line builds', built.passed, tail(built));
    const templates = Object.fromEntries(
      Object.entries(settingsMatrix).map(([name, settings], i) => [
        name,
        checkTemplate(name, settings, join(folder, String(i))),
      ]),
    );
    aws = await startAws(python, templates['the default settings']);
    checkPlanning();
    await checkMistakes(aws);
    const first = await checkSevenRuns(aws);
    await checkReading(aws, first);
    await checkRetry(aws, first);
    await checkSchedule(aws);
    await checkCancel(aws);
    await checkTimeLimit(aws);
    await checkOnCpus(templates['trainings on CPUs'], aws);
  } catch (error) {
    report('aws', false, error.stack.replaceAll('\n', ' | '));
  } finally {
    await aws?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the template's path. */
function checkTemplate(name, settings, folder) {
  const synthesized = synthesize(folder, settings);
  report(
    `aws: with ${name}, the template synthesizes offline, and cdk-nag objects to nothing`,
    synthesized.passed,
    tail(synthesized),
  );
  const linted = run(join(dirname(python), 'cfn-lint'), [synthesized.template]);
  report(`aws: with ${name}, cfn-lint reports nothing`, linted.passed, tail(linted));
  return synthesized.template;
}

function checkPlanning() {
  const planned = run(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'plan-ten-thousand.mjs')]);
  const { runs, processorSeconds } = planned.passed ? JSON.parse(planned.stdout) : {};
  // CPU time, because other work on this machine does not count.
  reportCheck(
    'aws: planning 10,000 runs takes less than 5 s',
    runs === 10_000 && processorSeconds < 5,
    planned.passed ? `${processorSeconds.toFixed(1)} s` : tail(planned),
  );
}

/** Each mistake gives one message that says what to do, and exit code 2. */
async function checkMistakes(aws) {
  const none = {
    AWS_ACCESS_KEY_ID: undefined,
    AWS_SECRET_ACCESS_KEY: undefined,
    AWS_PROFILE: undefined,
    AWS_EC2_METADATA_DISABLED: 'true',
    HOME: aws.folder,
  };
  /** @type {[string, string[], Record<string, string | undefined>, RegExp][]} */
  const cases = [
    ['missing credentials', ['status'], none, /no AWS credentials were found[\s\S]*aws sso login/],
    [
      'no region',
      ['status'],
      { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined, AWS_PROFILE: undefined, HOME: aws.folder },
      /no region is set[\s\S]*AWS_REGION/,
    ],
    ['another region', ['status'], { AWS_REGION: 'eu-west-1' }, /no stack Bakeoff in eu-west-1[\s\S]*AWS_REGION/],
    ['a missing stack', ['status', '--stack', 'Nope'], {}, /no stack Nope in us-east-1[\s\S]*bakeoff deploy/],
    [
      'an endpoint that does not respond',
      ['status'],
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
      /AWS does not respond[\s\S]*network/,
    ],
    ['nothing submitted yet', ['status'], {}, /has run nothing yet[\s\S]*bakeoff submit/],
    ['an unknown execution', ['fetch', 'unknown'], {}, /no execution unknown[\s\S]*bakeoff status/],
    [
      'a wrong schedule',
      ['schedule', manifest('weekly.yaml'), '--rate', '1 day', '--cron', '0 9 * * ? *'],
      {},
      /--rate[\s\S]*--cron/,
    ],
  ];
  for (const [name, args, env, said] of cases) {
    const { status, stderr } = aws.bakeoff(args, env);
    report(
      `aws: ${name} is reported in one message`,
      status === 2 && said.test(stderr) && !stderr.includes('    at '),
      `exit code ${status}: ${stderr.slice(0, 400)}`,
    );
  }
}

async function checkSevenRuns(aws) {
  const plan = JSON.parse(aws.bakeoff(['plan', manifest('seven-runs.yaml'), '--json']).stdout);
  const idOf = (experiment) => plan.runs.find(({ experiments }) => experiments.includes(experiment)).id;
  writeFileSync(join(aws.jobs, 'interruptions.json'), JSON.stringify({ [idOf('interrupted')]: ['notice', 'sigterm'] }));
  writeFileSync(join(aws.jobs, 'no-spot-capacity.json'), JSON.stringify([idOf('without-capacity'), idOf('behind-it')]));
  const submitted = aws.json(['submit', manifest('seven-runs.yaml'), '--yes']);
  report(
    'aws: submit plans, estimates and starts',
    submitted.pendingRuns === 7 &&
      submitted.estimate.spotDollars > 0 &&
      submitted.estimate.spotDollars < submitted.estimate.onDemandDollars,
    JSON.stringify(submitted.estimate),
  );
  const seen = await untilEnded(aws, submitted.executionId);
  const last = seen.at(-1);
  const failed = last.runs.find(({ runId }) => runId === idOf('failing'));
  report(
    'aws: the execution succeeds although a run failed',
    last.status === 'SUCCEEDED' && last.runs.filter(({ state }) => state === 'evaluated').length === 6,
    JSON.stringify(last.runs.map(({ state }) => state)),
  );
  report(
    'aws: status says why a run failed',
    failed.state === 'failed' && /train: exit code 2/.test(failed.detail),
    failed.detail,
  );
  report(
    'aws: status shows the progress of a training and its attempt',
    seen.some(({ runs }) =>
      runs.some(
        (row) => row.state === 'training' && row.progress > 0 && row.secondsLeft > 0 && row.detail === 'attempt 3',
      ),
    ),
  );
  const attempts = attemptsOf(aws);
  report(
    'aws: an interrupted training is retried twice',
    codes(attempts, idOf('interrupted'), 'train') === '75,75,0',
    codes(attempts, idOf('interrupted'), 'train'),
  );
  report(
    'aws: a failed training is not retried',
    codes(attempts, idOf('failing'), 'train') === '2' && codes(attempts, idOf('failing'), 'evaluate') === '',
    codes(attempts, idOf('failing'), 'train'),
  );
  const moved = (experiment) =>
    attempts
      .filter(({ name }) => name === `train-${idOf(experiment)}`)
      .map(({ queue, exitCode }) => `${queue}: ${exitCode}`);
  report(
    'aws: a training for which Spot has no capacity moves to on-demand, and takes along the one behind it',
    /reason: CAPACITY:.*,on demand: 0$/.test(moved('without-capacity').join()) &&
      /^Spot: CAPACITY:.*for the training before it,on demand: 0$/.test(moved('behind-it').join()),
    `${moved('without-capacity').join()} | ${moved('behind-it').join()}`,
  );
  const { until } = JSON.parse(
    s3(aws, onDemandRecord(submitted.executionId), 'c.get_object(**o)["Body"].read().decode()'),
  );
  report(
    'aws: for an hour, the execution knows that Spot has no capacity',
    Math.abs(new Date(until).getTime() - Date.now() - 3600_000) < 20 * 60_000,
    until,
  );
  return { executionId: submitted.executionId, planId: submitted.planId, idOf, plan };
}

async function checkReading(aws, { executionId, planId, idOf }) {
  const results = join(aws.folder, 'results');
  const fetched = aws.bakeoff(['fetch', executionId, '--to', results]);
  const page = readText(join(results, 'reports/latest/seven-runs/index.html'));
  const record = JSON.parse(readText(join(results, 'reports/latest/seven-runs/report.json')) || '{"runs":[]}');
  const statuses = record.runs
    .map(({ status }) => status)
    .sort()
    .join();
  report(
    'aws: the report has six runs and names the seventh as missing',
    fetched.passed && statuses === 'finished,finished,finished,finished,finished,finished,missing',
    statuses || tail(fetched),
  );
  const remade = aws.bakeoff(['report', '--plan', executionId, '--out', results, '--format', 'md']);
  report(
    'aws: a report of fetched records says why the seventh has no result',
    remade.passed && remade.stdout.includes('train failed: exit code 2'),
    tail(remade).slice(0, 300),
  );
  const measured = JSON.parse(
    /<script type="application\/json" id="measurements">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '{"runs":[]}',
  );
  const interrupted = measured.runs[record.runs.findIndex(({ runId }) => runId === idOf('interrupted'))];
  report(
    'aws: the report has the attempts and their cost in dollars',
    interrupted?.attempts.map(({ outcome }) => outcome).join() === 'interrupted,interrupted,finished' &&
      interrupted.dollars > 0,
    JSON.stringify(interrupted?.attempts ?? null).slice(0, 300),
  );
  const here = join(aws.folder, 'here');
  const trained = aws.bakeoff(['run', manifest('seven-runs.yaml'), '--out', here, '--jobs', '1', '--engine', 'wasm']);
  const key = `runs/${idOf('interrupted')}/run.json`;
  report(
    'aws: the interrupted training ends in the bytes of an uninterrupted one',
    readText(join(here, key)) !== '' && readText(join(here, key)) === readText(join(results, key)),
    tail(trained).slice(0, 300),
  );
  const { Subject: subject, Message: message } = lastNotification(aws);
  reportCheck(
    'aws: the mail says that a run failed, with the last lines of its log, and how to see the report',
    subject === 'Bakeoff: 1 of 7 runs failed: seven-runs' &&
      message.includes('6 of 7 runs have a result, 1 failed.') &&
      message.includes(`bakeoff open ${executionId}`) &&
      /train: exit code 2[^]*\n {4}.*batch/.test(message),
    `${subject} | ${message}`.replaceAll('\n', ' | '),
  );
  // The results that were fetched have logs of their own, of epochs alone.
  const log = aws.bakeoff(['logs', idOf('interrupted').slice(0, 8), '--follow', '--stack', 'Bakeoff']);
  report(
    'aws: logs shows every attempt of a run',
    log.passed &&
      ['attempt 1', 'attempt 2', 'attempt 3', 'is reclaiming this Spot instance', 'resumes from step'].every((text) =>
        log.stdout.includes(text),
      ),
    tail(log).slice(0, 400),
  );
  const stage = aws.bakeoff(['logs', 'report', '--stack', 'Bakeoff']);
  report('aws: logs shows a stage', stage.passed && stage.stdout.includes('report'), tail(stage).slice(0, 300));
  const remote = aws.bakeoff(['report', '--plan', planId, '--store', aws.outputs.StoreUrl]);
  report(
    'aws: a local command works on the deployment’s store',
    remote.passed && remote.stdout.includes(aws.outputs.StoreUrl),
    tail(remote).slice(0, 300),
  );
}

async function checkRetry(aws, { executionId, idOf }) {
  const before = attemptsOf(aws).length;
  const retried = aws.bakeoff(['retry', executionId]);
  const id = /started (\S+?):? /.exec(retried.stdout)?.[1] ?? '';
  const last = (await untilEnded(aws, id)).at(-1);
  const names = attemptsOf(aws)
    .slice(before)
    .map(({ name }) => name)
    .join();
  report(
    'aws: retry runs only what is unfinished',
    retried.stdout.includes('1 of 7 runs to do') &&
      last.status === 'SUCCEEDED' &&
      names ===
        ['plan', 'data-prep', `train-${idOf('failing')}`, 'compare', 'report']
          .map((job) => (job.includes('-') && job !== 'data-prep' ? job : `${job}-${id}`))
          .join(),
    `${names} ${tail(retried).slice(0, 200)}`,
  );
}

async function checkSchedule(aws) {
  const made = aws.bakeoff(['schedule', manifest('weekly.yaml'), '--rate', '7 days', '--times', '4']);
  const name = /scheduled (\S+):/.exec(made.stdout)?.[1] ?? '';
  const again = aws.bakeoff(['schedule', manifest('weekly.yaml'), '--rate', '7 days']);
  report(
    'aws: schedule creates a schedule, once, which ends after a number of times',
    made.passed &&
      made.stdout.includes(', until 20') &&
      again.status === 2 &&
      again.stderr.includes(`schedule delete ${name}`),
    tail(made.passed ? again : made).slice(0, 300),
  );
  const { Target } = await new SchedulerClient(clientOf(aws)).send(
    new GetScheduleCommand({ Name: name, GroupName: aws.outputs.ScheduleGroup }),
  );
  const machine = new SFNClient(clientOf(aws));
  const fire = async (id, time) => {
    // What EventBridge Scheduler does when the schedule fires.
    await machine.send(
      new StartExecutionCommand({
        stateMachineArn: Target.Arn,
        name: id,
        input: Target.Input.replace('<aws.scheduler.scheduled-time>', time),
      }),
    );
    return (await untilEnded(aws, id)).at(-1);
  };
  const trainings = () => attemptsOf(aws).filter((attempt) => attempt.name.startsWith('train-')).length;
  const before = trainings();
  const first = await fire('occurrence-1', '2026-02-02T09:00:00Z');
  const trainedOnce = trainings() - before;
  const again1 = await fire('occurrence-1-again', '2026-02-02T09:00:00Z');
  report(
    'aws: an occurrence trains only the next seed, and repeating it trains nothing',
    first.status === 'SUCCEEDED' &&
      again1.status === 'SUCCEEDED' &&
      trainedOnce === 1 &&
      trainings() - before === 1 &&
      first.planId === again1.planId,
    `${trainedOnce}, ${trainings() - before}`,
  );
  rememberNoSpot(aws, 'occurrence-2');
  const second = await fire('occurrence-2', '2026-02-09T09:00:00Z');
  report(
    'aws: the next occurrence’s plan holds all seeds so far',
    seeds(first) === '1,2,3,4' &&
      seeds(second) === '1,2,3,4,5' &&
      second.runs.every(({ state }) => state === 'evaluated') &&
      trainings() - before === 2,
    `${seeds(first)} then ${seeds(second)}`,
  );
  report(
    'aws: while Spot is known to have no capacity, trainings go straight to on-demand',
    attemptsOf(aws)
      .filter(({ name }) => name.startsWith('train-'))
      .slice(-2)
      .map(({ queue }) => queue)
      .join() === 'Spot,on demand',
    JSON.stringify(attemptsOf(aws).slice(-8)),
  );
  const listed = aws.bakeoff(['schedule', 'list']);
  report(
    'aws: schedule list says how often the schedule ran, when it did last and will next, and where its report is',
    listed.stdout.includes(name) &&
      /enabled\s+2\s+2026-02-09 09:00\s+20\d\d-\d\d-\d\d \d\d:\d\d\s+s3:\/\/\S+\/reports\/latest\/weekly\/index\.html/.test(
        listed.stdout,
      ),
    listed.stdout,
  );
  const deleted = aws.bakeoff(['schedule', 'delete', name]);
  report(
    'aws: schedule delete ends it',
    deleted.passed &&
      aws.bakeoff(['schedule', 'list']).stdout.includes('nothing is scheduled') &&
      aws.bakeoff(['schedule', 'delete', name]).status === 2,
    tail(deleted).slice(0, 200),
  );
}

async function checkCancel(aws) {
  const { executionId } = aws.json(['submit', manifest('endless.yaml'), '--yes']);
  const busy = aws.bakeoff(['retry', executionId]);
  await until(() => aws.json(['status', executionId]).runs.some(({ state }) => state === 'training'), EXECUTION_MS);
  const cancelled = aws.bakeoff(['cancel']);
  const { status } = aws.json(['status', executionId]);
  const again = aws.bakeoff(['cancel', executionId]);
  report(
    'aws: cancel stops the newest execution; a running execution is not retried, and a finished one is not canceled',
    cancelled.passed && status === 'ABORTED' && busy.status === 2 && again.status === 2,
    `${status}; ${tail(cancelled).slice(0, 300)}`,
  );
}

function clientOf(aws) {
  return {
    endpoint: aws.env.AWS_ENDPOINT_URL,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
}

/** On CPUs, because that is what the execution asks for where the deployment has GPUs. */
async function checkTimeLimit(aws) {
  const { planId, runs } = JSON.parse(
    aws.bakeoff(['plan', manifest('too-long.yaml'), '--json', '--store', aws.outputs.StoreUrl]).stdout,
  );
  const machine = new SFNClient(clientOf(aws));
  const { executionArn } = await machine.send(
    new StartExecutionCommand({
      stateMachineArn: aws.outputs.StateMachineArn.replace('Bakeoff-pipeline', 'impatient'),
      name: 'too-long',
      input: JSON.stringify({ source: `plans/${planId}`, compute: 'cpu' }),
    }),
  );
  let status = 'RUNNING';
  const startMs = performance.now();
  while (status === 'RUNNING' && performance.now() - startMs < EXECUTION_MS) {
    await sleep(1000);
    ({ status } = await machine.send(new DescribeExecutionCommand({ executionArn })));
  }
  const trained = attemptsOf(aws).filter(({ name }) => name === `train-${runs[0].id}`);
  report(
    'aws: a training that exceeds its time limit is ended, recorded and mailed, and the execution goes on',
    status === 'SUCCEEDED' &&
      trained.map(({ queue, exitCode }) => `${queue}: ${exitCode}`).join() === 'Fargate Spot: 75' &&
      lastNotification(aws).Subject === 'Bakeoff: its run failed: too-long',
    `${status} ${JSON.stringify(trained)} ${JSON.stringify(lastNotification(aws)).slice(0, 300)}`,
  );
}

/** The same runs as before, in a deployment without GPUs. */
async function checkOnCpus(template, before) {
  const aws = await startAws(python, template);
  try {
    const plan = JSON.parse(aws.bakeoff(['plan', manifest('four-runs.yaml'), '--json']).stdout);
    const idOf = (experiment) => plan.runs.find(({ experiments }) => experiments.includes(experiment)).id;
    writeFileSync(
      join(aws.jobs, 'interruptions.json'),
      JSON.stringify({ [idOf('interrupted')]: ['sigterm', 'sigterm'] }),
    );
    writeFileSync(join(aws.jobs, 'no-spot-capacity.json'), JSON.stringify([idOf('without-capacity')]));
    const refused = aws.bakeoff(['submit', manifest('four-runs.yaml'), '--yes', '--compute', 'gpu']);
    const { executionId, estimate } = aws.json(['submit', manifest('four-runs.yaml'), '--yes']);
    const last = (await untilEnded(aws, executionId)).at(-1);
    const attempts = attemptsOf(aws);
    const went = (experiment) =>
      attempts
        .filter(({ name }) => name === `train-${idOf(experiment)}`)
        .map(({ queue, exitCode }) => `${queue}: ${String(exitCode).replace(/.*(CAPACITY).*/, '$1')}`)
        .join();
    report(
      'aws: a deployment that trains on CPUs refuses GPUs, and estimates in vCPUs',
      refused.status === 2 && /cannot train on GPUs/.test(refused.stderr) && estimate.machine.startsWith('Fargate'),
      `${refused.status} ${JSON.stringify(estimate)}`,
    );
    report(
      'aws: it trains on Fargate Spot, resumes twice, goes on demand without capacity, and goes on after a failure',
      last.status === 'SUCCEEDED' &&
        went('plain') === 'Fargate Spot: 0' &&
        went('interrupted') === 'Fargate Spot: 75,Fargate Spot: 75,Fargate Spot: 0' &&
        went('without-capacity') === 'Fargate Spot: CAPACITY,Fargate: 0' &&
        went('failing') === 'Fargate Spot: 2',
      `${last.status} ${plan.runs.map(({ experiments }) => went(experiments[0])).join(' | ')}`,
    );
    const results = join(aws.folder, 'results');
    aws.bakeoff(['fetch', executionId, '--to', results]);
    const records = ['plain', 'interrupted', 'without-capacity'].map((each) => `runs/${idOf(each)}/run.json`);
    const here = join(before.folder, 'here');
    report(
      'aws: its results are the bytes of a laptop’s',
      records.every(
        (key) => readText(join(results, key)) !== '' && readText(join(results, key)) === readText(join(here, key)),
      ),
      records.join(),
    );
    const page = readText(join(results, 'reports/latest/four-runs/index.html'));
    const { runs } = JSON.parse(
      /<script type="application\/json" id="measurements">([\s\S]*?)<\/script>/.exec(page)?.[1] ?? '{"runs":[]}',
    );
    const hosts = runs.flatMap((each) => each?.attempts.map(({ host }) => host) ?? []);
    report(
      'aws: the report has the size of the tasks, and dollars by vCPUs and memory, on Spot and on demand',
      // The failed one too: its attempt was paid for.
      runs.filter((each) => each?.dollars > 0).length === 4 &&
        hosts.includes('Fargate (1 vCPU, 8 GiB), spot') &&
        hosts.includes('Fargate (1 vCPU, 8 GiB), on-demand'),
      JSON.stringify(hosts),
    );
    const { Subject: subject, Message: message } = lastNotification(aws);
    reportCheck(
      'aws: its mail counts the failure',
      /1 of 4 runs failed/.test(subject),
      `${subject} | ${message}`.replaceAll('\n', ' | '),
    );
  } finally {
    await aws.close();
  }
}

function seeds({ runs }) {
  return runs
    .map(({ seed }) => seed)
    .sort((a, b) => a - b)
    .join();
}

/** Polls the status until the execution has ended. Returns all answers. */
async function untilEnded(aws, executionId) {
  const seen = [];
  await until(() => {
    seen.push(aws.json(['status', executionId]));
    return seen.at(-1).status !== 'RUNNING';
  }, EXECUTION_MS);
  return seen;
}

async function until(holds, timeoutMs) {
  const startMs = performance.now();
  while (!holds()) {
    if (performance.now() - startMs > timeoutMs) throw new Error(`timed out after ${timeoutMs / 1000} s`);
    await sleep(1000);
  }
}

/** The jobs that ran: `{ name, attempt, exitCode }`, in the order in which they ended. */
function attemptsOf(aws) {
  return readText(join(aws.jobs, 'attempts.jsonl'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function codes(attempts, runId, stage) {
  return attempts
    .filter(({ name }) => name === `${stage}-${runId}`)
    .map(({ exitCode }) => exitCode)
    .join();
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Where the state machine remembers that Spot has had no capacity for a training of an execution. */
function onDemandRecord(executionId) {
  return `executions/${executionId}/on-demand.json`;
}

function rememberNoSpot(aws, executionId) {
  const until = new Date(Date.now() + 3600_000).toISOString();
  s3(aws, onDemandRecord(executionId), `c.put_object(**o, Body=${JSON.stringify(JSON.stringify({ until }))})`);
}

/** Evaluates a Python expression of a client `c` and an object `o` in the deployment's bucket. */
function s3(aws, key, expression) {
  const script = `import boto3, sys; c = boto3.client("s3", endpoint_url=sys.argv[1], region_name="us-east-1"); o = dict(Bucket=sys.argv[2], Key=sys.argv[3]); print(${expression})`;
  const bucket = aws.outputs.StoreUrl.slice('s3://'.length);
  const result = run(python, ['-c', script, aws.env.AWS_ENDPOINT_URL, bucket, key], { env: aws.env });
  if (!result.passed) throw new Error(tail(result));
  return result.stdout;
}

/** The topic's message, as received by its subscriber, a queue. */
function lastNotification(aws) {
  const script =
    'import boto3, sys; c = boto3.client("sqs", endpoint_url=sys.argv[1], region_name="us-east-1"); m = c.receive_message(QueueUrl=c.get_queue_url(QueueName="notifications")["QueueUrl"], MaxNumberOfMessages=10)["Messages"]; print(m[-1]["Body"])';
  const { stdout, stderr } = run(python, ['-c', script, aws.env.AWS_ENDPOINT_URL], { env: aws.env });
  return stdout === '' ? { error: stderr.slice(-300) } : JSON.parse(stdout);
}
