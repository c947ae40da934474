import type { ChartName } from '../charts/registry.ts';
import type { CurveView } from '../charts/curves/curve-view.ts';
import { settingPaths } from '../columns/columns-of.ts';
import type { ReportData, ReportRun } from '../data/report-data.ts';

/** What rows of the table are grouped by: a setting as `setting:<its path>`. */
export type GroupBy = 'none' | 'experiment' | 'sweep' | 'status' | `setting:${string}`;

/** Everything a reader has chosen. It is kept in the address's hash, so that a link shows the same view. */
export interface State {
  /** Indices of picked runs, ascending. */
  readonly picked: readonly number[];
  /** Null: the best validation accuracy first. */
  readonly sort: { readonly column: string; readonly descending: boolean } | null;
  readonly groupBy: GroupBy;
  readonly filter: string;
  /** Ids of shown columns; null: the default columns. */
  readonly columns: readonly string[] | null;
  readonly explore: ChartName;
  /** Whether picked runs side by side show only rows in which they differ. */
  readonly differencesOnly: boolean;
  /** What a reader changed in each curve figure, by its index in the page. */
  readonly curves: Readonly<Record<number, Partial<CurveView>>>;
}

export const INITIAL: State = {
  picked: [],
  sort: null,
  groupBy: 'none',
  filter: '',
  columns: null,
  explore: 'validationAccuracy',
  differencesOnly: false,
  curves: {},
};

/** Enough of a run's id to find it again in a report of the same plan. */
const ID_LENGTH = 8;

const CURVE_KEYS = ['splits', 'axis', 'smoothing', 'log', 'seeds', 'zoom'] as const;

function encodeCurve(view: Partial<CurveView>): string {
  return CURVE_KEYS.flatMap((key) =>
    view[key] === undefined
      ? []
      : [
          `${key}:${view[key] === null ? '' : Array.isArray(view[key]) ? (view[key] as readonly unknown[]).join('~') : String(view[key])}`,
        ],
  ).join(',');
}

const AXES: readonly string[] = ['epoch', 'step', 'images', 'seconds'];

function decodeCurve(text: string): Partial<CurveView> {
  const fields = new Map(text.split(',').map((part) => part.split(':', 2) as [string, string]));
  const view: { -readonly [K in keyof CurveView]?: CurveView[K] } = {};
  const splits = fields
    .get('splits')
    ?.split('~')
    .filter((s): s is 'train' | 'validation' => s === 'train' || s === 'validation');
  if (splits && splits.length > 0) view.splits = splits;
  const axis = fields.get('axis');
  if (axis && AXES.includes(axis)) view.axis = axis as CurveView['axis'];
  const smoothing = Number(fields.get('smoothing'));
  if (fields.has('smoothing') && smoothing >= 0 && smoothing <= 0.99) view.smoothing = smoothing;
  if (fields.has('log')) view.log = fields.get('log') === 'true';
  const seeds = fields.get('seeds');
  if (seeds === 'mean' || seeds === 'each') view.seeds = seeds;
  const zoom = fields.get('zoom')?.split('~').map(Number);
  if (zoom?.length === 2 && zoom.every(Number.isFinite) && zoom[0]! < zoom[1]!) view.zoom = [zoom[0]!, zoom[1]!];
  return view;
}

/** The beginning of a run's id, and its evaluation's test-time augmentation if there is any. */
function shortId(run: Pick<ReportRun, 'runId'> | undefined): string | undefined {
  return run?.runId.replace(/^([^:]*)/, (id) => id.slice(0, ID_LENGTH));
}

/** The hash of a state, without `#`; empty for the initial one. */
export function encodeState(state: State, data: ReportData): string {
  const fields = new URLSearchParams();
  if (state.picked.length > 0) fields.set('runs', state.picked.flatMap((i) => shortId(data.runs[i]) ?? []).join(','));
  if (state.sort) fields.set('sort', `${state.sort.descending ? '-' : ''}${state.sort.column}`);
  if (state.groupBy !== 'none') fields.set('group', state.groupBy);
  if (state.filter !== '') fields.set('filter', state.filter);
  if (state.columns) fields.set('columns', state.columns.join(','));
  if (state.explore !== INITIAL.explore) fields.set('chart', state.explore);
  if (state.differencesOnly) fields.set('differences', 'only');
  for (const [figure, view] of Object.entries(state.curves))
    if (Object.keys(view).length > 0) fields.set(`f${figure}`, encodeCurve(view));
  return fields.toString();
}

function isGroupBy(text: string, data: ReportData): text is GroupBy {
  return (
    ['experiment', 'sweep', 'status'].includes(text) || settingPaths(data).some((path) => text === `setting:${path}`)
  );
}

/** Reads a hash, ignoring what is unknown or no longer exists. */
export function decodeState(hash: string, data: ReportData, charts: readonly ChartName[]): State {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const ids = (fields.get('runs') ?? '').split(',').filter((id) => id.length >= ID_LENGTH);
  const sort = fields.get('sort');
  const group = fields.get('group');
  const chart = fields.get('chart') as ChartName | null;
  const curves: Record<number, Partial<CurveView>> = {};
  for (const [name, value] of fields) {
    const figure = /^f(\d+)$/.exec(name)?.[1];
    if (figure !== undefined) curves[Number(figure)] = decodeCurve(value);
  }
  return {
    picked: data.runs.flatMap((run, i) => (ids.includes(shortId(run)!) ? [i] : [])),
    sort: sort ? { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') } : null,
    groupBy: group !== null && isGroupBy(group, data) ? group : 'none',
    filter: fields.get('filter') ?? '',
    columns: fields.get('columns')?.split(',') ?? null,
    explore: chart !== null && charts.includes(chart) ? chart : INITIAL.explore,
    differencesOnly: fields.get('differences') === 'only',
    curves,
  };
}
