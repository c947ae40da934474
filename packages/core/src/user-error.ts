/** What a person did wrong, in the four parts every such message has. */
export interface UserErrorParts {
  /** What failed, e.g. "manifest quickstart.yaml:12: unknown setting". */
  readonly what: string;
  readonly received?: string;
  readonly allowed?: string;
  /** What to change. */
  readonly fix?: string;
}

/** A person's mistake or an environment they can mend: printed as one message without a stack; exit code 2. */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    readonly parts: UserErrorParts,
    options?: ErrorOptions,
  ) {
    super(
      [
        parts.what,
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
