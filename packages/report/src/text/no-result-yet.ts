/** What is said where no planned training has a result. */
export function noResultYet(planned: number): string {
  return planned === 1
    ? 'The planned training has no result yet.'
    : `None of the ${planned} planned trainings has a result yet.`;
}
