import { type FixtureExperiment, type FixtureSpec, studySpec } from './fixture-plan.ts';

/** Points that fill the unit interval evenly: multiples of an irrational number, without their whole part. */
const share = (trial: number, irrational: number): number => (trial * irrational) % 1;
const rounded = (value: number): number => Number(value.toPrecision(4));

/**
 * A search of a ResNet20 over batch size, dropout and L2, whose validation favors a little of both, beside CIFARnet. The
 * last trial has no record.
 */
export function searchSpec(trials = 20): FixtureSpec {
  const study = studySpec();
  const like = study.experiments[1]!;
  const experiments = Array.from({ length: trials }, (_, i): FixtureExperiment => {
    const dropout2d = rounded(0.25 * share(i + 1, 0.6180339887));
    const l2 = rounded(1e-5 * 500 ** share(i + 1, 0.7548776662));
    const batchSize = [32, 128][Math.floor(2 * share(i + 1, 0.5698402909))]!;
    const away = (dropout2d - 0.08) ** 2 * 30 + Math.log10(l2 / 3e-4) ** 2 / 8;
    return {
      ...like,
      id: `resnet20-trial-${i + 1}`,
      title: `ResNet20, trial ${i + 1}`,
      group: 'resnet20',
      sweepValues: {},
      trial: {
        search: 'resnet20',
        number: i + 1,
        values: { batchSize, 'model.dropout2d': dropout2d, 'optimizer.l2': l2 },
      },
      model: { ...like.model, dropout2d },
      l2,
      options: { batchSize },
      seeds: [1],
      skill: 1.95 - away - (batchSize === 128 ? 0.1 : 0),
      ...(i === trials - 1 ? { outcome: 'missing' } : {}),
    };
  });
  const all = [...experiments, { ...study.experiments[0]!, seeds: [1] }];
  return {
    ...study,
    name: 'search',
    title: 'How well can a ResNet20 do?',
    text: 'Twenty trials of a ResNet20, of which validation chooses one, against CIFARnet.',
    experiments: all,
    sections: [
      {
        title: 'The search, and CIFARnet',
        text: '',
        experiments: all.map(({ id }) => id),
        charts: ['validationAccuracy', 'slices', 'parallelCoordinates', 'accuracyVsMacs', 'verdicts'],
        baseline: null,
      },
    ],
  };
}
