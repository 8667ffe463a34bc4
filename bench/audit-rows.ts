/** Durable audit rows: compares the service's group commit with one INSERT per row. */
import { createAuditWriter, type AuditRow } from '../src/audit-trail/writer.ts';
import { openDatabase } from '../src/db/database.ts';
import { Secret } from '../src/core/secret.ts';
import { answer } from './processes.ts';

export interface Rows {
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly p50Ms: number;
}

const INSERT_ONE = {
  name: 'audit-one',
  text: `insert into audit_trail (operation, outcome, client_id, user_id, tenant_id, request_id, details)
    values ($1, $2, null, null, $3, $4, $5)`,
};
const ROW: AuditRow = {
  actor: { client: undefined, user: undefined, requestId: 'bench', operation: 'bench' },
  outcome: 'succeeded',
  tenantId: 'tenant-1',
  details: { intent: 'sso' },
};
const { actor, outcome, tenantId, details } = ROW;

const db = openDatabase({ url: new Secret(process.env.DATABASE_URL ?? ''), max: 10 });
const writer = createAuditWriter(db);
const ways = {
  group: () => writer.record(ROW),
  single: () =>
    db.query(INSERT_ONE, [
      actor.operation,
      outcome,
      tenantId,
      actor.requestId,
      JSON.stringify(details),
    ]),
};

export interface RowsRun {
  readonly way: 'group' | 'single';
  readonly amount: number;
  readonly callers: number;
}

async function run({ way, amount, callers }: RowsRun): Promise<Rows> {
  const times: number[] = [];
  const before = process.cpuUsage();
  const startedAt = performance.now();
  let left = amount;
  const caller = async () => {
    while (left-- > 0) {
      const at = performance.now();
      await ways[way]();
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const { user, system } = process.cpuUsage(before);
  times.sort((a, b) => a - b);
  return {
    perSecond: (amount / (performance.now() - startedAt)) * 1_000,
    cpuMicros: (user + system) / amount,
    p50Ms: times[times.length >> 1] ?? 0,
  };
}

answer({ run });
