/**
 * Why a call to WorkOS came to nothing. `status`: it answered, with an error of its own. `no-room`:
 * this process was reading too many large answers to read one more.
 */
export type FailureKind = 'status' | 'timeout' | 'unreachable' | 'invalid-response' | 'no-room';

/** The reason of an answer that is larger than what is read of it. */
export const TOO_LARGE = 'too large';

/** One thing that WorkOS says is wrong with a request, in its own words for field and fault. */
export interface RefusedField {
  readonly field: string;
  readonly code: string;
}

export interface FailureFacts {
  readonly status?: number;
  /** WorkOS's own `code`, cut short. Never its message: that may quote what we sent. */
  readonly code?: string;
  /** What is wrong with what was sent; names only, no values. */
  readonly fields?: readonly RefusedField[];
  /** Seconds, from `Retry-After` in either of its forms. */
  readonly retryAfter?: number;
  /** It is certain that WorkOS got nothing of the request. */
  readonly neverSent?: true;
  /** A word for the operator's log: an errno, a TLS code, what was wrong with the body. */
  readonly reason?: string;
}

/**
 * The one error of the guarded client. Its message is made of these facts alone, so it can be
 * logged: no URL, no header, no body of either side is in it.
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
   * Whether WorkOS, or the way to it, is down. A 403 is about one feature that the key or the plan
   * lacks, and closes nothing for others.
   */
  get isOutage(): boolean {
    const { status = 0 } = this.facts;
    if (this.kind === 'status') return status >= 500 || status === 401;
    return this.kind === 'timeout' || this.kind === 'unreachable';
  }

  /** Whether WorkOS answered more than is read: a smaller page of a list may do. */
  get isTooLarge(): boolean {
    return this.facts.reason === TOO_LARGE;
  }

  /** Whether a second try may fare better; a call that timed out has had its time. */
  get isWorthRepeating(): boolean {
    return (
      this.kind === 'unreachable' || (this.kind === 'status' && (this.facts.status ?? 0) >= 500)
    );
  }
}

/** The failure inside what the SDK threw: it wraps whatever the fetch function throws. */
export function failureOf(error: unknown): UpstreamFailure | undefined {
  for (let at = error, depth = 0; depth < 4; depth += 1) {
    if (at instanceof UpstreamFailure) return at;
    at = (at as { cause?: unknown } | null | undefined)?.cause;
  }
  return undefined;
}

/** Whether WorkOS said that what was named does not exist. A 404 that is not WorkOS's is no `status`. */
export function isNotFound(error: unknown): boolean {
  const failure = failureOf(error);
  return failure?.kind === 'status' && failure.facts.status === 404;
}

/** For `.catch()`: undefined if WorkOS said that the object does not exist. @throws any other error */
export function undefinedIfNotFound(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
