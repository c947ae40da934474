declare const BAKEOFF_VERSION: string | undefined;
declare const BAKEOFF_REVISION: string | undefined;

/** Filled in when the bundle is built. Code that runs from its sources, as in tests, says 'source'. */
export const buildInfo = {
  version: typeof BAKEOFF_VERSION === 'string' ? BAKEOFF_VERSION : 'source',
  revision: typeof BAKEOFF_REVISION === 'string' ? BAKEOFF_REVISION : 'source',
} as const;
