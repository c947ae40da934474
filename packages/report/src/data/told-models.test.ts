import { type ModelConfig, plannedEvaluations } from '@bakeoff/core';
import { expect, it } from 'vitest';
import { type FixtureExperiment, fixturePlan, studySpec } from '../testing/fixture-plan.ts';
import { flattenSettings } from './flatten-recipe.ts';

const network = (filters: number): ModelConfig => ({
  type: 'layers',
  layers: [{ type: 'conv2d', filters }, { type: 'globalAveragePool' }, { type: 'dense', units: 'classes' }],
});
const PRESET = JSON.stringify(network(16));
const modelName = (model: ModelConfig): string => (JSON.stringify(model) === PRESET ? 'resnet20' : model.type);

type Entry = Pick<FixtureExperiment, 'id' | 'model'> & Partial<FixtureExperiment>;

const point = (id: string, filters: number, path: string, value: number): Entry => ({
  id,
  group: 'own',
  model: network(filters),
  learningRate: value / 1000,
  sweepValues: { [path]: value },
});

/** The settings of the network of each run. */
function told(entries: readonly Entry[]): Record<string, unknown>[] {
  const study = studySpec();
  const experiments = entries.map((entry) => ({ ...study.experiments[0]!, seeds: [1], ...entry }));
  const { plan } = fixturePlan({ ...study, experiments, sections: [] });
  return flattenSettings(plannedEvaluations(plan), plan.experiments, modelName).map((settings) =>
    Object.fromEntries(Object.entries(settings).filter(([path]) => path.startsWith('model.'))),
  );
}

it('a preset is told by its name, another network by the experiment that it first stands in', () => {
  expect(
    told([
      { id: 'preset', model: network(16) },
      { id: 'own', model: network(8) },
      { id: 'own-slower', model: network(8), learningRate: 1e-4 },
      { id: 'cifarnet', model: { type: 'cifarnet' } },
    ]),
  ).toEqual([
    { 'model.type': 'resnet20' },
    { 'model.type': 'layers', 'model.layers': 'own' },
    { 'model.type': 'layers', 'model.layers': 'own' },
    { 'model.type': 'cifarnet' },
  ]);
});

it('a network that is swept is told by its name in the manifest, unless the sweep changes its layers', () => {
  expect(
    told([point('own-1', 8, 'optimizer.learningRate', 1), point('own-2', 8, 'optimizer.learningRate', 2)]),
  ).toEqual([
    { 'model.type': 'layers', 'model.layers': 'own' },
    { 'model.type': 'layers', 'model.layers': 'own' },
  ]);
  expect(
    told([point('own-8', 8, 'model.layers.conv1.filters', 8), point('own-4', 4, 'model.layers.conv1.filters', 4)]),
  ).toEqual([
    { 'model.type': 'layers', 'model.layers': 'own-8', 'model.layers.conv1.filters': 8 },
    { 'model.type': 'layers', 'model.layers': 'own-4', 'model.layers.conv1.filters': 4 },
  ]);
});
