/** What the fake remembers of audit logs; members that are never on the wire say so. */

/** JSON Schema of a flat object, as WorkOS keeps it for metadata. */
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
  /** The list's cursor; never in a body. */
  id: string;
  name: string;
  /** Every version, oldest first; `id` is the list's cursor and never in a body. */
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

/** What a caller reports. */
export interface AuditLogEvent {
  action: string;
  occurred_at: string;
  actor: Party;
  targets: Party[];
  context: { location: string; user_agent?: string | undefined };
  metadata?: Record<string, unknown> | undefined;
  version?: number | undefined;
}

/** Never on the wire, except as a line of an export. */
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

/** What an export is of; never on the wire. */
export interface StoredAuditLogExport extends AuditLogExport {
  organization_id: string;
  range_start: string;
  range_end: string;
  actions?: string[] | undefined;
  actor_names?: string[] | undefined;
  actor_ids?: string[] | undefined;
  targets?: string[] | undefined;
}

/** An address of an export's file; never on the wire. */
export interface AuditLogFile {
  token: string;
  export_id: string;
  organization_id: string;
  expires_at: string;
}

export interface AuditLogState {
  /** By name. */
  readonly auditLogActions: Map<string, AuditLogAction>;
  readonly auditLogEvents: Map<string, StoredAuditLogEvent>;
  readonly auditLogExports: Map<string, StoredAuditLogExport>;
  /** By token. */
  readonly auditLogFiles: Map<string, AuditLogFile>;
  /** Of events that were accepted, by a hash of key and event. */
  readonly auditLogKeys: Map<string, { expires_at: string }>;
  /** By organization. */
  readonly auditLogRetentions: Map<string, { organization_id: string; days: number }>;
}
