/** The learning rate does not change, and there are no settings. */
export function constant(_settings: Readonly<Record<string, never>>): number {
  return 1;
}
