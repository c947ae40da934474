import { engines as facts } from '@bakeoff/engine/engines';
import { formatBytes } from '../progress/format.ts';
import { hanging } from '../progress/hanging.ts';
import type { Style } from '../progress/style.ts';
import { formatTable, left } from '../progress/table.ts';
import type { EngineProbe } from '../machine/engine-probe.ts';
import type { Findings } from './examine.ts';

/** Width of the longest label, "not tensorflow-gpu". */
const LABEL_WIDTH = 18;

/** The findings as text, in lines of at most `columns` characters unless a word is longer. */
export function findingsLines(findings: Findings, style: Style, columns: number): string[] {
  const { bakeoff, node, machine, engines, automatic } = findings;
  const missing = engines.filter((probe) => !probe.works);
  const setting = { columns, labelWidth: LABEL_WIDTH };
  const entry = (label: string, text: string): string[] => hanging(style.dim(label), text, setting);
  return [
    `${style.bold(`Bakeoff ${bakeoff.version}`)} (${bakeoff.revision.slice(0, 12)})`,
    '',
    ...formatTable(
      [left('engine'), left(''), left('build'), left('versions')],
      engines.map((probe) => engineCells(probe, automatic, style)),
      style.dim,
    ),
    ...engines.flatMap((probe) =>
      probe.works && probe.shortfall !== null ? ['', ...hanging(probe.engine, probe.shortfall, setting)] : [],
    ),
    ...missing.flatMap((probe) => [
      '',
      ...hanging(`not ${probe.engine}`, probe.reason, setting),
      ...(probe.fix === null ? [] : hanging('', `→ ${probe.fix}`, setting)),
    ]),
    '',
    ...entry('Node', `${node.version} on ${node.platform} ${node.architecture}${buildRemarks(engines)}`),
    ...entry(
      'machine',
      `${machine.processor}, ${machine.cores === 1 ? '1 core' : `${machine.cores} cores`}, ` +
        `${formatBytes(machine.memoryMib * 2 ** 20)} of memory${machine.inContainer ? ', in a container' : ''}`,
    ),
    ...entry('NVIDIA', nvidiaText(findings)),
    ...entry('containers', containersText(findings)),
    ...entry('AWS', awsText(findings)),
    '',
    automatic === null
      ? style.bad('No engine can train here.')
      : style.good(`Ready: --engine auto takes ${automatic}.`),
  ];
}

function engineCells(probe: EngineProbe, automatic: string | null, style: Style): string[] {
  if (!probe.works) return [`${style.dim('✗')} ${probe.engine}`, style.dim('not available')];
  const use =
    probe.engine === automatic ? 'auto takes it' : facts[probe.engine].automatic ? 'works' : 'slow, for checks';
  return [
    `${style.good('✓')} ${probe.engine}`,
    use,
    probe.build,
    Object.entries(probe.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  ];
}

/** What the engines' builds say about this version of Node. */
function buildRemarks(engines: readonly EngineProbe[]): string {
  return engines
    .flatMap((probe) => {
      const builds: Readonly<Record<string, string>> = facts[probe.engine].builds;
      const remark = probe.works ? builds[probe.build] : undefined;
      return remark === undefined ? [] : [`; ${remark}`];
    })
    .join('');
}

function nvidiaText({ nvidia: { gpus, driver, problem } }: Findings): string {
  const names = gpus
    .map(
      ({ name, memoryTotalMib }) =>
        `${name}${memoryTotalMib === null ? '' : ` (${formatBytes(memoryTotalMib * 2 ** 20)})`}`,
    )
    .join(', ');
  const found = [names, driver === null ? '' : `driver ${driver}`].filter((part) => part !== '').join(', ');
  if (problem !== null) return found === '' ? `${problem.what} (${problem.received})` : `${found}; ${problem.what}`;
  return names === '' ? `a device, but no nvidia-smi to describe it${found === '' ? '' : `; ${found}`}` : found;
}

function containersText({ containers }: Findings): string {
  if (containers.program === null) return `none: ${containers.reason}`;
  const { program, cores, memoryMib, nvidia } = containers;
  const size = `${cores === 1 ? '1 core' : `${cores} cores`}, ${formatBytes(memoryMib * 2 ** 20)}`;
  return `${program}, ${size}, ${nvidia ? 'with NVIDIA GPUs' : 'without NVIDIA GPUs'}`;
}

function awsText({ aws: { credentials, region } }: Findings): string {
  if (credentials === null)
    return 'no credentials in the environment or ~/.aws; whether the machine has a role was not checked';
  return `credentials ${credentials}${region === null ? '' : `, region ${region}`}; not checked with AWS`;
}
