import { parseManifest, type Plan, planManifest } from '@bakeoff/core';
import { describeModel } from '@bakeoff/model/architectures';
import { vocabulary } from '../plans/vocabulary.ts';

/** The plan of a manifest on made-up images of 32×32 in two classes: 60 to train and validate on, 20 to test. */
export function planText(text: string, sha256 = '0'.repeat(64)): Promise<Plan> {
  return planManifest(parseManifest(text, { fileName: 'two.yaml', vocabulary }), {
    sources: vocabulary.sources,
    fingerprint: async () => ({
      sha256,
      trainImages: 60,
      testImages: 20,
      classes: ['x', 'y'],
      imageShape: [32, 32, 3],
    }),
    describeModel,
  });
}
