import { plainNumber } from '@bakeoff/statistics/formats';
import type { Measurements } from '../data/measurements.ts';
import type { ReportData } from '../data/report-data.ts';
import { varyingSettings } from '../data/settings.ts';
import type { Column } from './column.ts';
import { costColumns } from './cost-columns.ts';
import { measuredColumns } from './measured-columns.ts';
import { resultColumns } from './result-columns.ts';

/** Paths of settings that differ between the report's runs. */
export function settingPaths(data: ReportData): string[] {
  return varyingSettings([...new Map(data.runs.map((run) => [run.recipeId, run.settings])).values()]);
}

/** Most varying settings that have a column by default. */
const VISIBLE_SETTINGS = 4;

/** Every column of the table of runs, in order. */
export function columnsOf(data: ReportData, measurements: Measurements): Column[] {
  const settings = settingPaths(data).map((path, i): Column => ({
    id: `setting:${path}`,
    label: path.split('.').slice(-2).join('.'),
    meaning: `Setting ${path}`,
    kind: 'setting',
    visible: i < VISIBLE_SETTINGS,
    value: (run) => run.settings[path] ?? null,
    text: (v) => (v === null ? '\u2013' : typeof v === 'number' ? plainNumber(v) : String(v)),
  }));
  return [...resultColumns(data), ...settings, ...costColumns(), ...measuredColumns(measurements)];
}
