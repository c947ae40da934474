/** An array in NumPy's format, version 1. @param descr e.g. `|u1` or `<i8` */
export function encodeNpy(descr: string, shape: readonly number[], data: Uint8Array, fortranOrder = false): Buffer {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': ${fortranOrder ? 'True' : 'False'}, 'shape': (${tuple}), }`;
  const header = `${text.padEnd(117, ' ')}\n`;
  const prefix = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 0xff, header.length >> 8]);
  return Buffer.concat([prefix, Buffer.from(header, 'latin1'), data]);
}
