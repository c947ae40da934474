export const ExitCode = {
  done: 0,
  bug: 1,
  mistake: 2,
  /** Interrupted with everything kept: the same command goes on from there (EX_TEMPFAIL; job definitions retry on it). */
  interrupted: 75,
  ctrlC: 130,
} as const;
