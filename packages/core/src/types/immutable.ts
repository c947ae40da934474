import type { Json } from './json.ts';

/**
 * A type with all members readonly, at any depth. It turns what schemas infer into what the rest of the code accepts.
 * JSON is already readonly.
 */
export type Immutable<T> = Json extends T ? T : { readonly [Key in keyof T]: Immutable<T[Key]> };
