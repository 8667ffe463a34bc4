import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { Query } from './database.ts';
import { grouped } from './group.ts';
import { Refusal } from './refusal.ts';

const INSERT = `with added as (
    insert into events (id, event, organization_id, tenant_id, data, context, created_at, source)
    select id, event, organization_id, null, data, context, created_at, 'webhook'
    from jsonb_to_recordset($1::jsonb) as r (id text, event text, organization_id text, data jsonb,
      context jsonb, created_at timestamptz)
    order by id
    on conflict (id) do nothing returning id)
  select id, pg_notify('gatehouse_events', '') from added`;

const SIGNATURE = /^t=([1-9]\d{12}), v1=([0-9a-f]{64})$/;
const TOLERANCE_MS = 180_000;

interface EventRow {
  readonly id: string;
  readonly event: string;
  readonly data: { readonly organization_id?: string };
  readonly created_at: string;
}

/** One statement, which also notifies the worker that applies events. */
export const insertEvents = (query: Query, rows: readonly object[]): Promise<object[]> =>
  query('events', INSERT, [JSON.stringify(rows)]);

/** POST /webhooks/workos: resolves once the event is durable. */
export function createIngest(query: Query, secret: string) {
  const key = createSecretKey(secret, 'utf8');
  const add = grouped<EventRow>((rows) => insertEvents(query, rows));
  return async (header: unknown, sent: Promise<Buffer>): Promise<object> => {
    const body = await sent;
    const [, t = '', v1 = ''] = SIGNATURE.exec(String(header)) ?? [];
    if (Math.abs(Number(t) - Date.now()) > TOLERANCE_MS) throw new Refusal(401);
    const expected = createHmac('sha256', key).update(`${t}.`).update(body).digest();
    if (!timingSafeEqual(expected, Buffer.from(v1, 'hex'))) throw new Refusal(401);
    const row = eventOf(JSON.parse(body.toString()));
    await add({ ...row, organization_id: row.data.organization_id } as EventRow);
    return { received: true };
  };
}

function eventOf(sent: unknown): EventRow {
  const { id, event, data, created_at } = sent as Record<string, unknown>;
  if (typeof id !== 'string' || !/^[\x21-\x7e]{1,100}$/.test(id)) throw new Refusal(422);
  if (typeof event !== 'string' || !/^[\w.-]{1,100}$/.test(event)) throw new Refusal(422);
  if (typeof data !== 'object' || data === null) throw new Refusal(422);
  if (typeof created_at !== 'string' || Number.isNaN(Date.parse(created_at)))
    throw new Refusal(422);
  return sent as EventRow;
}
