/**
 * Reason why a call to WorkOS failed. `status`: WorkOS answered with an error status. `no-room`: this
 * process was already reading too many large replies.
 */
export type FailureKind = 'status' | 'timeout' | 'unreachable' | 'invalid-response' | 'no-room';

/** `reason` of a reply that exceeds its size limit. */
export const TOO_LARGE = 'too large';

/** A field that WorkOS refused, with WorkOS's own names for the field and the error. */
export interface RefusedField {
  readonly field: string;
  readonly code: string;
  /** WorkOS's message about the field. Undefined if it could quote something. */
  readonly said?: string | undefined;
}

export interface FailureFacts {
  readonly status?: number;
  /** WorkOS's own `code`, shortened. */
  readonly code?: string;
  /** WorkOS's message, if it quotes nothing. */
  readonly said?: string;
  /** Fields that WorkOS refused; names only, no values. */
  readonly fields?: readonly RefusedField[];
  /** Seconds, parsed from either form of `Retry-After`. */
  readonly retryAfter?: number;
  /** Set if WorkOS certainly received nothing of the request. */
  readonly neverSent?: true;
  /** Detail for the operator's log: an errno, a TLS code, what is wrong with the body. */
  readonly reason?: string;
}

/**
 * The only error of the guarded client. Its message consists of these facts, so it is safe to log:
 * it contains no URL, header or body.
 */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  readonly kind: FailureKind;
  readonly facts: FailureFacts;

  constructor(kind: FailureKind, facts: FailureFacts = {}) {
    super([`WorkOS: ${kind}`, facts.status, facts.code, facts.reason].filter(Boolean).join(' '));
    this.kind = kind;
    this.facts = facts;
  }

  /**
   * True if WorkOS is unavailable, false if it merely rejected the request. A 403 concerns one
   * feature that the key or the plan lacks, so it must not open the circuit breaker.
   */
  get isOutage(): boolean {
    const { status = 0 } = this.facts;
    if (this.kind === 'status') return status >= 500 || status === 401;
    return this.kind === 'timeout' || this.kind === 'unreachable';
  }

  /** True if the reply exceeds its size limit; a smaller page of a list may fit. */
  get isTooLarge(): boolean {
    return this.facts.reason === TOO_LARGE;
  }

  /** True if a retry may succeed. A timeout is not retried: it has used up the caller's time. */
  get isWorthRepeating(): boolean {
    return (
      this.kind === 'unreachable' || (this.kind === 'status' && (this.facts.status ?? 0) >= 500)
    );
  }
}

/** Finds the `UpstreamFailure` in an error of the SDK, which wraps what the fetch function throws. */
export function failureOf(error: unknown): UpstreamFailure | undefined {
  for (let at = error, depth = 0; depth < 4; depth += 1) {
    if (at instanceof UpstreamFailure) return at;
    at = (at as { cause?: unknown } | null | undefined)?.cause;
  }
  return undefined;
}

/** True if WorkOS rejected the request, or never received it. */
export function wasNotApplied(error: unknown): boolean {
  const { kind, facts } = failureOf(error) ?? {};
  const { status = 0, neverSent = false } = facts ?? {};
  return neverSent || (kind === 'status' && status >= 400 && status < 500 && status !== 408);
}

/** True if WorkOS said that the object does not exist. A 404 of a proxy has another `kind`. */
export function isNotFound(error: unknown): boolean {
  const failure = failureOf(error);
  return failure?.kind === 'status' && failure.facts.status === 404;
}

/** For `.catch()`: undefined if WorkOS said that the object does not exist. @throws any other error */
export function undefinedIfNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
