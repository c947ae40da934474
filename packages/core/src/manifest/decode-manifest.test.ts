import { describe, expect, it } from 'vitest';
import { exampleVocabulary } from '../testing/example-vocabulary.ts';
import { decodeManifest } from './decode-manifest.ts';
import { parseManifest } from './parse-manifest.ts';

const TEXT = `name: t
title: "Vergleich für Größe, 猫"
dataset: { source: cifar10 }
defaults: { optimizer: { type: adam, learningRate: 1e-3 }, maxEpochs: 1 }
experiments: [{ id: a, model: { type: cifarnet } }]
`;
const MARK = '\uFEFF';

const utf16 = (text: string, big: boolean): Buffer => {
  const little = Buffer.from(text, 'utf16le');
  return big ? little.swap16() : little;
};

function utf32(text: string): Buffer {
  const bytes = Buffer.alloc(4 * text.length);
  Array.from(text).forEach((letter, i) => bytes.writeUInt32LE(letter.codePointAt(0)!, 4 * i));
  return bytes;
}

const refusal = (bytes: Uint8Array): string => {
  try {
    return decodeManifest(bytes, 'm.yaml');
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the text of a manifest', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a byte order mark', Buffer.from(MARK + TEXT)],
    ['UTF-16, little-endian', utf16(MARK + TEXT, false)],
    ['UTF-16, big-endian', utf16(MARK + TEXT, true)],
    ['UTF-16, little-endian, without a mark', utf16(TEXT, false)],
    ['UTF-16, big-endian, without a mark', utf16(TEXT, true)],
  ])('is read from %s', (_encoding, bytes) => {
    const text = decodeManifest(bytes, 'm.yaml');
    expect(text.replace(MARK, '')).toBe(TEXT);
    expect(parseManifest(text, { fileName: 'm.yaml', vocabulary: exampleVocabulary }).title).toBe(
      'Vergleich für Größe, 猫',
    );
  });

  it('keeps the mark of UTF-8, which ids have always covered, and drops that of UTF-16', () => {
    expect(decodeManifest(Buffer.from(MARK + TEXT), 'm.yaml')).toBe(MARK + TEXT);
    expect(decodeManifest(utf16(MARK + TEXT, false), 'm.yaml')).toBe(TEXT);
  });

  it('in Latin-1 is refused with the place and the letter that is meant', () => {
    expect(refusal(Buffer.from(TEXT.replace(', 猫', ''), 'latin1'))).toBe(
      [
        'm.yaml:2:20: the manifest is not UTF-8 text',
        '  received: byte 0xFC; the file seems to be Latin-1 (ISO 8859-1) or Windows-1252, where this is “ü”',
        '  allowed:  UTF-8 (with or without a byte order mark) or UTF-16',
        '  change:   save the file as UTF-8: in an editor under “Save with encoding”, or with iconv: iconv -f WINDOWS-1252 -t UTF-8',
      ].join('\n'),
    );
  });

  it('names UTF-32 and guesses at others; what is cut short is refused too', () => {
    expect(refusal(utf32(MARK + TEXT))).toMatch(/UTF-32LE, by its first bytes/);
    expect(refusal(utf32(TEXT))).toMatch(/UTF-32LE, by its first bytes/);
    // “猫犬” in Shift JIS.
    expect(refusal(Buffer.from([...Buffer.from('name: '), 0x94, 0x4c, 0x8c, 0xa2, 0x94, 0xa2]))).toMatch(
      /m\.yaml:1:7: the manifest is not UTF-8 text\n.*0x94; .*another encoding, such as GBK, Shift JIS/,
    );
    expect(refusal(Buffer.from(TEXT).subarray(0, 28))).toMatch(/m\.yaml:2:20: the manifest is not UTF-8 text[^]*0xC3/);
    expect(refusal(utf16(MARK + TEXT, false).subarray(0, 101))).toMatch(/begins as UTF-16LE, but is not/);
  });
});
