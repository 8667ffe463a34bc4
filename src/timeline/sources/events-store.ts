import type { Database } from '../../db/database.ts';
import { redact } from '../redact.ts';
import type { Placed, Source, SourceQuery, TimelineEntry } from '../entry.ts';
import { inIndexOrder } from './in-index-order-store.ts';

interface EventRow {
  readonly id: string;
  readonly event: string;
  readonly source: string;
  readonly position: string;
  readonly createdAt: Date;
  readonly receivedAt: Date;
  /** The object that the event is about: a name, a domain or an id, and its state, or until when its certificate is valid. */
  readonly subject: string | null;
  readonly state: string | null;
  readonly code: string | null;
  readonly said: string | null;
  /** Endpoints whose delivery failed for good, with their clients. */
  readonly failed: readonly { readonly endpoint: string; readonly client: string }[] | null;
}

const FACTS = `e.id, e.event, e.source, e.created_at as "createdAt", e.received_at as "receivedAt",
  left(coalesce(e.data->>'domain', e.data->>'name', e.data->>'connection_id', e.data->>'id',
    e.data->'connection'->>'id'), 100) as subject,
  left(coalesce(e.data->>'state', 'certificate until ' || left(e.data->'certificate'->>'expiry_date', 10)), 40) as state, left(e.data->'error'->>'code', 64) as code,
  left(e.data->'error'->>'message', 400) as said`;

const PAGE = `select ${FACTS}, e.position::text,
    (select json_agg(json_build_object('endpoint', m.endpoint_id, 'client', w.client_id))
      from webhook_messages m left join webhook_endpoints w on w.id = m.endpoint_id
      where m.event_id = e.id and m.state = 'failed') as failed
  from (select * from events where tenant_id = $1 and position is not null
      and ($3::bigint is null or position < $3)
    order by position desc limit $4) e
  where $2::timestamptz is null or e.received_at >= $2 order by e.position desc`;

/** Events in the order in which they were applied, and with the time at which they arrived. */
export const eventSource = (db: Database): Source => ({
  async read({ tenantId, since, limit, key: [position] = [] }: SourceQuery) {
    const rows = await inIndexOrder<EventRow>(db, PAGE, [tenantId, since, position, limit]);
    return rows.map((row): Placed => ({
      at: row.receivedAt,
      key: [row.position],
      entry: entryOf(row),
    }));
  },
});

const entryOf = (row: EventRow): TimelineEntry => ({
  ...eventEntry(row),
  outcome: row.code !== null || row.failed !== null ? 'failed' : 'succeeded',
  reason: row.code ?? (row.failed === null ? null : 'delivery_failed'),
  text: `${sentenceOf(row)}${deliveriesOf(row)}`,
});

const eventEntry = ({ id, event, receivedAt }: EventRow) => ({
  id,
  at: receivedAt,
  kind: event.startsWith('authentication.') ? ('login' as const) : ('event' as const),
  operation: event,
  count: 1,
  clientId: null,
  userId: null,
  requestId: null,
});

function sentenceOf({ event, source, subject, state, code, said }: EventRow): string {
  const from = source === 'gatehouse' ? 'Gatehouse reports' : 'WorkOS reports';
  const about = [subject, state].filter((part) => part !== null).join(', ');
  const error = [code, said && `“${redact(said)}”`].filter(Boolean).join(': ');
  return `${from} ${event}${about && ` (${redact(about)})`}${error && `: ${error}`}`;
}

const deliveriesOf = ({ failed }: EventRow): string =>
  failed
    ? `; not delivered to ${failed.map(({ endpoint, client }) => `${endpoint} of ${client}`).join(', ')}`
    : '';

interface ParkedRow extends EventRow {
  readonly reason: string;
}

const PARKED = `select ${FACTS}, e.parked_reason as reason from events e
  where e.parked_at is not null and e.position is null
    and e.organization_id = (select coalesce(organization_id, former_organization_id) from tenants where id = $1)
  order by e.parked_at desc limit 20`;

/** Parked events of the tenant's organization, which wait for a person. */
export async function parkedEvents(db: Database, tenantId: string): Promise<TimelineEntry[]> {
  const rows = await db.query<ParkedRow>(PARKED, [tenantId]);
  return rows.map((row) => ({
    ...eventEntry(row),
    outcome: 'waiting',
    reason: 'event_parked',
    text: `${sentenceOf(row)}: parked, because ${redact(row.reason)}`,
  }));
}
