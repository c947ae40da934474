/** The part of tar-stream that is used here. The package ships no types. */
declare module 'tar-stream' {
  import type { Readable, Writable } from 'node:stream';

  export interface Header {
    readonly name: string;
    readonly size?: number;
    readonly type?: string | null;
  }
  export type Entry = Readable & { readonly header: Header };
  export type Extract = Writable & AsyncIterable<Entry>;
  export type Pack = Readable & { entry(header: Header, content: Uint8Array): void; finalize(): void };

  export function extract(): Extract;
  export function pack(): Pack;
}
