import type { Query } from './database.ts';

const INSERT = `insert into audit_trail (operation, outcome, client_id, user_id, tenant_id, request_id, details)
  select operation, outcome, client_id, user_id, tenant_id, request_id, details
  from jsonb_to_recordset($1::jsonb) as r (operation text, outcome text, client_id text, user_id text,
    tenant_id text, request_id text, details jsonb)`;

export type AuditRow = Readonly<Record<string, unknown>>;

/** Resolves once the row is durable. */
export type Audit = (row: AuditRow) => Promise<undefined>;

/** Group commit, as the gateway has it. */
export function groupedAudit(query: Query): Audit {
  let queue: { row: AuditRow; done: PromiseWithResolvers<undefined> }[] = [];
  let writing = false;
  async function drain(): Promise<void> {
    writing = true;
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      try {
        await query('audit', INSERT, [JSON.stringify(batch.map(({ row }) => row))]);
        for (const { done } of batch) done.resolve(undefined);
      } catch (error) {
        for (const { done } of batch) done.reject(error);
      }
    }
    writing = false;
  }
  return (row) => {
    const done = Promise.withResolvers<undefined>();
    queue.push({ row, done });
    if (!writing) void drain();
    return done.promise;
  };
}

/** An INSERT for each, as most would write it. */
export const singleAudit =
  (query: Query): Audit =>
  async (row) => {
    await query('audit', INSERT, [JSON.stringify([row])]);
    return undefined;
  };
