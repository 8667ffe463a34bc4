/**
 * The cause of a problem that callers must not tell from others. It is for the log, the audit trail and the
 * timeline of a tenant.
 */
export class ExactReason extends Error {
  override readonly name = 'ExactReason';
  /** A word in snake_case, never input. */
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}
