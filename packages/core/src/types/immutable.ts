import type { Json } from './json.ts';

/** A type all of whose members are readonly, at any depth: what schemas infer, as the rest of the code takes it. JSON is readonly as it is. */
export type Immutable<T> = Json extends T ? T : { readonly [Key in keyof T]: Immutable<T[Key]> };
