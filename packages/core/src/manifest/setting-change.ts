import { parse, YAMLParseError } from 'yaml';
import { UserError } from '../user-error.ts';
import { didYouMean } from './problem.ts';
import { SETTING_NAMES } from './settings-schema.ts';

/** Members of the manifest itself that may be changed; the others are settings of every experiment. */
const OWN_NAMES = ['name', 'title'] as const;

/** A setting that is given on the command line, for every experiment, instead of what the manifest says. */
export interface SettingChange {
  /** As written: `optimizer.learningRate`. */
  readonly setting: string;
  readonly path: readonly string[];
  readonly value: unknown;
  /** What messages call its place, such as `--set optimizer.learningRate`. */
  readonly option: string;
  /** As it was typed. */
  readonly typed: string;
}

/** Whether a change is one of the manifest itself, such as its name. */
export function isOwnName({ setting }: Pick<SettingChange, 'setting'>): boolean {
  return (OWN_NAMES as readonly string[]).includes(setting);
}

function valueOf(text: string, typed: string): unknown {
  try {
    return parse(text, { version: '1.2', schema: 'core' }) as unknown;
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new UserError({
      what: `--set ${typed}: the value is not valid YAML`,
      received: text,
      allowed: 'a number, text, true, false, null, [a, list] or { a: map }',
      fix: `correct it: ${error.message.split('\n')[0]}`,
    });
  }
}

/**
 * Reads `key=value` of `--set`: the dotted path of a setting, and a value in YAML.
 * @throws UserError if it is not of this form, or there is no such setting.
 */
export function readSettingChange(typed: string): SettingChange {
  const [, setting, text] = /^([^=\s]+)=(.*)$/s.exec(typed) ?? [];
  if (setting === undefined || text === undefined || text.trim() === '')
    throw new UserError({
      what: '--set gives a setting a value',
      received: typed === '' ? 'nothing' : typed,
      allowed: 'setting=value, with the path of a setting and a value in YAML',
      fix: 'for example --set maxEpochs=1, or --set optimizer.learningRate=1e-3',
    });
  const path = setting.split('.');
  const names = [...SETTING_NAMES, ...OWN_NAMES];
  if (!(names as readonly string[]).includes(path[0]!) || (path.length > 1 && isOwnName({ setting: path[0]! })))
    throw new UserError({
      what: `--set ${setting}: there is no such setting`,
      received: typed,
      allowed: names.join(', '),
      fix: didYouMean(path[0]!, names, 'name a setting by its path, e.g. --set model.dropout2d=0.1'),
    });
  return { setting, path, value: valueOf(text, typed), option: `--set ${setting}`, typed: `--set ${typed}` };
}

/**
 * Reads `--seeds`: how many (`3` is 1, 2, 3), or which (`4,5`). Whether the seeds are allowed is for the schema to say.
 * @throws UserError if it is neither.
 */
export function readSeeds(typed: string): SettingChange {
  if (!/^\d+(\s*,\s*\d+)*,?$/.test(typed.trim()))
    throw new UserError({
      what: '--seeds says how many seeds, or which',
      received: typed,
      allowed: 'a whole number (3: seeds 1, 2 and 3), or a list with commas (4,5)',
      fix: 'for example --seeds 3',
    });
  const value = typed.includes(',')
    ? typed
        .split(',')
        .filter((part) => part.trim() !== '')
        .map(Number)
    : Number(typed);
  return { setting: 'seeds', path: ['seeds'], value, option: '--seeds', typed: `--seeds ${typed}` };
}
