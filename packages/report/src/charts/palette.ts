/**
 * Eight hues after Okabe and Ito (2008) and Tol (2021), darkened (light theme) or lightened (dark theme) until each has
 * a contrast of 3:1 with its background. An experiment's hue, dash and marker follow its place in the plan, so it looks
 * the same in every chart and can be recognized without its hue.
 */
export const PALETTE = {
  light: ['#00569e', '#c8510b', '#00805c', '#a8428f', '#96690a', '#1b93b0', '#5a6066', '#7f6fd6'],
  dark: ['#5cb4ef', '#ff8f4a', '#35c99a', '#e593cb', '#e3b341', '#a9ecf7', '#b6bcc3', '#ab9ff5'],
} as const;

const DASHES = ['none', '7 3', '2 3', '9 3 2 3'] as const;
const MARKERS = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye'] as const;

export const hue = (experiment: number): string => `var(--series-${experiment % PALETTE.light.length})`;
export const dash = (experiment: number): string => DASHES[experiment % DASHES.length] as string;
export const marker = (experiment: number): (typeof MARKERS)[number] => MARKERS[experiment % MARKERS.length]!;
