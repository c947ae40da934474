import { bytes, scaled } from '@bakeoff/statistics/formats';
import type { ReportRun } from '../data/report-data.ts';
import { type Column, numberColumn } from './column.ts';

/** For the costs that a reader compares first. */
const CHIEF = { visible: true, better: 'low' } as const;

const cost = (
  id: string,
  label: string,
  meaning: string,
  value: (run: ReportRun) => number | null | undefined,
  options: Pick<Column, 'better'> & { readonly visible?: boolean } = {},
): Column => numberColumn(id, label, meaning, value, (v) => scaled(v), { kind: 'cost', visible: false, ...options });

/** What a run's network and training cost, on any machine. */
export function costColumns(): Column[] {
  return [
    cost('parameters', 'Parameters', 'Trainable parameters', (run) => run.parameters, CHIEF),
    cost(
      'macs',
      'MACs',
      'Multiply-accumulates of convolutions and dense layers, for one image, forward only',
      (run) => run.macs,
      CHIEF,
    ),
    cost('flops', 'FLOPs', 'Two per multiply-accumulate', (run) => run.evaluation?.cost.flops),
    cost(
      'ptflops',
      'as ptflops',
      'As counted by ptflops: MACs with biases, batch normalization and pooling',
      (run) => run.evaluation?.cost.ptflops,
    ),
    cost('fvcore', 'as fvcore', 'As counted by fvcore, which calls them flops', (run) => run.evaluation?.cost.fvcore),
    cost('thop', 'as thop', 'As counted by thop, which calls them MACs', (run) => run.evaluation?.cost.thop),
    cost(
      'trainingFlops',
      'Training FLOPs',
      'For the whole training: three forward passes per training image seen, and the validation passes',
      (run) => run.evaluation?.trainingFlops,
      CHIEF,
    ),
    numberColumn(
      'activationBytes',
      'Activations',
      'float32 activations kept for the backward pass, per image',
      (run) => run.evaluation?.cost.activationBytes,
      bytes,
      { kind: 'cost', visible: false },
    ),
    numberColumn('modelBytes', 'Model file', 'Size of the saved weights', (run) => run.evaluation?.modelBytes, bytes, {
      kind: 'cost',
      visible: false,
    }),
  ];
}
