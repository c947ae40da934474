// The bench's figures as tables.
import { readFileSync, writeFileSync } from 'node:fs';
import { modes, modeTitles } from './cases.mjs';
import { settingTitles } from './limits.mjs';
import { figure, markdownTable, median, spread, textTable } from './table.mjs';

const mib = (value) => (value === undefined ? '–' : figure(Math.round(value)));
const rate = (rates) => (rates === undefined ? '–' : figure(median(rates)));

function speedTable(result, width, mode, setting) {
  const rows = result.cases.flatMap(({ title, batch, width: at, modes: measured }) => {
    const found = measured[mode][setting];
    if (at !== width.name || found === undefined) return [];
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
    title: `${modeTitles[mode]}, ${settingTitles[setting]}, ${width.title}, images/s`,
    header: ['', 'Bakeoff', 'PyTorch', 'PyTorch’s best way', 'ratio (least–most)'],
    rows,
  };
}

/** GFLOPS, and their share of the peak that PyTorch's matrix product reaches. */
function arithmetic({ gflops }, { torch }) {
  const share = torch === null ? '' : ` (${Math.round((100 * gflops) / torch.gflops)} %)`;
  return `${figure(gflops)}${share}`;
}

function efficiencyTable({ cases }, width) {
  const rows = cases
    .filter((each) => each.width === width.name)
    .map(({ title, batch, modes: { train, infer } }) => [
      `${title}, batch ${batch}`,
      arithmetic(train, width),
      arithmetic(infer, width),
      mib(train.memory.ours.heapMib),
      mib(train.memory.ours.maxRssMib),
      mib(train.memory.peer?.maxRssMib),
    ]);
  return {
    title: `One process, ${width.title}: arithmetic (direct algorithm’s multiply-adds, and their share of the peak; Winograd needs fewer) and peak memory in training`,
    header: ['', 'training GFLOPS', 'inference GFLOPS', 'WASM heap, MiB', 'process, MiB', 'PyTorch, MiB'],
    rows,
  };
}

function replicasTable({ replicas }, width) {
  const rows = replicas
    .filter((each) => each.width === width.name)
    .map(({ batch, replicas: count, alone, together, ratios, heapMib }) => [
      `batch ${batch}, ${count} replicas`,
      rate(alone),
      rate(together),
      spread(ratios),
      heapMib.map(mib).join(' and '),
    ]);
  return {
    title: `ResNet20’s training step on one replica per core, ${width.title}, images/s`,
    header: ['', 'one core', 'replicas', 'ratio (least–most)', 'WASM heap, MiB'],
    rows,
  };
}

function machineLine({ date, settings, machine }) {
  return (
    `${date.slice(0, 10)}, ${machine.processor} (${machine.class}), ${machine.cores} cores, ${machine.memoryGib} GiB; Node.js ${machine.node}; ` +
    `medians of ${settings.rounds} interleaved rounds of ${settings.seconds} s in ${settings.clock === 'cpu' ? 'CPU' : 'wall'} time. ` +
    machine.widths.map(widthLine).join(' ')
  );
}

function widthLine({ title, engine, torch }) {
  const peer =
    torch === null
      ? ''
      : `; PyTorch ${torch.torch} (${torch.capability}, ${torch.blas}, oneDNN ${torch.oneDnn ? 'on' : 'off'}), peak of a core ${figure(torch.gflops)} GFLOPS`;
  return `${title}: engine ${engine.engine} (${engine.build})${peer}.`;
}

/** All tables, as `text` or `markdown`. */
export function reportTables(result, format) {
  const tables = result.machine.widths
    .flatMap((width) => [
      ...modes.flatMap((mode) => Object.keys(settingTitles).map((setting) => speedTable(result, width, mode, setting))),
      efficiencyTable(result, width),
      replicasTable(result, width),
    ])
    .filter(({ rows }) => rows.length > 0);
  const render = ({ title, header, rows }) =>
    format === 'markdown' ? `**${title}**\n\n${markdownTable(header, rows)}` : `\n${title}\n${textTable(header, rows)}`;
  return [machineLine(result), ...tables.map(render), ''].join('\n\n');
}

/** Replaces the text between the two marks of a machine class in a page, so that each class keeps its latest tables. */
export function putIntoDocs(path, { machine }, tables) {
  const start = `<!--bench ${machine.class}-->`,
    end = `<!--/bench ${machine.class}-->`;
  const page = readFileSync(path, 'utf8'),
    from = page.indexOf(start),
    to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${path} has no ${start} … ${end}`);
  writeFileSync(path, `${page.slice(0, from + start.length)}\n${tables.trim()}\n${page.slice(to)}`);
}
