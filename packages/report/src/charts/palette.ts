/**
 * Eight hues after Okabe and Ito (2008) and Tol (2021), darkened (light theme) or lightened (dark theme) until each has a contrast of 3:1 with its
 * paper. An experiment's hue, dash and marker follow its place in the plan, so it looks alike in every chart and no meaning hangs on hue alone.
 */
export const PALETTE = {
  light: ['#0072b2', '#c8510b', '#00805c', '#a8428f', '#96690a', '#2484ad', '#5a6066', '#7663c8'],
  dark: ['#5cb4ef', '#ff8f4a', '#35c99a', '#e593cb', '#e3b341', '#86d7f2', '#b6bcc3', '#ab9ff5'],
} as const;

const DASHES = ['none', '7 3', '2 3', '9 3 2 3'] as const;
const MARKERS = ['circle', 'square2', 'triangle2', 'diamond2', 'times', 'wye', 'plus'] as const;

export const hue = (experiment: number): string => `var(--series-${experiment % PALETTE.light.length})`;
export const dash = (experiment: number): string => DASHES[experiment % DASHES.length] as string;
export const marker = (experiment: number): (typeof MARKERS)[number] => MARKERS[experiment % MARKERS.length] as (typeof MARKERS)[number];
