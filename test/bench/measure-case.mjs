// Measures one network at one batch size: first on one core, then on all cores.
import { gflops, modes, networks } from './cases.mjs';
import { engineContestant, torchContestant } from './contestants.mjs';
import { fastest, measureRounds } from './rounds.mjs';
import { figure, median } from './table.mjs';

const label = ({ contestant, processes, threads }) => `${contestant.name}, ${processes} × ${threads} threads`;

/** Our rates divided by those of the peer's fastest way, round by round. */
function compare(rates, ours, peers) {
  const best = fastest(rates, peers);
  const peer = best === undefined ? null : { way: label(best), imagesPerSecond: rates.get(best) };
  const all = Object.fromEntries(
    peers.filter((entry) => rates.has(entry)).map((entry) => [label(entry), rates.get(entry)]),
  );
  const mine = rates.get(ours);
  return {
    imagesPerSecond: mine,
    peer,
    ratios: peer === null ? [] : mine.map((rate, round) => rate / peer.imagesPerSecond[round]),
    allPeers: all,
  };
}

/** Every figure of a case at a vector width. `print` receives progress, and what does not work here. */
export async function measureCase({ name, network, batch }, width, { python, formats, processes, ...settings }, print) {
  const { environment } = width;
  const ours = engineContestant({ network, batch }, 'wasm', environment);
  const torch = formats
    .filter((format) => format !== 'compiled' || networks[network].compiles)
    .map((format) => torchContestant(python, { network, batch }, format, { environment }));
  const failed = new Set();
  const onFailure = (entry, error) => {
    if (entry.contestant === ours) throw error;
    failed.add(entry.contestant);
    print(
      `  ${name}: PyTorch ${entry.contestant.name} does not work here: ${error.message.split('\n').slice(-3).join(' | ')}`,
    );
  };
  const working = () => torch.filter((contestant) => !failed.has(contestant));
  try {
    const [{ macs }] = await ours.ask({ about: true });
    const result = { name, network, title: networks[network].title, width: width.name, batch, macs, modes: {} };
    for (const mode of modes) {
      const mine = { contestant: ours, processes: 1, threads: 1 };
      const peers = working().map((contestant) => ({ contestant, processes: 1, threads: 1 }));
      const alone = await measureRounds([mine, ...peers], mode, settings, onFailure);
      const best = fastest(alone.rates, peers);

      const mineOnAll = { contestant: ours, processes, threads: 1 };
      const peersOnAll = [
        ...working().map((contestant) => ({ contestant, processes: 1, threads: processes })),
        ...(best === undefined ? [] : [{ contestant: best.contestant, processes, threads: 1 }]),
      ];
      const allCores =
        processes === 1 ? undefined : await measureRounds([mineOnAll, ...peersOnAll], mode, settings, onFailure);

      const peak = (entry) => alone.peaks.get(entry);
      result.modes[mode] = {
        alone: compare(alone.rates, mine, peers),
        ...(allCores === undefined ? {} : { allCores: compare(allCores.rates, mineOnAll, peersOnAll) }),
        gflops: gflops(mode, macs, median(alone.rates.get(mine))),
        memory: { ours: peak(mine), peer: best === undefined ? null : peak(best) },
      };
      const { imagesPerSecond, peer } = result.modes[mode].alone;
      print(
        `${name} ${mode}, ${width.title}: ${figure(median(imagesPerSecond))} images/s${peer === null ? '' : `, PyTorch ${figure(median(peer.imagesPerSecond))} (${peer.way})`}`,
      );
    }
    return result;
  } finally {
    await Promise.all([ours, ...torch].map((contestant) => contestant.stop()));
  }
}
