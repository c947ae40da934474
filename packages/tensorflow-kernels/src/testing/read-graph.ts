/** A node of a GraphDef, as far as `SmallTensorflow` runs it. */
export interface ReadNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  /** Attributes that are reals. */
  readonly reals: Readonly<Record<string, number>>;
  /** Of a constant. */
  readonly value?: { readonly dtype: number; readonly shape: readonly number[]; readonly content: Uint8Array };
}

type Field = readonly [number: number, value: number | Uint8Array];

/** The fields of a serialized message: https://protobuf.dev/programming-guides/encoding. */
function fieldsOf(bytes: Uint8Array): Field[] {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Uint8Array => bytes.subarray(at, (at += length));
  const fields: Field[] = [];
  while (at < bytes.length) {
    const key = varint();
    const wire = key & 7;
    fields.push([key >> 3, wire === 0 ? varint() : take(wire === 2 ? varint() : 4)]);
  }
  return fields;
}

const messages = (fields: readonly Field[], number: number): Uint8Array[] =>
  fields.flatMap(([each, value]) => (each === number && typeof value !== 'number' ? [value] : []));
const texts = (fields: readonly Field[], number: number): string[] =>
  messages(fields, number).map((bytes) => Buffer.from(bytes).toString());

/** Of an AttrValue with a tensor. */
function readTensor(attribute: Uint8Array): NonNullable<ReadNode['value']> {
  const tensor = fieldsOf(messages(fieldsOf(attribute), 8)[0]!);
  const dtype = tensor.find(([number]) => number === 1)![1] as number;
  const shape = messages(fieldsOf(messages(tensor, 2)[0]!), 2).map((size) => fieldsOf(size)[0]![1] as number);
  return { dtype, shape, content: messages(tensor, 4)[0]! };
}

/** By attribute: a real's four bytes. */
function readReals(attributes: ReadonlyMap<string, Uint8Array>): Record<string, number> {
  const reals = [...attributes].flatMap(([name, attribute]) =>
    messages(fieldsOf(attribute), 4).map((bytes) => [name, Buffer.from(bytes).readFloatLE()] as const),
  );
  return Object.fromEntries(reals);
}

/** The nodes of a serialized GraphDef (graph.proto, node_def.proto, attr_value.proto, tensor.proto). */
export function readGraph(encoded: Uint8Array): ReadNode[] {
  return messages(fieldsOf(encoded), 1).map((node) => {
    const fields = fieldsOf(node);
    const attributes = new Map(
      messages(fields, 5).map((entry) => [texts(fieldsOf(entry), 1)[0]!, messages(fieldsOf(entry), 2)[0]!]),
    );
    const value = attributes.get('value');
    return {
      name: texts(fields, 1)[0]!,
      op: texts(fields, 2)[0]!,
      inputs: texts(fields, 3),
      reals: readReals(attributes),
      ...(value === undefined ? {} : { value: readTensor(value) }),
    };
  });
}
