import { ExitCode } from '@bakeoff/core/exit-code';
import { calibrate } from '../doctor/calibrate.ts';
import { keepCalibration } from '../estimates/calibrations.ts';
import { formatCount } from '../progress/format.ts';
import { obeysEscapes } from '../progress/style.ts';
import type { CommandContext } from './command-context.ts';
import type { DoctorOptions } from './doctor-command.ts';

/** `bakeoff doctor --calibrate`: measures how fast this machine trains, for the estimates of `bakeoff plan`. */
export async function calibrateCommand(
  { engine, cache, json }: Pick<DoctorOptions, 'engine' | 'cache' | 'json'>,
  { output, messages, signal, clock }: CommandContext,
): Promise<number> {
  if (obeysEscapes(messages)) messages.write('measuring training steps …');
  const calibration = await calibrate(engine, { signal, clock }).finally(
    () => obeysEscapes(messages) && messages.write('\r\u001b[K'),
  );
  await keepCalibration(cache, calibration);
  if (json === true) {
    output.write(`${JSON.stringify(calibration, undefined, 2)}\n`);
    return ExitCode.done;
  }
  const { name, build, hardware } = calibration.engine;
  const rates = calibration.networks.map(({ trainingSeconds }) => formatCount(1 / trainingSeconds));
  const shared =
    calibration.sharing > 1 ? `; ${calibration.sharing.toFixed(2)} times as long with every core at work` : '';
  output.write(
    `${name} (${build}) on ${hardware.processor}: trains CIFARnet, ResNet20, WRN-16-4 and VGG-11 at\n` +
      `${rates.join(', ')} images per second on an idle core${shared}.\n` +
      `Kept for the estimates of bakeoff plan: ${cache}\n`,
  );
  return ExitCode.done;
}
