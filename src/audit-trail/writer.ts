import type { Queryable, Statement } from '../core/ports.ts';
import { createGroupCommit } from '../db/group-commit.ts';
import type { Actor } from '../core/identity.ts';

export type Outcome = 'attempted' | 'succeeded' | 'failed' | 'refused';

/** One row of the audit trail: who did what to which tenant, with which outcome. */
export interface AuditRow {
  readonly actor: Actor;
  readonly outcome: Outcome;
  readonly tenantId?: string | undefined;
  /** Facts about the act; never a link, ticket, key, token or code. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** SQL: inserts the rows of `rowsAsJson`, given as `$1`. A caller may append a condition; `n` is the place of a row. */
export const INSERT_ROWS = `insert into audit_trail (operation, outcome, client_id, user_id, tenant_id, request_id, details)
    select operation, outcome, client_id, user_id, tenant_id, request_id, details
    from jsonb_to_recordset($1::jsonb) as r (n int, operation text, outcome text, client_id text,
      user_id text, tenant_id text, request_id text, details jsonb)`;
const INSERT_BATCH = { name: 'audit-batch', text: INSERT_ROWS };

export const rowsAsJson = (rows: readonly AuditRow[]): string =>
  JSON.stringify(rows.map((row, n) => ({ n, ...columns(row) })));

/** Adds rows in the transaction of the change they record: both are committed, or neither. */
export async function recordIn(tx: Queryable, ...rows: readonly AuditRow[]): Promise<void> {
  await tx.query(INSERT_BATCH, [rowsAsJson(rows)]);
}

/** A row that asks for permission: what its audit row would be, and the facts that decide. */
interface Asked {
  readonly audit: AuditRow;
  readonly facts: object;
}

/**
 * Runs a statement that decides for each row whether it is permitted, and writes the audit rows of
 * those that are. It gets the audit rows as `$1`, the facts with their places `n` as `$2`, then `values`,
 * and returns the places of the permitted rows.
 *
 * @returns for each row whether it was permitted
 */
export async function recordPermitted(
  db: Queryable,
  statement: Statement,
  asked: readonly Asked[],
  values: readonly unknown[] = [],
): Promise<boolean[]> {
  const permitted = await db.query<{ n: number }>(statement, [
    rowsAsJson(asked.map(({ audit }) => audit)),
    JSON.stringify(asked.map(({ facts }, n) => ({ n, ...facts }))),
    ...values,
  ]);
  const places = new Set(permitted.map(({ n }) => n));
  return asked.map((_, n) => places.has(n));
}

export interface AuditWriter {
  /** Resolves once the row is durable. @throws Problem `overloaded`, or an error of the database: then refuse the act */
  record(row: AuditRow): Promise<void>;
  /** Resolves once every pending row is durable. */
  flush(): Promise<void>;
}

/** Group commit: a single row waits for no other; under load a row costs a tenth of an INSERT of its own. */
export function createAuditWriter(db: Queryable): AuditWriter {
  const rows = createGroupCommit<AuditRow>({
    name: 'audit trail',
    insert: (batch) => recordIn(db, ...batch),
    overloaded: 'The audit trail cannot keep up.',
  });
  return { record: rows.add, flush: rows.flush };
}

const columns = ({ actor, outcome, tenantId, details = {} }: AuditRow) => ({
  operation: actor.operation,
  outcome,
  client_id: actor.client?.id,
  user_id: actor.user?.id,
  tenant_id: tenantId,
  request_id: actor.requestId,
  details: {
    ...details,
    ...(actor.user?.source === 'asserted' && { user_asserted: true }),
    ...(actor.via && { via: actor.via }),
  },
});
