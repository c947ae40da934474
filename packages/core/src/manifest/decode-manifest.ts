import { type Problem, problemsError } from './problem.ts';

/** Byte order marks, the longer first where one begins with the other. */
const MARKS: readonly { readonly encoding: Encoding; readonly bytes: readonly number[] }[] = [
  { encoding: 'utf-32le', bytes: [0xff, 0xfe, 0, 0] },
  { encoding: 'utf-32be', bytes: [0, 0, 0xfe, 0xff] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
];

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be';

const ALLOWED = 'UTF-8 (with or without a byte order mark) or UTF-16';
const FIX = 'save the file as UTF-8: in an editor under “Save with encoding”, or with iconv';

/** By its byte order mark, or by the zeros of the first character, which is ASCII in every manifest (YAML 1.2, 5.2). */
function encodingOf(bytes: Uint8Array): Encoding {
  const marked = MARKS.find((mark) => mark.bytes.every((byte, i) => bytes[i] === byte));
  if (marked !== undefined) return marked.encoding;
  const [first = 1, second = 1, third = 1] = bytes;
  if (first === 0) return second === 0 ? 'utf-32be' : 'utf-16be';
  if (second === 0) return third === 0 ? 'utf-32le' : 'utf-16le';
  return 'utf-8';
}

/** Where the first byte is that is not UTF-8. A decoder that streams has passed on everything before it. */
function firstFault(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let from = 0;
  for (let at = 0; at < bytes.length; at++) {
    try {
      if (decoder.decode(bytes.subarray(at, at + 1), { stream: true }) !== '') from = at + 1;
    } catch {
      return from;
    }
  }
  return from;
}

const isHigh = (byte: number | undefined): boolean => (byte ?? 0) >= 0x80;

/**
 * Whether bytes look like Western European text, with a few accented letters among ASCII ones: in other encodings bytes
 * above ASCII stand in long rows, or are often below 0xA0, where Latin-1 has no letters.
 */
function seemsWestern(bytes: Uint8Array): boolean {
  const high = bytes.filter(isHigh);
  const rows = bytes.filter((byte, i) => isHigh(byte) && !isHigh(bytes[i - 1])).length;
  return high.length < rows * 2.5 && high.filter((byte) => byte >= 0xa0).length > high.length / 2;
}

/** What is wrong with bytes that are not UTF-8, and what encoding they seem to be in. */
function notUtf8(bytes: Uint8Array): Problem {
  const at = firstFault(bytes);
  const before = new TextDecoder('utf-8').decode(bytes.subarray(0, at)).split('\n');
  const western = seemsWestern(bytes);
  const letter = new TextDecoder('windows-1252').decode(bytes.subarray(at, at + 1));
  const code = `byte 0x${bytes[at]!.toString(16).toUpperCase().padStart(2, '0')}`;
  return {
    line: before.length,
    column: before.at(-1)!.length + 1,
    what: 'the manifest is not UTF-8 text',
    received: western
      ? `${code}; the file seems to be Latin-1 (ISO 8859-1) or Windows-1252, where this is “${letter}”`
      : `${code}; the file seems to be in another encoding, such as GBK, Shift JIS or Windows-1251, or no text at all`,
    allowed: ALLOWED,
    fix: western ? `${FIX}: iconv -f WINDOWS-1252 -t UTF-8` : FIX,
  };
}

/**
 * The text of a manifest file. UTF-8 (a byte order mark stays in the text, which ids cover) and UTF-16 are read.
 * @throws UserError that names the encoding that the bytes seem to have.
 */
export function decodeManifest(bytes: Uint8Array, fileName: string): string {
  const refuse = (problem: Problem): never => {
    throw problemsError(fileName, [problem]);
  };
  const encoding = encodingOf(bytes);
  if (encoding === 'utf-32le' || encoding === 'utf-32be')
    return refuse({
      line: 1,
      column: 1,
      what: 'the manifest is not UTF-8 text',
      received: `${encoding.toUpperCase()}, by its first bytes`,
      allowed: ALLOWED,
      fix: `${FIX}: iconv -f UTF-32 -t UTF-8`,
    });
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: encoding === 'utf-8' }).decode(bytes);
  } catch {
    return refuse(
      encoding === 'utf-8'
        ? notUtf8(bytes)
        : {
            line: 1,
            column: 1,
            what: `the manifest is damaged: it begins as ${encoding.toUpperCase()}, but is not`,
            received: `${bytes.length} bytes`,
            allowed: ALLOWED,
            fix: FIX,
          },
    );
  }
}
