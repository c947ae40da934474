/** What the exit code of `bakeoff` says: job definitions and the runner of stages decide by it. */
export const ExitCode = {
  done: 0,
  bug: 1,
  mistake: 2,
  /** Interrupted with everything kept: the same command continues from there (EX_TEMPFAIL; job definitions retry on it). */
  interrupted: 75,
  ctrlC: 130,
} as const;
