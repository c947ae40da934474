/**
 * Eight hues after Okabe and Ito (2008) and Tol (2021), darkened (light theme) or lightened (dark theme) until each has
 * a contrast of 4.5:1 with its background, so that labels may have the color of their line.
 */
export const PALETTE = {
  light: ['#00569e', '#b84708', '#007a57', '#a8428f', '#85600b', '#0e7490', '#5a6066', '#6a58c9'],
  dark: ['#5cb4ef', '#ff8f4a', '#35c99a', '#e593cb', '#e3b341', '#a9ecf7', '#b6bcc3', '#ab9ff5'],
} as const;

/**
 * Twelve steps for the values of an ordered sweep, from the lowest to the highest: one way through the hues, from
 * violet by blue, green and yellow to red, so that neighbors look related and the ends do not.
 */
export const RAMP = {
  light: [
    '#3b1d7a',
    '#41359b',
    '#2f53ad',
    '#1f68a3',
    '#0f7490',
    '#067a74',
    '#1b7c50',
    '#487a22',
    '#6d7000',
    '#8a6200',
    '#a85000',
    '#b83a1e',
  ],
  dark: [
    '#a99bff',
    '#8fa6ff',
    '#74b4ff',
    '#5cc1f2',
    '#4accd8',
    '#48d3b4',
    '#66d68c',
    '#93d568',
    '#bccf52',
    '#dfc44c',
    '#f8b255',
    '#ff9a6e',
  ],
} as const;

/** Solid; dashed; dotted; dash and dot. */
const DASHES = ['none', '7 3', '2 3', '9 3 2 3'] as const;
const MARKERS = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye'] as const;

export type Marker = (typeof MARKERS)[number];

/** How a series is drawn, in every chart of a section: it can be recognized without its hue. */
export interface SeriesStyle {
  /** A CSS color that follows the theme. */
  readonly color: string;
  /** SVG's stroke-dasharray; `none` is solid. */
  readonly dash: string;
  readonly marker: Marker;
}

const styled = (color: string, dash: number, marker: number): SeriesStyle => ({
  color,
  dash: DASHES[dash % DASHES.length]!,
  marker: MARKERS[marker % MARKERS.length]!,
});

const HUES = PALETTE.light.length;
const STEPS = RAMP.light.length;

/** Style of the series at a place in an unordered section; 32 differ in hue or dash. */
export const seriesStyle = (place: number): SeriesStyle =>
  styled(`var(--series-${place % HUES})`, (place % HUES) + Math.floor(place / HUES), place);

/** Style of the value at a place among `count` values in order; 48 differ in hue or dash. */
export function orderedStyle(place: number, count: number): SeriesStyle {
  if (count <= STEPS)
    return styled(`var(--ramp-${Math.round((place * (STEPS - 1)) / Math.max(1, count - 1))})`, 0, place);
  const rounds = Math.ceil(count / STEPS);
  return styled(`var(--ramp-${Math.floor(place / rounds)})`, place % rounds, place);
}

/** Style of an experiment beside an ordered sweep, such as its baseline. */
export const besideStyle = (place: number): SeriesStyle => styled('var(--ink)', place + 1, place + 3);

/** The style of another run of the same experiment: the same color, another dash and marker. */
export function variedStyle({ color, dash, marker }: SeriesStyle, variant: number): SeriesStyle {
  return styled(color, DASHES.indexOf(dash as (typeof DASHES)[number]) + variant, MARKERS.indexOf(marker) + variant);
}
