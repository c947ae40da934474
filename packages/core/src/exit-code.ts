/** What the exit code of `bakeoff` means. Job definitions and the runner of stages act on it. */
export const ExitCode = {
  done: 0,
  bug: 1,
  mistake: 2,
  /**
   * Interrupted with everything kept: the same command resumes from there (EX_TEMPFAIL; job definitions retry on it).
   */
  interrupted: 75,
  ctrlC: 130,
} as const;
