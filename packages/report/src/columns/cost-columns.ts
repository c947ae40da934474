import { bytes, scaled } from '@bakeoff/statistics/formats';
import type { ReportRun } from '../data/report-data.ts';
import { type Column, numberColumn } from './column.ts';

/** Of the costs that a reader compares first. */
const CHIEF = { visible: true, better: 'low' } as const;

const cost = (
  id: string,
  label: string,
  meaning: string,
  value: (run: ReportRun) => number | null | undefined,
  options: Pick<Column, 'better'> & { readonly visible?: boolean } = {},
): Column => numberColumn(id, label, meaning, value, (v) => scaled(v), { kind: 'cost', visible: false, ...options });

/** What a run's network and training cost, whatever the machine. */
export function costColumns(): Column[] {
  return [
    cost('parameters', 'Parameters', 'Trainable parameters', (run) => run.parameters, CHIEF),
    cost(
      'macs',
      'MACs',
      'Multiply-accumulates of convolutions and dense layers, one image, forward',
      (run) => run.macs,
      CHIEF,
    ),
    cost('flops', 'FLOPs', 'Two for each multiply-accumulate', (run) => run.evaluation?.cost.flops),
    cost(
      'ptflops',
      'as ptflops',
      'As ptflops counts: MACs with biases, batch normalisation and pooling',
      (run) => run.evaluation?.cost.ptflops,
    ),
    cost('fvcore', 'as fvcore', 'As fvcore counts and calls flops', (run) => run.evaluation?.cost.fvcore),
    cost('thop', 'as thop', 'As thop counts and calls MACs', (run) => run.evaluation?.cost.thop),
    cost(
      'trainingFlops',
      'Training FLOPs',
      'Of the whole training: three forward passes an image seen, and the validation passes',
      (run) => run.evaluation?.trainingFlops,
      CHIEF,
    ),
    numberColumn(
      'activationBytes',
      'Activations',
      'float32 activations kept for the backward pass, an image',
      (run) => run.evaluation?.cost.activationBytes,
      bytes,
      { kind: 'cost', visible: false },
    ),
    numberColumn('modelBytes', 'Model file', 'Bytes of the saved weights', (run) => run.evaluation?.modelBytes, bytes, {
      kind: 'cost',
      visible: false,
    }),
  ];
}
