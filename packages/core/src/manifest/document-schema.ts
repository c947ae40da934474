import * as z from 'zod';
import { datasetSchema } from './dataset-schema.ts';
import { searchSchema } from './search-schema.ts';
import { SETTING_NAMES } from './settings-schema.ts';
import type { ChartVocabulary, Vocabulary } from './vocabulary.ts';

/** Ids are also parts of keys and addresses, so few characters are allowed. */
const slug = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, {
    message: 'lowercase letters, digits, "-", "." and "_", beginning with a letter or digit',
  });

const text = z.string().max(100_000);
const title = z.string().min(1).max(300);

/**
 * Settings may be partly in `defaults` and partly in an experiment, so they can be checked only after merging
 * (`settingsSchema`).
 */
const partialSettings = Object.fromEntries(SETTING_NAMES.map((name) => [name, z.unknown().optional()])) as Record<
  (typeof SETTING_NAMES)[number],
  z.ZodOptional<z.ZodUnknown>
>;

function sectionSchema({ names }: ChartVocabulary) {
  return z.strictObject({
    title: title.describe('Heading of the section').meta({ examples: ['Dropout'] }),
    text: text
      .default('')
      .describe('Markdown')
      .meta({ examples: ['What this part shows.'] }),
    runs: z
      .array(z.string().min(1).max(300))
      .min(1)
      .describe('Ids of experiments, or patterns with * and ?; the id of a swept experiment means all its points')
      .meta({ examples: [['cifarnet', 'resnet20-*']] }),
    charts: z
      .array(z.enum(names))
      .optional()
      .describe('Charts of the section. Default: a choice that fits its experiments')
      .meta({ examples: [['validationAccuracy', 'accuracyVsMacs']] }),
    baseline: z
      .string()
      .min(1)
      .max(300)
      .optional()
      .describe(
        'Id of the experiment that the others are compared with if there are too many pairs. Default: the first',
      )
      .meta({ examples: ['cifarnet'] }),
  });
}

/** A manifest as a user writes it, before defaults are merged into experiments and sweeps are expanded. */
export function documentSchema({ sources, charts }: Vocabulary) {
  return z.strictObject({
    $schema: z
      .string()
      .optional()
      .describe('Address of the JSON Schema, for editors')
      .meta({ examples: ['schema/manifest.schema.json'] }),
    name: slug.describe("Short name; part of the report's address").meta({ examples: ['dropout'] }),
    title: title
      .optional()
      .describe("The report's title, unless report.title is given")
      .meta({ examples: ['Dropout in a ResNet20'] }),
    dataset: datasetSchema(sources)
      .describe('The images that all experiments use')
      .meta({ examples: [{ source: 'cifar10' }] }),
    defaults: z
      .strictObject(partialSettings)
      .prefault({})
      .describe('Settings for every experiment that does not give its own')
      .meta({ examples: [{ maxEpochs: 30, seeds: 3 }] }),
    experiments: z
      .array(
        z.strictObject({
          id: slug.describe('Short name, unique in the manifest').meta({ examples: ['resnet20'] }),
          title: title
            .optional()
            .describe('Free text for tables and charts')
            .meta({ examples: ['ResNet20'] }),
          sweep: z
            .record(z.string(), z.unknown())
            .optional()
            .describe(
              'Values by dotted path of a setting, e.g. `model.dropout2d: [0, 0.1]`. Several settings are crossed; those under `zip` advance together',
            )
            .meta({ examples: [{ 'model.dropout2d': [0, 0.1] }] }),
          search: searchSchema
            .optional()
            .describe(
              'A number of trials, spread evenly over ranges of settings, of which validation chooses one, e.g. ' +
                '`{ trials: 20, optimizer.l2: { logUniform: [1e-5, 1e-2] } }`',
            )
            .meta({ examples: [{ trials: 20, 'optimizer.l2': { logUniform: [1e-5, 1e-2] } }] }),
          ...partialSettings,
        }),
      )
      .min(1)
      .max(100_000)
      .describe('What is trained and compared')
      .meta({ examples: [[{ id: 'resnet20', model: 'resnet20' }]] }),
    report: z
      .strictObject({
        title: title
          .optional()
          .describe('Heading of the report')
          .meta({ examples: ['Dropout in a ResNet20'] }),
        text: text
          .default('')
          .describe('Markdown below the heading')
          .meta({ examples: ['What was *asked*.'] }),
        sections: z
          .array(sectionSchema(charts))
          .min(1)
          .optional()
          .describe('Parts of the report. Default: one with all experiments')
          .meta({ examples: [[{ title: 'Dropout', runs: ['resnet20-*'] }]] }),
      })
      .prefault({})
      .describe('Contents of the report')
      .meta({ examples: [{ title: 'Dropout' }] }),
  });
}

/** A manifest as written, with the schema's defaults filled in. */
export type ManifestDocument = z.output<ReturnType<typeof documentSchema>>;
