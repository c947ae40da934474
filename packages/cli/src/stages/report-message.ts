import {
  type ExecutionMessage,
  executionOf,
  type FailureLog,
  findPendingRuns,
  keys,
  type Plan,
  type RunFailure,
  type StageContext,
  writeJson,
} from '@bakeoff/core';

/** The last lines of a log; none if it cannot be read. */
export type ReadLastLines = (log: FailureLog, count: number) => Promise<readonly string[]>;

interface Announced {
  readonly executionId: string;
  readonly plan: Plan;
  readonly failures: ReadonlyMap<string, RunFailure>;
  /** Key of the page in the store. */
  readonly page: string;
  readonly readLastLines?: ReadLastLines;
}

const SUBJECT_CHARACTERS = 100;
const TEXT_BYTES = 8 * 1024;
const FAILURES_SHOWN = 10;
const LINES_SHOWN = 5;
const LINE_CHARACTERS = 160;

/** Writes what the mail about an execution's end says. An id that is not an execution's gets none. */
export async function writeReportMessage(
  announced: Announced,
  { store }: Pick<StageContext, 'store'>,
): Promise<ExecutionMessage | undefined> {
  const { executionId, plan } = announced;
  if ((await executionOf(store, executionId)) === undefined) return undefined;
  const pending = new Set((await findPendingRuns(store, plan.runs)).map(({ runId }) => runId));
  const message = await reportMessage(announced, pending, store.url);
  await writeJson(store, keys.executionMessage(executionId), message);
  return message;
}

/** @param pending Ids of the runs without a result. */
async function reportMessage(
  { executionId, plan, failures, page, readLastLines }: Announced,
  pending: ReadonlySet<string>,
  storeUrl: string,
): Promise<ExecutionMessage> {
  const total = plan.runs.length;
  const failed = plan.runs.filter(({ runId }) => pending.has(runId) && failures.has(runId));
  const others = pending.size - failed.length;
  const counts = [
    `${total - pending.size} of ${total} ${total === 1 ? 'run has' : 'runs have'} a result`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(others > 0 ? [`${others} did not run`] : []),
  ].join(', ');
  const shown = await Promise.all(
    failed.slice(0, FAILURES_SHOWN).map(async ({ runId, experiments, seed }) => {
      const failure = failures.get(runId)!;
      const log = failure.logs?.at(-1);
      const lines = log === undefined ? [] : ((await readLastLines?.(log, LINES_SHOWN)) ?? []);
      return [
        `${experiments.join(', ').slice(0, LINE_CHARACTERS)}, seed ${seed}: ${failure.stage ?? 'job'}: ${failure.reason.slice(0, LINE_CHARACTERS)}`,
        ...lines.map((line) => `    ${line.slice(0, LINE_CHARACTERS)}`),
        `    bakeoff logs ${runId.slice(0, 8)}`,
      ];
    }),
  );
  const rest = failed.length - shown.length;
  const text = [
    `${plan.name}: ${counts}.`,
    '',
    `Report:  bakeoff open ${executionId}`,
    ...pageAddress(storeUrl, page),
    `Results: bakeoff fetch ${executionId}`,
    ...(pending.size > 0 ? [`Resume:  bakeoff retry ${executionId}`] : []),
    ...(failed.length > 0 ? ['', 'Failed:', ...shown.flat()] : []),
    ...(rest > 0 ? [`and ${rest} more: bakeoff status ${executionId}`] : []),
  ].join('\n');
  return { formatVersion: 1, subject: subjectOf(plan.name, total, failed.length), text: limited(text), page };
}

function subjectOf(name: string, total: number, failed: number): string {
  const said =
    failed === 0
      ? 'the report is ready'
      : failed === total
        ? total === 1
          ? 'its run failed'
          : `all ${total} runs failed`
        : `${failed} of ${total} runs failed`;
  const ascii = `Bakeoff: ${said}: ${name}`.replace(/[^\x20-\x7e]/g, '?');
  return ascii.slice(0, SUBJECT_CHARACTERS);
}

/** The page in the S3 console. */
function pageAddress(storeUrl: string, page: string): string[] {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(storeUrl) ?? [];
  if (bucket === undefined) return [];
  const key = prefix === '' ? page : `${prefix}/${page}`;
  return [`         https://console.aws.amazon.com/s3/object/${bucket}?prefix=${encodeURIComponent(key)}`];
}

function limited(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= TEXT_BYTES) return text;
  const end = '\n…';
  const kept = new TextDecoder().decode(bytes.subarray(0, TEXT_BYTES - new TextEncoder().encode(end).length));
  return kept.slice(0, kept.lastIndexOf('\n')) + end;
}
