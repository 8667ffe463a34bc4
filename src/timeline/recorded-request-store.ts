import type { Database } from '../db/database.ts';
import { sentenceOf, type Sentence } from './words/operations.ts';

/** A request of a tenant, as the database has it. */
export interface RecordedRequest {
  readonly tenantId: string;
  readonly at: Date;
  /** One sentence: the operation, and how it ended. */
  readonly text: string;
}

interface Row extends Sentence {
  readonly tenantId: string;
  readonly at: Date;
}

/**
 * The outcome goes before the attempt. No index has the request id: it would cost every row that is written, and
 * this reads the period once, when an operator asks.
 */
const FIND = `select * from (
    (select tenant_id as "tenantId", at, operation, outcome, details->>'reason' as reason, details->>'said' as said,
        client_id as "clientId", user_id as "userId", details
      from audit_trail where request_id = $1 and at >= $2 and tenant_id is not null)
    union all
    (select tenant_id, last_at, operation, outcome, nullif(reason, ''), said, nullif(client_id, ''), null, '{}'
      from tenant_occurrences where request_id = $1 and at >= $2::timestamptz - interval '5 minutes')) found
  order by outcome = 'attempted', at desc limit 1`;

/**
 * Finds a request by its id, which pages show to people as the reference. Undefined if its tenant is not known, if
 * it is older than `since`, or if a later refusal of the same kind took its place.
 */
export async function findRequest(
  db: Database,
  requestId: string,
  since: Date,
): Promise<RecordedRequest | undefined> {
  const [row] = await db.query<Row>(FIND, [requestId, since]);
  return row && { tenantId: row.tenantId, at: row.at, text: sentenceOf(row) };
}
