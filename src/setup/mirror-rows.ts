/** What the mirror holds, one row for each. */
export type Kind =
  | 'organization'
  | 'domain'
  | 'connection'
  | 'directory'
  /** Of one connection, by its type; only events tell of it. */
  | 'certificate'
  /** That somebody has signed in through a connection. */
  | 'sign_in'
  /** An organization's own encryption key; only events tell of it. */
  | 'encryption_key'
  /** An organization's audit log and its stream; no event tells of it. */
  | 'audit_log_configuration';

/** What WorkOS said of something that exists; only the fields that we need are in it. */
export interface Fact {
  readonly kind: Kind;
  readonly id: string;
  readonly organizationId: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** WorkOS's time, ISO 8601: an older fact never overwrites a newer one. */
  readonly updatedAt: string;
}

/** What WorkOS said of something that exists no more. */
export interface Grave {
  readonly kind: Kind;
  readonly id: string;
  /** Null: WorkOS did not say. */
  readonly organizationId: string | null;
}
