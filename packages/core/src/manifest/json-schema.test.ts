import { describe, expect, it } from 'vitest';
import { exampleVocabulary } from '../testing/example-vocabulary.ts';
import { manifestJsonSchema } from './json-schema.ts';
import { SETTING_NAMES } from './settings-schema.ts';

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

const schema = manifestJsonSchema(exampleVocabulary) as Node;
const at = (...path: string[]): Node =>
  path.reduce((node, step) => (step === '[]' ? node.items! : node.properties![step]!), schema);

describe("the manifest's JSON Schema", () => {
  it('asks for name, dataset and experiments', () => {
    expect(schema.required).toEqual(['name', 'dataset', 'experiments']);
    expect(at('experiments', '[]').required).toEqual(['id']);
  });

  it('knows every setting in defaults and in experiments, and nothing else', () => {
    for (const place of [at('defaults'), at('experiments', '[]')]) {
      expect(Object.keys(place.properties ?? {})).toEqual(expect.arrayContaining([...SETTING_NAMES]));
      expect(place['additionalProperties']).toBe(false);
    }
  });

  it('offers the models with their settings, limits and descriptions', () => {
    const models = at('defaults', 'model').anyOf!;
    expect(models.map(({ properties }) => properties?.['type']?.['const'])).toEqual(['cifarnet', 'resnet', undefined]);
    expect(models[2]?.['enum']).toEqual(['cifarnet', 'resnet']);
    expect(models[1]?.properties?.['dropout2d']).toMatchObject({
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0,
      description: 'Rate of dropping whole channels',
    });
  });

  it('lets settings be partial, because defaults complete them', () => {
    const models = at('experiments', '[]', 'model').anyOf!;
    expect(models[1]?.required).toBeUndefined();
    expect(JSON.stringify(at('defaults', 'optimizer'))).not.toContain('"required"');
  });

  it('describes every setting', () => {
    for (const name of SETTING_NAMES) expect(at('defaults', name).description, name).toBeTruthy();
    for (const name of ['name', 'title', 'dataset', 'defaults', 'experiments', 'report'])
      expect(at(name).description, name).toBeTruthy();
  });
});
