import type { Queryable } from '../core/ports.ts';

/** A webhook endpoint and how its deliveries go. */
export interface EndpointHealth {
  readonly id: string;
  readonly clientId: string;
  /** Without its path, which may contain a secret of the client. */
  readonly origin: string;
  readonly events: readonly string[];
  readonly status: string;
  readonly disabledReason: string | null;
  readonly createdAt: Date;
  /** The last attempt. Null if there was none. */
  readonly lastAt: Date | null;
  readonly lastOutcome: string | null;
  readonly lastStatus: number | null;
  /** Deliveries that wait, up to `COUNTED`. */
  readonly waiting: number;
  /** Among the latest deliveries that were given up. */
  readonly failed: number;
  /** True if it is enabled and did not accept the last delivery, or deliveries were given up. */
  readonly isFailing: boolean;
}

const COUNTED = 1_000;
const MOST_ENDPOINTS = 1_000;
const LATEST_FAILED = 10_000;

const HEALTH = {
  name: 'console-endpoints',
  text: `with failed as (
      select endpoint_id, count(*)::int as count from (select endpoint_id from webhook_messages
        where state = 'failed' order by updated_at desc limit ${LATEST_FAILED}) latest group by endpoint_id),
    health as (
      select w.id, w.client_id as "clientId", substring(w.endpoint_url from '^[^/]+//[^/?#]+') as origin,
        w.events, w.status, w.disabled_reason as "disabledReason", w.created_at as "createdAt",
        last.at as "lastAt", last.outcome as "lastOutcome", last.status as "lastStatus",
        (select count(*)::int from (select from webhook_messages m
          where m.endpoint_id = w.id and m.state = 'pending' limit ${COUNTED}) pending) as waiting,
        coalesce(failed.count, 0) as failed,
        w.status = 'enabled' and (coalesce(last.outcome <> 'delivered', false) or failed.count is not null) as "isFailing"
      from (select * from webhook_endpoints where $1::text is null or id = $1
          order by created_at desc limit ${MOST_ENDPOINTS}) w
        left join failed on failed.endpoint_id = w.id
        left join lateral (select at, outcome, status from webhook_attempts a
          where a.endpoint_id = w.id order by a.id desc limit 1) last on true)
    select * from health order by "isFailing" desc, failed desc, waiting desc, "clientId", id`,
};

/** @param id only this endpoint; default: all, those that fail first */
export const readEndpoints = (db: Queryable, id?: string): Promise<EndpointHealth[]> =>
  db.query<EndpointHealth>(HEALTH, [id]);
