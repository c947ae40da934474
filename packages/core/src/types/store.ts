/** One object of a store. */
export interface StoreEntry {
  readonly key: string;
  readonly bytes: number;
  /** When it was last written: milliseconds since the epoch, by the clock of the file system or of the server. */
  readonly modifiedMs: number;
}

/**
 * Where artifacts live: a folder, memory, or an S3 prefix, named by URL (`./out`, `memory:`, `s3://bucket/prefix`).
 * Keys are relative POSIX paths without `.`/`..` segments. Every driver passes the same conformance suite.
 */
export interface Store {
  /** The URL that opens this store again; for messages and for child processes. */
  readonly url: string;
  /** The whole object, or undefined if there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Bytes [start, end) of an object, or undefined if there is none. A range beyond the end is cut at the end. */
  getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined>;
  /** Writes all or nothing, replacing what was there. */
  put(key: string, body: Uint8Array): Promise<void>;
  /** Writes only if there is no object. Exactly one of several writers gets `true`. */
  putIfAbsent(key: string, body: Uint8Array): Promise<boolean>;
  /** Objects whose key starts with the prefix, ordered by key (UTF-16 code units for all drivers). */
  list(prefix: string): AsyncIterable<StoreEntry>;
  /** Removes an object. It is not an error if the object is absent. */
  delete(key: string): Promise<void>;
}
