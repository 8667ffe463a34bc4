/** What came of one attempt, in the words of the log. */
export type Outcome =
  | 'delivered'
  /** Answered with another status than 2xx. */
  | 'refused'
  /** Answered with 3xx, which is never followed. */
  | 'redirected'
  /** Answered with 410: the endpoint wants no more. */
  | 'gone'
  | 'timeout'
  /** Its host name does not resolve. */
  | 'name_not_resolved'
  /** Nothing listens there. */
  | 'connection_refused'
  /** The connection ended before there was an answer. */
  | 'connection_reset'
  /** No TLS connection, or a certificate that is not good for the host. */
  | 'tls_failed'
  /** The answer is not HTTP, or its headers are too large. */
  | 'invalid_answer'
  /** There was no answer for another reason. */
  | 'unreachable'
  /** Its name leads where nothing of ours is. */
  | 'address_refused'
  /** Its origin is no longer among those that are allowed. */
  | 'url_refused'
  /** Nothing was sent: no key of `GATEHOUSE_KEYS` opens the endpoint's secret. */
  | 'secret_unreadable';

export interface Attempt {
  readonly outcome: Outcome;
  /** Null: there was no answer. */
  readonly status: number | null;
  readonly durationMs: number;
  /** The system's code for why there was no answer, for the log. */
  readonly code?: string | undefined;
}
