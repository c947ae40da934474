import { type ModelConfig, UserError } from '@bakeoff/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Architecture } from './architecture.ts';
import { architectures, buildLayers, modelSchemas } from './registry.ts';

const input = { imageShape: [32, 32, 3], classes: 10 } as const;

describe('the registry of architectures', () => {
  it('fills defaults in by parsing', () => {
    expect(modelSchemas['cifarnet']?.parse({ type: 'cifarnet' })).toEqual({
      type: 'cifarnet',
      dropout2d: 0.3,
      dropout: 0.3,
    });
    expect(modelSchemas['resnet']?.parse({ type: 'resnet', blocks: [3], channels: [16] })).toEqual({
      type: 'resnet',
      blocks: [3],
      channels: [16],
      firstChannels: 16,
      shortcut: 'A',
      batchNorm: true,
      dropout2d: 0,
    });
  });

  it('an incomplete row does not compile', () => {
    const row: Pick<Architecture, 'schema'> = { schema: z.strictObject({ type: z.literal('empty') }) };
    // @ts-expect-error it does not say what it builds
    const incomplete: Architecture = row;
    expect(incomplete).toEqual(row);
  });

  it('has schemas that each accept only their own type', () => {
    for (const [type, { schema }] of Object.entries(architectures)) {
      expect(schema.safeParse({ type: `${type}x` }).error?.issues[0]?.path).toEqual(['type']);
    }
  });

  it('names both lists if blocks and channels differ in length', () => {
    const model = { type: 'resnet', blocks: [3, 3, 3], channels: [16, 32] };
    expect(() => buildLayers(model, input)).toThrow(
      /blocks \[3, 3, 3\] names 3 bundles and channels \[16, 32\] names 2/,
    );
  });

  it('refuses an odd channel difference with shortcut A and accepts it with B', () => {
    const model = { type: 'resnet', blocks: [1, 1], channels: [16, 33] };
    expect(() => buildLayers(model, input)).toThrow(/cannot go from 16 to 33 channels/);
    expect(buildLayers({ ...model, shortcut: 'B' }, input).length).toBeGreaterThan(0);
  });

  it('refuses unknown types, unknown settings and a dropout rate of 1', () => {
    const models: ModelConfig[] = [
      { type: 'resnet19' },
      { type: 'cifarnet', depth: 3 },
      { type: 'cifarnet', dropout: 1 },
    ];
    for (const model of models) {
      expect(() => buildLayers(model, input)).toThrow(UserError);
    }
  });
});
