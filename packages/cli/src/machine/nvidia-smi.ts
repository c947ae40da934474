import { execFile } from 'node:child_process';

/** A GPU as nvidia-smi reports it; null where it has no figure ("[N/A]", as for a part of a GPU). */
export interface GpuReading {
  readonly index: number;
  readonly uuid: string;
  readonly name: string;
  readonly driver: string;
  readonly memoryTotalMib: number | null;
  /** Used by all processes on the device. */
  readonly memoryUsedMib: number | null;
  /** Share of the last moments in which a kernel ran, 0…1. */
  readonly utilization: number | null;
}

export interface SmiAnswer {
  readonly gpus: readonly GpuReading[];
  /** What it printed instead of GPUs; undefined if the program is not installed. */
  readonly said?: string;
}

/** The name comes last because it may contain commas. */
const FIELDS = ['index', 'uuid', 'driver_version', 'memory.total', 'memory.used', 'utilization.gpu', 'name'];
/** Without persistence mode every call starts the driver first. */
const ANSWER_WITHIN_MS = 60_000;

/** Asks nvidia-smi for the GPUs of this machine or container; never throws. */
export function readGpus(): Promise<SmiAnswer> {
  return new Promise((resolve) => {
    execFile(
      'nvidia-smi',
      [`--query-gpu=${FIELDS.join(',')}`, '--format=csv,noheader,nounits'],
      { timeout: ANSWER_WITHIN_MS },
      (error, stdout, stderr) => {
        if (error === null) resolve({ gpus: stdout.split('\n').flatMap(parseReading) });
        else if (error.code === 'ENOENT') resolve({ gpus: [] });
        else
          resolve({
            gpus: [],
            said:
              firstLine(stdout) ??
              firstLine(stderr) ??
              (error.killed === true
                ? `it does not answer within ${ANSWER_WITHIN_MS / 1000} seconds`
                : `exit code ${error.code}`),
          });
      },
    );
  });
}

/** The GPU that computes: the first in CUDA_VISIBLE_DEVICES, or else the first of all. */
export function usedGpu(
  gpus: readonly GpuReading[],
  visible = process.env['CUDA_VISIBLE_DEVICES'],
): GpuReading | undefined {
  const [first = ''] = (visible ?? '').split(',').map((part) => part.trim());
  return (
    gpus.find(({ index, uuid }) => first === String(index) || (first.startsWith('GPU-') && uuid.startsWith(first))) ??
    gpus[0]
  );
}

function parseReading(line: string): GpuReading[] {
  const [index, uuid, driver, memoryTotal, memoryUsed, utilization, ...name] = line
    .split(',')
    .map((field) => field.trim());
  if (index === undefined || !/^\d+$/.test(index) || name.length === 0) return [];
  const percent = figure(utilization);
  return [
    {
      index: Number(index),
      uuid: uuid ?? '',
      name: name.join(', '),
      driver: driver ?? '',
      memoryTotalMib: figure(memoryTotal),
      memoryUsedMib: figure(memoryUsed),
      utilization: percent === null ? null : percent / 100,
    },
  ];
}

/** "[N/A]", "[Not Supported]" and "[Unknown Error]" are not figures. */
function figure(text: string | undefined): number | null {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

function firstLine(text: string): string | undefined {
  return text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '');
}
