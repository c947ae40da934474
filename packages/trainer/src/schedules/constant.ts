/** The learning rate stays; there is nothing to set. */
export function constant(_settings: Readonly<Record<string, never>>): number {
  return 1;
}
