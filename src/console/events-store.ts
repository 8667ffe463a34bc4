import type { Queryable } from '../core/ports.ts';

/** An event without its data, which may contain personal data. */
export interface EventRow {
  readonly id: string;
  readonly event: string;
  readonly tenantId: string | null;
  readonly organizationId: string | null;
  readonly source: string;
  readonly createdAt: Date;
  readonly receivedAt: Date;
  /** Null until the event is applied. */
  readonly position: string | null;
}

export interface EventFilter {
  readonly tenantId: string | undefined;
  readonly type: string | undefined;
  /** A position to start before. */
  readonly before: string | undefined;
}

export const EVENTS_PER_PAGE = 50;

const COLUMNS = `id, event, tenant_id as "tenantId", organization_id as "organizationId", source,
  created_at as "createdAt", received_at as "receivedAt", position`;

/** Applied events, newest first. An index answers each combination of filters. */
export function listEvents(
  db: Queryable,
  { tenantId, type, before }: EventFilter,
): Promise<EventRow[]> {
  const values: string[] = [];
  const conditions = Object.entries({
    'tenant_id =': tenantId,
    'event =': type,
    'position <': before,
  }).flatMap(([condition, value]) =>
    value === undefined ? [] : [`${condition} $${values.push(value)}`],
  );
  return db.query<EventRow>(
    `select ${COLUMNS} from events where ${['position is not null', ...conditions].join(' and ')}
     order by position desc limit ${EVENTS_PER_PAGE}`,
    values,
  );
}

export async function findEvent(db: Queryable, id: string): Promise<EventRow | undefined> {
  const [row] = await db.query<EventRow>(`select ${COLUMNS} from events where id = $1`, [id]);
  return row;
}
