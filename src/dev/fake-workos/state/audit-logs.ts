/** Stored audit-log objects. Fields that are not part of WorkOS's API are marked. */

/** JSON Schema of a flat object, WorkOS's format for metadata. */
export type MetadataSchema = Record<string, unknown>;

export interface AuditLogSchema {
  object: 'audit_log_schema';
  version: number;
  actor?: { metadata: MetadataSchema };
  targets: { type: string; metadata?: MetadataSchema }[];
  metadata?: MetadataSchema;
  created_at: string;
}

export interface AuditLogAction {
  /** Cursor of the list; not in replies. */
  id: string;
  name: string;
  /** Every version, oldest first. `id` is the cursor of the list and not in replies. */
  schemas: (AuditLogSchema & { id: string })[];
  created_at: string;
  updated_at: string;
}

interface Party {
  id: string;
  type: string;
  name?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
}

/** The event as the caller sent it. */
export interface AuditLogEvent {
  action: string;
  occurred_at: string;
  actor: Party;
  targets: Party[];
  context: { location: string; user_agent?: string | undefined };
  metadata?: Record<string, unknown> | undefined;
  version?: number | undefined;
}

/** Only returned as a line of an export. */
export interface StoredAuditLogEvent extends AuditLogEvent {
  id: string;
  organization_id: string;
}

export interface AuditLogExport {
  object: 'audit_log_export';
  id: string;
  state: 'pending' | 'ready' | 'error';
  created_at: string;
  updated_at: string;
}

/** An export with its filters, which are not in replies. */
export interface StoredAuditLogExport extends AuditLogExport {
  organization_id: string;
  range_start: string;
  range_end: string;
  actions?: string[] | undefined;
  actor_names?: string[] | undefined;
  actor_ids?: string[] | undefined;
  targets?: string[] | undefined;
}

/** Download link of an export; not in replies. */
export interface AuditLogFile {
  token: string;
  export_id: string;
  organization_id: string;
  expires_at: string;
}

export interface AuditLogState {
  /** Keyed by action name. */
  readonly auditLogActions: Map<string, AuditLogAction>;
  readonly auditLogEvents: Map<string, StoredAuditLogEvent>;
  readonly auditLogExports: Map<string, StoredAuditLogExport>;
  /** Keyed by token. */
  readonly auditLogFiles: Map<string, AuditLogFile>;
  /** Accepted events, keyed by a hash of idempotency key and event. */
  readonly auditLogKeys: Map<string, { expires_at: string }>;
  /** Keyed by organization id. */
  readonly auditLogRetentions: Map<string, { organization_id: string; days: number }>;
}
