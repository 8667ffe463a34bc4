/** Which rows of which tables `gatehouse maintain` deletes, as data for `maintenance-functions.ts`. */

interface Rule {
  /** The indexed column with the age of a row. */
  readonly at: string;
  /** SQL: the minimum age in days. Default: `kept`, the retention. */
  readonly days?: string;
  readonly where?: string;
}

/** The tables that grow every day, without the partitioned ones. */
export const RETENTION_RULES: Readonly<Record<string, Rule>> = {
  // Unapplied and parked events still have to be delivered.
  events: { at: 'received_at', where: 'position is not null and parked_at is null' },
  unreadable_events: { at: 'received_at' },
  webhook_messages: { at: 'updated_at', where: `state <> 'pending'` },
  portal_launches: { at: 'expires_at' },
  launch_mails: { at: 'created_at' },
  sign_ins: { at: 'at' },
  tenant_occurrences: { at: 'at' },
  // WorkOS lists events for 90 days. Until then an old event could bring a deleted object back.
  mirror: { at: 'deleted_at', days: 'greatest(kept, 90)' },
  // The service deletes these itself every hour, unless there are too many for one statement.
  spent_codes: { at: 'expires_at', days: '0' },
  idempotency_keys: { at: 'created_at', days: '1' },
};

/** Tables in partitions by the time `at`, a week each, which are dropped as a whole. */
export const PARTITIONED = ['audit_trail', 'webhook_attempts'] as const;

/** The tables from which rows are deleted, in this order. */
export const PRUNED_TABLES: readonly string[] = [...Object.keys(RETENTION_RULES), ...PARTITIONED];
