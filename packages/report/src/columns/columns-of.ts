import type { Measurements } from '../data/measurements.ts';
import type { ReportData } from '../data/report-data.ts';
import { settingNames, settingText, varyingSettings } from '../data/settings.ts';
import { variedPaths } from '../names/section-sweeps.ts';
import type { Column } from './column.ts';
import { costColumns } from './cost-columns.ts';
import { measuredColumns } from './measured-columns.ts';
import { resultColumns } from './result-columns.ts';
import { trialColumns } from './trial-columns.ts';

/** Paths of settings that differ between the report's runs, those of sweeps and searches first. */
export function settingPaths(data: ReportData): string[] {
  const varying = varyingSettings([...new Map(data.runs.map((run) => [run.recipeId, run.settings])).values()]);
  const swept = variedPaths(data.experiments).filter((path) => varying.includes(path));
  const isTold = (path: string): boolean => swept.some((other) => other === path || other.startsWith(`${path}.`));
  return [...swept, ...varying.filter((path) => !isTold(path))];
}

/** Most varying settings that have a column by default. Settings of sweeps and searches always have one. */
const VISIBLE_SETTINGS = 4;

/** Every column of the table of runs, in order. */
export function columnsOf(data: ReportData, measurements: Measurements): Column[] {
  const swept = variedPaths(data.experiments);
  const paths = settingPaths(data);
  const names = settingNames(paths);
  const settings = paths.map((path, i): Column => ({
    id: `setting:${path}`,
    label: names.get(path)!,
    meaning: `Setting ${path}`,
    kind: 'setting',
    visible: i < VISIBLE_SETTINGS || swept.includes(path),
    value: (run) => run.settings[path] ?? null,
    text: settingText,
  }));
  return [
    ...resultColumns(data),
    ...trialColumns(data),
    ...settings,
    ...costColumns(),
    ...measuredColumns(measurements),
  ];
}
