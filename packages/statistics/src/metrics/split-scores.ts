import type { METRICS } from './registry.ts';

type Name = keyof typeof METRICS;
type Value<Metric extends Name> = ReturnType<(typeof METRICS)[Metric]['compute']>;
type OptionalName = { [Metric in Name]: undefined extends Value<Metric> ? Metric : never }[Name];

/** Scores over one split's images: the value of every metric. Shares are fractions 0…1, losses in nats. */
export type SplitScores = { readonly images: number } & {
  readonly [Metric in Exclude<Name, OptionalName>]: Value<Metric>;
} & { readonly [Metric in OptionalName]?: Value<Metric> };
