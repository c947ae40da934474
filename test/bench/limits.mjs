// The least ratios to PyTorch's best way that must hold, by vector width (of both sides), mode, setting and network.
import { modeTitles } from './cases.mjs';
import { figure, median } from './table.mjs';

const every = (ratio) => ({ cifarnet: ratio, resnet20: ratio, resnet110: ratio });

/** @type {Record<string, { mode: 'train' | 'infer', setting: 'alone' | 'allCores', least: Record<string, number> }[]>} */
const leastRatios = {
  avx512: [
    { mode: 'train', setting: 'alone', least: { cifarnet: 1.7, resnet20: 1.9, resnet110: 1.9 } },
    { mode: 'train', setting: 'allCores', least: { cifarnet: 1.5, resnet20: 1.75, resnet110: 1.75 } },
    { mode: 'infer', setting: 'alone', least: every(1.5) },
  ],
  avx2: [
    { mode: 'train', setting: 'alone', least: { cifarnet: 1.7, resnet20: 2, resnet110: 2 } },
    { mode: 'train', setting: 'allCores', least: { cifarnet: 1.5, resnet20: 1.75, resnet110: 1.75 } },
    { mode: 'infer', setting: 'alone', least: every(1.4) },
  ],
};
/** Least ratio of two replicas to one core, by batch size. */
const LEAST_OF_TWO_REPLICAS = { 32: 1.6 };
/** Maximum WASM memory of a training step, MiB. */
const MOST_HEAP_MIB = 2048;

export const settingTitles = { alone: 'one process, one thread', allCores: 'all cores' };

/** Every limit of what was measured: `{ name, passed, detail }`. */
export function checkLimits({ cases, replicas }) {
  return [...cases.flatMap(speedChecks), ...cases.map(memoryCheck), ...replicas.flatMap(replicaChecks)];
}

function speedChecks({ name, network, width, modes }) {
  return (leastRatios[width] ?? []).flatMap(({ mode, setting, least }) => {
    const ratios = modes[mode][setting]?.ratios ?? [];
    if (ratios.length === 0) return [];
    return [
      {
        name: `${name} (${width}), ${modeTitles[mode].toLowerCase()}, ${settingTitles[setting]}: at least ${least[network]} times PyTorch's best way`,
        passed: median(ratios) >= least[network],
        detail: `${figure(median(ratios))} times`,
      },
    ];
  });
}

function memoryCheck({ name, width, modes }) {
  const { heapMib } = modes.train.memory.ours;
  return {
    name: `${name} (${width}) trains within ${MOST_HEAP_MIB} MiB of WASM memory`,
    passed: heapMib <= MOST_HEAP_MIB,
    detail: `${Math.round(heapMib)} MiB`,
  };
}

function replicaChecks({ width, batch, replicas, ratios }) {
  const least = LEAST_OF_TWO_REPLICAS[batch];
  if (replicas !== 2 || least === undefined) return [];
  return [
    {
      name: `2 replicas at batch ${batch} (${width}): at least ${least} times one core`,
      passed: median(ratios) >= least,
      detail: `${figure(median(ratios))} times`,
    },
  ];
}
