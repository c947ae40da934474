/// <reference lib="dom" />
import type { Measurements } from '../data/measurements.ts';
import type { ReportData } from '../data/report-data.ts';
import type { Html } from '../page/html.ts';
import type { CurveView } from './curves/curve-view.ts';
import type { SeriesStyle } from './palette.ts';
import type { Plotter } from './plotter.ts';

/** What a chart shows as one item: an experiment with its runs, or one picked run. */
export interface Group {
  readonly experiment: number;
  readonly runs: readonly number[];
  /** Its name below the heading: without what all groups share, and never cut where they differ. */
  readonly label: string;
  /** Its name by itself, in sentences and titles. */
  readonly name: string;
  /** What all labels have in common or are values of, the same for every group of a drawing. */
  readonly heading: string | null;
  readonly style: SeriesStyle;
}

/** What a chart is drawn from. The build draws into linkedom's document, the page into the browser's. */
export interface Drawing {
  readonly data: ReportData;
  readonly measurements: Measurements | null;
  readonly document: Document;
  readonly plot: Plotter;
  /** Pixels. */
  readonly width: number;
  readonly groups: readonly Group[];
  /** Index of the section that the figure belongs to; null in the explorer and for picked runs. */
  readonly section: number | null;
}

/** How a group is drawn. */
export interface LegendEntry extends Pick<Group, 'label' | 'style'> {
  /** Key of the series; absent for an entry that has no marks of its own. */
  readonly series?: string;
}

/** One picture of a figure, with its text alternative. */
export interface Panel {
  readonly title: string | null;
  readonly alt: string;
  readonly svg: Element;
  /** The run that the panel is about, if it is about one. */
  readonly run?: number;
}

interface Figure {
  readonly panels: readonly Panel[];
  readonly legend: readonly LegendEntry[];
  /** What the legend's labels have in common or are values of. */
  readonly legendTitle?: string | null;
  /** What the marks mean and what is left out, as plain text. */
  readonly note: string;
}

/** A figure, a figure that is only markup, or why there is nothing to draw. */
export type Drawn = Figure | { readonly markup: Html } | { readonly empty: string };

/** A chart that sections of a report may name. */
export interface Chart {
  /** The caption of its figures, and its name in the explorer. */
  readonly title: string;
  /**
   * `records`: drawn without the measurements, so that none can slip into what the records determine; `measurements`:
   * its figures are marked as measured.
   */
  readonly needs: 'records' | 'measurements';
  readonly draw: (drawing: Drawing) => Drawn;
  /** Whether the explorer of a report offers it; absent: always. */
  readonly appliesTo?: (data: ReportData) => boolean;
  /** Of learning curves: the view that the static article shows; the page gives it controls. */
  readonly curves?: CurveView;
}
