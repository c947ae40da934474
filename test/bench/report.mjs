// The bench's figures as tables, and checks of their limits.
import { readFileSync, writeFileSync } from 'node:fs';
import { modes, modeTitles } from './cases.mjs';
import { figure, markdownTable, median, spread, textTable } from './table.mjs';

/** Minimum ratio to PyTorch in training, by network; ResNet110 has no limit. */
const LEAST_RATIOS = { resnet20: 1.2, cifarnet: 1 };
/** Maximum WASM memory of a training step, MiB. */
const MOST_HEAP_MIB = 2048;

const settingTitles = { alone: 'one process, one thread', allCores: 'all cores' };
const mib = (value) => (value === undefined ? '–' : figure(Math.round(value)));
const rate = (rates) => (rates === undefined ? '–' : figure(median(rates)));

function speedTable(result, mode, setting) {
  const rows = result.cases.flatMap(({ title, batch, modes: measured }) => {
    const found = measured[mode][setting];
    if (found === undefined) return [];
    return [
      [
        `${title}, batch ${batch}`,
        rate(found.imagesPerSecond),
        rate(found.peer?.imagesPerSecond),
        found.peer?.way ?? '–',
        spread(found.ratios),
      ],
    ];
  });
  return {
    title: `${modeTitles[mode]}, ${settingTitles[setting]}, images/s`,
    header: ['', 'Bakeoff', 'PyTorch', 'PyTorch’s best way', 'ratio (least–most)'],
    rows,
  };
}

function efficiencyTable({ cases, machine }) {
  const rows = cases.map(({ title, batch, modes: { train, infer } }) => [
    `${title}, batch ${batch}`,
    `${figure(train.gflops)} (${Math.round((100 * train.gflops) / machine.peakGflops.wasm)} %)`,
    `${figure(infer.gflops)} (${Math.round((100 * infer.gflops) / machine.peakGflops.wasm)} %)`,
    mib(train.memory.ours.heapMib),
    mib(train.memory.ours.maxRssMib),
    mib(train.memory.peer?.maxRssMib),
  ]);
  return {
    title:
      'One process: arithmetic (direct algorithm’s multiply-adds, so that Winograd may pass 100 % of the peak) and peak memory in training',
    header: ['', 'training GFLOPS', 'inference GFLOPS', 'WASM heap, MiB', 'process, MiB', 'PyTorch, MiB'],
    rows,
  };
}

function machineLine({ date, settings, machine }) {
  const { torch, peakGflops } = machine;
  const peer = torch === null ? '' : `, PyTorch ${torch.torch} (${torch.blas}, oneDNN ${torch.oneDnn ? 'on' : 'off'})`;
  const native = peakGflops.native === undefined ? '' : `, ${figure(peakGflops.native)} native`;
  const peaks = `peak of a core: ${figure(peakGflops.wasm)} GFLOPS in WebAssembly${native}`;
  return (
    `${date.slice(0, 10)}, ${machine.processor}, ${machine.cores} cores, ${machine.memoryGib} GiB; ` +
    `Node.js ${machine.node}, engine ${machine.engine.engine} (${machine.engine.build})${peer}; ` +
    `medians of ${settings.rounds} interleaved rounds of ${settings.seconds} s in ${settings.clock === 'cpu' ? 'CPU' : 'wall'} time; ${peaks}.`
  );
}

/** All tables, as `text` or `markdown`. */
export function reportTables(result, format) {
  const tables = [
    ...modes.flatMap((mode) => Object.keys(settingTitles).map((setting) => speedTable(result, mode, setting))),
    efficiencyTable(result),
  ].filter(({ rows }) => rows.length > 0);
  const render = ({ title, header, rows }) =>
    format === 'markdown' ? `**${title}**\n\n${markdownTable(header, rows)}` : `\n${title}\n${textTable(header, rows)}`;
  return [machineLine(result), ...tables.map(render), ''].join('\n\n');
}

const START = '<!--bench-->',
  END = '<!--/bench-->';

/** Replaces the text between the two marks of a page. */
export function putIntoDocs(path, tables) {
  const page = readFileSync(path, 'utf8'),
    from = page.indexOf(START),
    to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`${path} has no ${START} … ${END}`);
  writeFileSync(path, `${page.slice(0, from + START.length)}\n${tables.trim()}\n${page.slice(to)}`);
}

/** The limits that must hold, for what was measured. */
export function checkLimits({ cases }) {
  const checks = [];
  for (const {
    name,
    network,
    modes: { train },
  } of cases) {
    for (const [setting, title] of Object.entries(settingTitles)) {
      const ratios = train[setting]?.ratios ?? [],
        least = LEAST_RATIOS[network];
      if (least === undefined || ratios.length === 0) continue;
      checks.push({
        name: `${name} trains at least ${least} times as fast as PyTorch, ${title}`,
        passed: median(ratios) >= least,
        detail: `${figure(median(ratios))} times`,
      });
    }
    const { heapMib } = train.memory.ours;
    checks.push({
      name: `${name} trains within ${MOST_HEAP_MIB} MiB of WASM memory`,
      passed: heapMib <= MOST_HEAP_MIB,
      detail: `${Math.round(heapMib)} MiB`,
    });
  }
  return checks;
}
