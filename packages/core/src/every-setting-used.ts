/**
 * Takes what is left of a config after every setting has been read by name:
 * `const { learningRate, momentum, ...unused } = config; everySettingUsed(unused);`
 * If a setting is only in the schema and is never read, it is left over, and the call does not compile.
 */
export function everySettingUsed(_rest: Readonly<Record<string, never>>): void {}
