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

/** One delivery that was given up, or a delivery of one event. */
export interface DeliveryRow {
  readonly endpointId: string;
  readonly eventId: string;
  readonly state: string;
  readonly updatedAt: Date;
  readonly event: string | null;
  readonly tenantId: string | null;
}

export interface AttemptRow {
  readonly eventId: string;
  readonly at: Date;
  readonly outcome: string;
  readonly status: number | null;
  readonly durationMs: number;
}

const PAGE = 50;

const DELIVERY = `m.endpoint_id as "endpointId", m.event_id as "eventId", m.state, m.updated_at as "updatedAt",
  e.event, e.tenant_id as "tenantId"`;

const FAILED = {
  name: 'console-failed-deliveries',
  text: `select ${DELIVERY} from (select * from (select * from webhook_messages
        where state = 'failed' order by updated_at desc limit ${LATEST_FAILED}) latest
      where $1::text is null or endpoint_id = $1 order by updated_at desc limit ${PAGE}) m
    left join events e on e.id = m.event_id order by m.updated_at desc`,
};

const OF_EVENT = {
  name: 'console-deliveries-of-event',
  text: `select ${DELIVERY} from (select id from webhook_endpoints limit ${MOST_ENDPOINTS}) w
    join webhook_messages m on m.endpoint_id = w.id and m.event_id = $1
    left join events e on e.id = m.event_id order by m.updated_at desc`,
};

const ATTEMPTS = {
  name: 'console-attempts',
  text: `select event_id as "eventId", at, outcome, status, duration_ms as "durationMs" from webhook_attempts
    where endpoint_id = $1 order by id desc limit ${PAGE}`,
};

/** The latest deliveries that were given up. @param endpointId only of this endpoint */
export const readFailed = (db: Queryable, endpointId?: string): Promise<DeliveryRow[]> =>
  db.query<DeliveryRow>(FAILED, [endpointId]);

export const readDeliveriesOf = (db: Queryable, eventId: string): Promise<DeliveryRow[]> =>
  db.query<DeliveryRow>(OF_EVENT, [eventId]);

/** The latest attempts of an endpoint. */
export const readAttempts = (db: Queryable, endpointId: string): Promise<AttemptRow[]> =>
  db.query<AttemptRow>(ATTEMPTS, [endpointId]);
