import type { Database } from '../db/database.ts';
import type { OccurrenceStore, Pending } from './recorder.ts';

/**
 * Rows of one operation and outcome of a tenant that name a client, within five minutes. Strangers choose which
 * registered client they name.
 */
const MOST_CLIENTS = 20;

/**
 * Adds to the row of the five minutes in which the last one happened. An occurrence of a tenant that does not exist
 * is dropped; one that would need a further row for its client is counted without the client. Sorted by its key, so
 * that two processes do not deadlock.
 */
const ADD = {
  name: 'add-occurrences',
  text: `with given as (
      select r.*, now() - make_interval(secs => r.age) as last_at, coalesce(r.tenant_id,
          (select t.id from mirror m join tenants t on t.organization_id = m.organization_id
            where m.kind = 'connection' and m.id = r.connection_id)) as tenant
      from jsonb_to_recordset($1::jsonb) as r (tenant_id text, connection_id text, operation text, outcome text,
        reason text, client_id text, count integer, age float8, request_id text, said text)),
    placed as (
      select given.*, date_bin('5 minutes', last_at, 'epoch') as at from given join tenants on tenants.id = given.tenant),
    numbered as (
      select placed.*, o.at is not null as "isKnown", dense_rank() over (
          partition by placed.tenant, placed.at, placed.operation, placed.outcome, o.at is not null, placed.client_id = ''
          order by placed.reason, placed.client_id) as rank
      from placed left join tenant_occurrences o on o.tenant_id = placed.tenant and (o.at, o.operation, o.outcome, o.reason, o.client_id)
        = (placed.at, placed.operation, placed.outcome, placed.reason, placed.client_id)),
    named as (
      select n.*, case when "isKnown" or rank + (select count(*) from tenant_occurrences o
            where o.tenant_id = n.tenant and o.at = n.at and o.operation = n.operation and o.outcome = n.outcome
              and o.client_id <> '') <= ${MOST_CLIENTS} then client_id else '' end as client
      from numbered n)
    insert into tenant_occurrences as o
      (tenant_id, at, operation, outcome, reason, client_id, count, last_at, request_id, said)
    select tenant, at, operation, outcome, reason, client,
      sum(count)::integer, max(last_at), (array_agg(request_id order by last_at desc))[1],
      (array_agg(said order by last_at desc) filter (where said is not null))[1]
    from named group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
    on conflict (tenant_id, at, operation, outcome, reason, client_id) do update
      set count = o.count + excluded.count, last_at = greatest(o.last_at, excluded.last_at),
        request_id = excluded.request_id, said = coalesce(excluded.said, o.said)`,
};

export const createOccurrenceStore = (db: Database): OccurrenceStore => ({
  async add(occurrences) {
    await db.query(ADD, [JSON.stringify(occurrences.map(columns))]);
  },
});

const columns = (occurrence: Pending) => ({
  tenant_id: occurrence.tenantId,
  connection_id: occurrence.connectionId,
  operation: occurrence.operation,
  outcome: occurrence.outcome,
  reason: occurrence.reason ?? '',
  client_id: occurrence.clientId ?? '',
  count: occurrence.count,
  age: Math.max(0, (Date.now() - occurrence.lastMs) / 1_000),
  request_id: occurrence.requestId,
  said: occurrence.said,
});
