import { bytes, dollars, duration, percent, significant } from '@bakeoff/statistics/formats';
import type { Measurements } from '../data/measurements.ts';
import { type Column, numberColumn, whole } from './column.ts';

const measuredColumn = (
  id: string,
  label: string,
  meaning: string,
  value: (index: number) => number | null | undefined,
  text: (v: number) => string,
  visible = false,
  more: Pick<Column, 'better' | 'share'> = {},
): Column =>
  numberColumn(id, label, meaning, (_run, index) => value(index), text, { kind: 'measured', visible, ...more });

/** What depends on machine, engine and day. */
export function measuredColumns(measurements: Measurements): Column[] {
  const { runs, prices } = measurements;
  return [
    measuredColumn(
      'wallSeconds',
      'Training time',
      'Wall-clock time over all attempts, including lost time',
      (i) => runs[i]?.wallSeconds,
      duration,
      true,
      { better: 'low' },
    ),
    measuredColumn(
      'attempts',
      'Attempts',
      'Times that the training was started or resumed',
      (i) => runs[i]?.attempts.length,
      whole,
      runs.some((run) => (run?.attempts.length ?? 0) > 1),
    ),
    measuredColumn(
      'lostSeconds',
      'Time lost',
      'Time spent on steps that a later attempt repeated',
      (i) => runs[i]?.lostSeconds,
      duration,
      runs.some((run) => (run?.lostSeconds ?? 0) > 0),
    ),
    measuredColumn(
      'imagesPerSecond',
      'Images/s',
      'Training throughput of the last attempt',
      (i) => runs[i]?.imagesPerSecond,
      (v) => significant(v, 3),
    ),
    measuredColumn(
      'peakMemory',
      'Peak memory',
      'Highest memory use of the training process',
      (i) => runs[i]?.peakMemoryBytes,
      bytes,
    ),
    ...(runs.some((run) => run?.gpuPeakMemoryBytes != null)
      ? [
          measuredColumn(
            'gpuMemory',
            'GPU memory',
            'Highest memory in use on the GPU that trained, including other processes',
            (i) => runs[i]?.gpuPeakMemoryBytes,
            bytes,
            true,
          ),
        ]
      : []),
    ...(runs.some((run) => run?.gpuUtilization != null)
      ? [
          measuredColumn(
            'gpuUtilization',
            'GPU use',
            'Share of the training time in which the GPU computed, sampled every few seconds',
            (i) => runs[i]?.gpuUtilization,
            (v) => percent(v, 0),
            true,
            { share: true },
          ),
        ]
      : []),
    measuredColumn(
      'latencyMs',
      'Latency',
      'Median time to classify one image',
      (i) => runs[i]?.latency.find((l) => l.batchSize === 1)?.medianMs,
      (v) => `${significant(v, 3)}\u00A0ms`,
      true,
      { better: 'low' },
    ),
    measuredColumn(
      'dollars',
      'Cost',
      `Cost of the training machine over all attempts${prices ? `, at prices in ${prices.region} of ${prices.date}` : ''}`,
      (i) => runs[i]?.dollars,
      dollars,
      runs.some((run) => run?.dollars != null),
      { better: 'low' },
    ),
  ];
}
