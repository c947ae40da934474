/** Headings of the options that several commands share; others are below "Options:". */
export const optionGroups = {
  changes: 'Other settings than the manifest’s:',
  results: 'Where results are:',
  images: 'Where images come from:',
  computing: 'What computes:',
  page: 'The live page:',
} as const;
