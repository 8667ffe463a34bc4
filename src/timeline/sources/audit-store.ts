import type { Database } from '../../db/database.ts';
import type { EntryOutcome, Placed, Source, SourceQuery, TimelineEntry } from '../entry.ts';
import { kindOf, sentenceOf } from '../words/operations.ts';
import { inIndexOrder } from './in-index-order-store.ts';

interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly key: string;
  readonly operation: string;
  readonly outcome: EntryOutcome;
  readonly clientId: string | null;
  readonly userId: string | null;
  readonly requestId: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** True for an attempt whose outcome has a row of its own. */
  readonly isAnswered: boolean;
}

/** Rows after an attempt that may be its outcome. */
const NEAR = 50;

/** The operation of an audit row that says that an operator looked at a page. It is no part of what happened to a tenant. */
export const LOOK = 'console look';

/**
 * An attempt whose outcome was recorded within a minute is passed over, as long as no more than a few rows of
 * the tenant lie between them.
 */
const PAGE = `select a.id::text, a.at, a.at::text as key, a.operation, a.outcome, a.client_id as "clientId",
    a.user_id as "userId", a.request_id as "requestId", a.details,
    a.outcome = 'attempted' and exists (
      select from (select b.request_id, b.operation from audit_trail b
        where b.tenant_id = $1 and (b.at, b.id) > (a.at, a.id) and b.at < a.at + interval '60 seconds'
        order by b.at, b.id limit ${NEAR}) later
      where later.request_id = a.request_id and later.operation = a.operation) as "isAnswered"
  from (select * from audit_trail where tenant_id = $1 and operation <> '${LOOK}' and ($2::timestamptz is null or at >= $2)
      and ($3::timestamptz is null or (at, id) < ($3, $4::bigint))
    order by at desc, id desc limit $5) a
  order by a.at desc, a.id desc`;

export const auditSource = (db: Database): Source => ({
  async read({ tenantId, since, limit, key: [at, id] = [] }: SourceQuery) {
    const values = [tenantId, since, at, id, limit];
    return (await inIndexOrder<AuditRow>(db, PAGE, values)).map(placed);
  },
});

const placed = (row: AuditRow): Placed => ({
  at: row.at,
  key: [row.key, row.id],
  entry: row.isAnswered ? undefined : entryOf(row),
});

const entryOf = (row: AuditRow): TimelineEntry => ({
  id: `audit_${row.id}`,
  at: row.at,
  kind: kindOf(row.operation),
  operation: row.operation,
  outcome: row.outcome,
  reason: textIn(row.details, 'reason'),
  text: sentenceOf({
    ...row,
    reason: textIn(row.details, 'reason'),
    said: textIn(row.details, 'said'),
    details: row.details,
  }),
  count: 1,
  clientId: row.clientId,
  userId: row.userId,
  requestId: row.requestId,
});

const textIn = (details: AuditRow['details'], name: string): string | null => {
  const value = details[name];
  return typeof value === 'string' ? value : null;
};
