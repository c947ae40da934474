import type { ModelConfig } from '@bakeoff/core';

export const input = { imageShape: [32, 32, 3], classes: 10 } as const;

export const models = {
  cifarnet: { type: 'cifarnet', dropout2d: 0, dropout: 0 },
  resnet20: { type: 'resnet', blocks: [3, 3, 3], channels: [16, 32, 64] },
} satisfies Record<string, ModelConfig>;
