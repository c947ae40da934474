/**
 * Takes what is left of a config when every setting has been read by name:
 * `const { learningRate, momentum, ...unused } = config; everySettingUsed(unused);`
 * A setting that is in the schema alone is left over, and the call does not compile.
 */
export function everySettingUsed(_rest: Readonly<Record<string, never>>): void {}
