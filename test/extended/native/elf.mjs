const DYNAMIC = 6;
const DYNAMIC_SYMBOLS = 11;
const TAG_NEEDED = 1n;

/** Of a 64-bit little-endian ELF file: how many libraries it needs, and the symbols that it expects to find. */
export function dynamicSymbols(file) {
  const sectionTable = Number(file.readBigUInt64LE(0x28));
  const sections = Array.from({ length: file.readUInt16LE(0x3c) }, (_, i) => {
    const at = sectionTable + i * file.readUInt16LE(0x3a);
    return {
      type: file.readUInt32LE(at + 4),
      offset: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
      link: file.readUInt32LE(at + 40),
    };
  });
  const dynamic = sections.find(({ type }) => type === DYNAMIC);
  const symbols = sections.find(({ type }) => type === DYNAMIC_SYMBOLS);
  const names = sections[symbols.link].offset;
  const tags = Array.from({ length: dynamic.size / 16 }, (_, i) => file.readBigInt64LE(dynamic.offset + 16 * i));
  const undefinedNames = Array.from({ length: symbols.size / 24 }, (_, i) => symbols.offset + 24 * i)
    .filter((at) => file.readUInt16LE(at + 6) === 0 && file.readUInt32LE(at) !== 0)
    .map((at) => {
      const start = names + file.readUInt32LE(at);
      return file.toString('latin1', start, file.indexOf(0, start));
    });
  return { needed: tags.filter((tag) => tag === TAG_NEEDED).length, undefinedNames };
}
