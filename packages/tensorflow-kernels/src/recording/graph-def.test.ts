import { describe, expect, it } from 'vitest';
import { attributeValue, encodeGraph } from './graph-def.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('encodeGraph', () => {
  // Worked out by hand from the field numbers; the extended check gives such graphs to TensorFlow.
  it.each([
    ['an integer below 0, in ten bytes', attributeValue.integer(-1), '18ffffffffffffffffff01'],
    ['integers', attributeValue.integers([1, 300]), '0a05180118ac02'],
    ['a real', attributeValue.real(1.5), '250000c03f'],
    ['a flag', attributeValue.flag(true), '2801'],
    ['a text', attributeValue.text('VALID'), '120556414c4944'],
    ['a type', attributeValue.type(20), '3014'],
    ['a shape with an extent of 0', attributeValue.shape([2, 0]), '3a081202080212020800'],
    ['a tensor', attributeValue.tensor(1, [1], Uint8Array.of(0, 0, 128, 63)), '420e080112041202080122040000803f'],
  ])('writes %s', (_name, bytes, expected) => expect(hex(bytes)).toBe(expected));

  it('writes nodes with their inputs and attributes, and the version of the semantics', () => {
    const nodes = [{ name: 'y', op: 'Relu', inputs: ['x:1', '^w'], attributes: { T: attributeValue.type(1) } }];
    const text = (value: string): string => hex(Buffer.from(value));
    expect(hex(encodeGraph(nodes))).toBe(
      `0a1b0a01${text('y')}1204${text('Relu')}1a03${text('x:1')}1a02${text('^w')}2a07` +
        `0a01${text('T')}12023001` +
        '2203088407',
    );
  });
});
