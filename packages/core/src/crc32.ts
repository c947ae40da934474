const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** The checksum of PNG and zip (ISO 3309) over bytes that arrive in pieces. */
export class Crc32 {
  private state = -1;

  add(bytes: Uint8Array): this {
    let crc = this.state;
    for (let i = 0; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
    this.state = crc;
    return this;
  }

  /** uint32 */
  get value(): number {
    return ~this.state >>> 0;
  }
}
