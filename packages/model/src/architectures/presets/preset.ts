/** A layer as a person would write it in a manifest: defaults may be left out, and a type alone is a layer. */
export type PresetLayer = string | { readonly type: string; readonly [setting: string]: unknown };

/** A network that people know by name: it stands for the layers that a manifest could write. */
export interface Preset {
  /** In one line: whose it is, and by which rules. */
  readonly about: string;
  readonly layers: readonly PresetLayer[];
}

/** 3×3 with padding 1, or 1×1 without; no bias. */
export function convolution(
  filters: number,
  { kernel = 3, stride = 1, ...more }: { kernel?: 1 | 3; stride?: number; [setting: string]: unknown } = {},
): PresetLayer {
  const initializer = 'kaimingNormalFanOut';
  return { type: 'conv2d', filters, kernel, stride, padding: (kernel - 1) / 2, bias: false, initializer, ...more };
}

/** Global average pooling and one dense layer. */
export const classifier: readonly PresetLayer[] = ['globalAveragePool', { type: 'dense', units: 'classes' }];
