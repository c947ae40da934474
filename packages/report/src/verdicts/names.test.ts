import { expect, it } from 'vitest';
import { rankedStrip } from '../page/ranked-strip.ts';
import { fixtureReport, small } from '../testing/fixture-report.ts';
import { studySpec } from '../testing/fixture-plan.ts';
import { nameOf } from './names.ts';

it('the verdict, the summary and the findings of sections call experiments as the first screen’s list does', async () => {
  const spec = small(studySpec());
  // As planning names the points of a sweep.
  const experiments = spec.experiments.map((experiment) => {
    const value = experiment.sweepValues?.['model.dropout2d'];
    return value === undefined ? experiment : { ...experiment, title: `ResNet20, less (dropout2d ${String(value)})` };
  });
  const { data, measurements } = await fixtureReport({ ...spec, experiments });
  const [ranking] = data.rankings;
  const { markup } = rankedStrip(data, measurements, ranking!);
  const names = ranking!.rows.map(({ experiment }) => nameOf(data, experiment));
  expect(names).toContain('ResNet20, dropout2d 0.03');
  for (const name of names) expect(markup).toContain(`<bdi>${name}</bdi>`);
  const sentences = [
    ranking!.verdict,
    ...ranking!.rows.map(({ sentence }) => sentence),
    ...data.summary,
    ...data.sections.flatMap(({ findings }) => findings),
  ];
  expect(sentences.filter((sentence) => sentence.includes('(dropout2d'))).toEqual([]);
  expect(sentences.filter((sentence) => sentence.includes('ResNet20, dropout2d 0')).length).toBeGreaterThan(5);
});
