/** Outcome of one attempt, as the delivery log shows it. */
export type Outcome =
  | 'delivered'
  /** Answered with another status than 2xx. */
  | 'refused'
  /** Answered with 3xx, which is never followed. */
  | 'redirected'
  /** Answered with 410; the endpoint is disabled. */
  | 'gone'
  | 'timeout'
  /** Its host name does not resolve. */
  | 'name_not_resolved'
  /** Nothing listens there. */
  | 'connection_refused'
  /** The connection ended before a response. */
  | 'connection_reset'
  /** The TLS handshake failed, or the certificate is not valid for the host. */
  | 'tls_failed'
  /** The answer is not HTTP, or its headers are too large. */
  | 'invalid_answer'
  /** Another network error. */
  | 'unreachable'
  /** Its host name resolves to a refused address. */
  | 'address_refused'
  /** Its origin is no longer allowed. */
  | 'url_refused'
  /** Nothing was sent: no key of `GATEHOUSE_KEYS` decrypts the endpoint's secret. */
  | 'secret_unreadable';

export interface Attempt {
  readonly outcome: Outcome;
  /** Null if there was no response. */
  readonly status: number | null;
  readonly durationMs: number;
  /** The system's error code, for the log. */
  readonly code?: string | undefined;
}
