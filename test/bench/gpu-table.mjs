import { figure, markdownTable, median } from './table.mjs';

/** What was measured where, and the table: a row per network, batch size and number of runs side by side. */
export function gpuTable({ settings, machine, sideBySide, cases }, ways) {
  const rows = cases.flatMap((each) =>
    sideBySide.map((processes) => [
      each.title,
      String(each.batch),
      String(processes),
      ...ways.map(([name]) => cellOf(each.ways[name].find((run) => run.processes === processes))),
    ]),
  );
  const header = ['network', 'batch', 'runs side by side', ...ways.map(([, { title }]) => title)];
  return `${about(settings, machine)}\n\n${markdownTable(header, rows)}`;
}

function about({ rounds, seconds }, { gpu, processor, cores, image, engine, torch }) {
  const device = gpu === null ? 'No GPU' : `${gpu.name}, ${gpu.memoryTotalMib} MiB, driver ${gpu.driver}`;
  const place = image === null ? '' : ` in the image ${image}`;
  return [
    `Images per second in training, all runs together: median of ${rounds} rounds of ${seconds} s; float32 without TF32, Adam.`,
    `${device}; ${processor}, ${cores} cores.`,
    ...(engine === null ? [] : [`Engine ${engine.engine} (${engine.build})${place}.`]),
    torch === null ? 'No PyTorch.' : `PyTorch ${torch.version} on ${torch.device}.`,
  ].join(' ');
}

function cellOf(run) {
  if (run === undefined) return '–';
  return run.imagesPerSecond === null
    ? run.failure.replaceAll('|', '/').slice(0, 60)
    : figure(median(run.imagesPerSecond));
}
