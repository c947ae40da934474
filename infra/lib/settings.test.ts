import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSettings, readSettings } from './settings.ts';

const context = (values: Record<string, unknown>) => (name: string) => values[name];

describe('readSettings', () => {
  it('fills in defaults', () => {
    expect(readSettings(context({}))).toEqual(defaultSettings);
  });

  it('reads values from cdk.json and strings from the command line', () => {
    const settings = readSettings(
      context({ bakeoff: { zones: 3 }, 'bakeoff.maxGpuVcpus': '64', 'bakeoff.gpuInstanceFamilies': 'g5,g6' }),
    );
    expect(settings).toMatchObject({ zones: 3, maxGpuVcpus: 64, gpuInstanceFamilies: ['g5', 'g6'] });
  });

  it('names an unknown setting and the known ones', () => {
    expect(() => readSettings(context({ bakeoff: { zone: 2 } }))).toThrow(
      /unknown deployment setting bakeoff\.zone[\s\S]*zones/,
    );
  });

  it.each([
    ['maxGpuVcpus', 'many'],
    ['zones', 0],
    ['capacityTimeoutMinutes', 9],
    ['capacityTimeoutMinutes', '1441'],
    ['gpuInstanceFamilies', []],
    ['compute', 'tpu'],
    ['vpcId', 'mine'],
    ['publicIps', 'maybe'],
    ['xla', '1'],
    ['imageTag', ''],
    ['imageTag', 'latest'],
  ])('refuses %s = %j', (name, value) => {
    expect(() => readSettings(context({ bakeoff: { [name]: value } }))).toThrow(`bakeoff.${name} has a wrong value`);
  });

  it.each([{ vpcId: 'vpc-1' }, { subnetIds: 'subnet-1' }, { publicIps: 'false' }])(
    'refuses %j, which names a part of an existing network',
    (given) => {
      expect(() => readSettings(context({ bakeoff: given }))).toThrow(/vpcId and bakeoff\.subnetIds/);
    },
  );

  it('reads an existing network from the command line', () => {
    const given = { 'bakeoff.vpcId': 'vpc-1', 'bakeoff.subnetIds': 'subnet-1,subnet-2', 'bakeoff.publicIps': 'false' };
    expect(readSettings(context(given))).toMatchObject({
      vpcId: 'vpc-1',
      subnetIds: ['subnet-1', 'subnet-2'],
      publicIps: false,
    });
  });

  it('keeps more runs in work than there are GPUs', () => {
    expect(defaultSettings.maxConcurrentRuns).toBeGreaterThan(defaultSettings.maxGpuVcpus / 4);
  });

  it('knows no setting that docs/aws.md does not explain', () => {
    const docs = readFileSync(join(import.meta.dirname, '../../docs/aws.md'), 'utf8');
    expect(Object.keys(defaultSettings).filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });
});
