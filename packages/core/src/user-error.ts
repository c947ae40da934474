/** What a user did wrong, in the parts of every such message. */
export interface UserErrorParts {
  /** What failed, e.g. "manifest quickstart.yaml:12: unknown setting". */
  readonly what: string;
  /** What would have been done otherwise, in one or several lines. */
  readonly would?: string;
  readonly received?: string;
  readonly allowed?: string;
  /** What to change. */
  readonly fix?: string;
  /** The setting at fault by its path below an experiment: a manifest's reader adds the place in the file. */
  readonly setting?: readonly PropertyKey[];
}

/**
 * A user's mistake, or an environment that the user can fix. It is printed as one message without a stack trace; the
 * exit code is 2.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    readonly parts: UserErrorParts,
    options?: ErrorOptions,
  ) {
    super(
      [
        parts.what,
        parts.would !== undefined ? `  would:    ${parts.would.replaceAll('\n', `\n${' '.repeat(12)}`)}` : '',
        parts.received !== undefined ? `  received: ${parts.received}` : '',
        parts.allowed !== undefined ? `  allowed:  ${parts.allowed}` : '',
        parts.fix !== undefined ? `  change:   ${parts.fix}` : '',
      ]
        .filter((line) => line !== '')
        .join('\n'),
      options,
    );
  }
}
