/** Kinds of objects in the mirror. */
export type Kind =
  | 'organization'
  | 'domain'
  | 'connection'
  | 'directory'
  /** A certificate of a connection, by its type. Only events report it. */
  | 'certificate'
  /** The first sign-in through a connection. */
  | 'sign_in'
  /** An organization's own encryption key. Only events report it. */
  | 'encryption_key'
  /** An organization's audit log and its stream. No event reports it. */
  | 'audit_log_configuration';

/** An existing object, reduced to the fields that Gatehouse needs. */
export interface MirrorEntry {
  readonly kind: Kind;
  readonly id: string;
  readonly organizationId: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** WorkOS's time, ISO 8601. An older entry never overwrites a newer one. */
  readonly updatedAt: string;
}

/** An object that was deleted at WorkOS. */
export interface DeletedEntry {
  readonly kind: Kind;
  readonly id: string;
  /** Null if WorkOS did not say. */
  readonly organizationId: string | null;
}
