import type { Queryable } from '../db/database.ts';
import { fromPostgres } from '../db/problems.ts';
import type { Actor } from '../identity.ts';
import { Problem } from '../problem.ts';

export type Outcome = 'attempted' | 'succeeded' | 'failed' | 'refused';

/** One row of the audit trail: who did what to which tenant, and what came of it. */
export interface AuditRow {
  readonly actor: Actor;
  readonly outcome: Outcome;
  readonly tenantId?: string | undefined;
  /** Facts about the act; never a link, ticket, key, token or code. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Rows in one statement; more only wait for the next. */
const MAX_BATCH = 256;
/** Beyond this the database is not keeping up, and acts are refused. */
const MAX_QUEUE = 4_096;

const INSERT_BATCH = {
  name: 'audit-batch',
  text: `insert into audit_trail (operation, outcome, client_id, user_id, tenant_id, request_id, details)
    select operation, outcome, client_id, user_id, tenant_id, request_id, details
    from jsonb_to_recordset($1::jsonb) as r (operation text, outcome text, client_id text, user_id text,
      tenant_id text, request_id text, details jsonb)`,
};

/** Adds rows inside a transaction, so that effect and record stand or fall together. */
export async function recordIn(tx: Queryable, ...rows: readonly AuditRow[]): Promise<void> {
  await tx.query(INSERT_BATCH, [JSON.stringify(rows.map(columns))]);
}

export interface AuditWriter {
  /** Resolves once the row is durable. @throws Problem `overloaded`, or what the database says: then refuse the act. */
  record(row: AuditRow): Promise<void>;
  /** Resolves once nothing is waiting. */
  flush(): Promise<void>;
}

interface Waiting {
  readonly row: AuditRow;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit without a timer: whatever queued while the last statement was under way goes as
 * one. A lone row waits for nobody; under load a row costs a tenth of an INSERT of its own.
 */
export function createAuditWriter(db: Queryable): AuditWriter {
  const queue: Waiting[] = [];
  let writing: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    while (queue.length > 0) await write(db, queue.splice(0, MAX_BATCH), queue);
    writing = undefined;
  };

  return {
    record: (row) =>
      new Promise((resolve, reject) => {
        if (queue.length >= MAX_QUEUE) {
          reject(new Problem('overloaded', 'The audit trail cannot keep up.'));
          return;
        }
        queue.push({ row, resolve, reject });
        writing ??= drain();
      }),
    flush: async () => {
      await writing;
    },
  };
}

async function write(db: Queryable, batch: readonly Waiting[], queue: Waiting[]): Promise<void> {
  try {
    await recordIn(db, ...batch.map(({ row }) => row));
    for (const { resolve } of batch) resolve();
  } catch (error) {
    const isDown = fromPostgres(error) !== undefined;
    // One bad row must not take the others with it; a database that is down takes them all, and
    // those that queued meanwhile, who would wait as long again.
    if (batch.length > 1 && !isDown) for (const one of batch) await write(db, [one], queue);
    else for (const { reject } of [...batch, ...(isDown ? queue.splice(0) : [])]) reject(error);
  }
}

const columns = ({ actor, outcome, tenantId, details = {} }: AuditRow) => ({
  operation: actor.operation,
  outcome,
  client_id: actor.client?.id,
  user_id: actor.user?.id,
  tenant_id: tenantId,
  request_id: actor.requestId,
  details: actor.user?.source === 'asserted' ? { ...details, user_asserted: true } : details,
});
