/** Calls that share a circuit breaker: an outage of one class does not stop the others. */
export type UpstreamClass =
  | 'portal'
  | 'organizations'
  | 'setup'
  | 'sso'
  | 'connections'
  | 'directories'
  | 'directory_users'
  | 'audit_logs'
  | 'mfa'
  | 'passwordless'
  | 'users'
  | 'authorization'
  | 'api_keys'
  | 'widgets'
  | 'groups'
  | 'feature_flags'
  | 'events';

export interface CallOptions {
  readonly class: UpstreamClass;
  /** Rate limit bucket: a 429 blocks only calls with the same value. Default: the class. */
  readonly operation?: string | undefined;
  /** True if the call is idempotent and may be retried. */
  readonly repeatable: boolean;
  /** Object with a rate limit of its own, e.g. one directory. Default: the operation. */
  readonly limited?: string | undefined;
}
