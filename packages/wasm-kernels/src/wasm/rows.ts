/** A tensor viewed as [rows, channels], where channels is its last axis. */
export function rowsAndChannels(shape: readonly number[]): { rows: number; channels: number; size: number } {
  const channels = shape.at(-1) ?? 1;
  const size = shape.reduce((product, length) => product * length, 1);
  return { rows: channels ? size / channels : 0, channels, size };
}
