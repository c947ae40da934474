/**
 * TensorFlow's GraphDef, serialized, of the few kinds of attributes that a recorded step has. Field numbers:
 * tensorflow/core/framework/graph.proto, node_def.proto, attr_value.proto, tensor.proto, tensor_shape.proto; the wire
 * format: https://protobuf.dev/programming-guides/encoding.
 */

const WIRE = { varint: 0, bytes: 2, fixed32: 5 } as const;
/** The version of GraphDef's semantics that newer libraries read unchanged; TensorFlow 2.9 refuses none below its own. */
const PRODUCER = 900;

/** TF_DataType of tensorflow/c/tf_datatype.h. */
export const DataType = { float: 1, int32: 3, uint8: 4, bool: 10, resource: 20 } as const;

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Outputs of other nodes, `node:1`, and nodes to wait for, `^node`. */
  readonly inputs: readonly string[];
  /** Serialized AttrValues by name, see `attributeValue`. */
  readonly attributes: Readonly<Record<string, Uint8Array>>;
}

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const key = (field: number, wire: number): Buffer => varint((field << 3) | wire);
const integer = (field: number, value: number): Buffer => Buffer.concat([key(field, WIRE.varint), varint(value)]);

function real(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([key(field, WIRE.fixed32), bytes]);
}

function bytes(field: number, value: string | Uint8Array): Buffer {
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([key(field, WIRE.bytes), varint(content.length), content]);
}

const message = (field: number, parts: readonly Buffer[]): Buffer => bytes(field, Buffer.concat(parts));
const dimensions = (shape: readonly number[]): Buffer[] => shape.map((size) => message(2, [integer(1, size)]));

/** An AttrValue of each kind. */
export const attributeValue = {
  integer: (value: number) => integer(3, value),
  integers: (values: readonly number[]) =>
    message(
      1,
      values.map((value) => integer(3, value)),
    ),
  real: (value: number) => real(4, value),
  flag: (value: boolean) => integer(5, value ? 1 : 0),
  text: (value: string) => bytes(2, value),
  type: (value: number) => integer(6, value),
  shape: (value: readonly number[]) => message(7, dimensions(value)),
  /** A constant's value: its bytes as they lie in memory. */
  tensor: (dtype: number, shape: readonly number[], content: Uint8Array) =>
    message(8, [integer(1, dtype), message(2, dimensions(shape)), bytes(4, content)]),
};

/** The nodes as a serialized GraphDef; each stands behind those that it takes. */
export function encodeGraph(nodes: readonly GraphNode[]): Uint8Array {
  const encoded = nodes.map(({ name, op, inputs, attributes }) =>
    message(1, [
      bytes(1, name),
      bytes(2, op),
      ...inputs.map((input) => bytes(3, input)),
      ...Object.entries(attributes).map(([attribute, value]) => message(5, [bytes(1, attribute), bytes(2, value)])),
    ]),
  );
  return Buffer.concat([...encoded, message(4, [integer(1, PRODUCER)])]);
}
