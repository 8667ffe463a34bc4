import type { Database } from '../../db/database.ts';
import { isLeased } from '../../db/is-leased.ts';
import { covers } from '../../db/tenant-rules.ts';
import { redact } from '../redact.ts';
import { LOOK } from '../sources/audit-store.ts';
import { inIndexOrder } from '../sources/in-index-order-store.ts';
import type {
  ClientFacts,
  Facts,
  LaunchFacts,
  LiveAnswer,
  SetupFacts,
  SystemFacts,
  TenantFacts,
  Trouble,
} from './facts.ts';

/** Rows of each kind that are read. */
const MOST = 500;
/** Rows of the history that are looked at, newest first. Equal ones become one. */
const LOOKED_AT = 20_000;

/** The time of the oldest row of `recent`, if that has as many rows as it may. */
const CUT = `(select min(at) from recent having count(*) >= ${LOOKED_AT}) as "cutAt"`;

const TENANT = `select name, status, former_status as "formerStatus",
    case when status in ('provisioning', 'conflict', 'deleted') then null else organization_id end as "organizationId",
    sign_in_client_id as "signInClientId", ${isLeased('lease_until')} as "isLeased",
    missing_since as "missingSince", updated_at as "updatedAt"
  from tenants where id = $1`;
const SIMILAR = `select id from tenants where id >= left($1, 2) and id < left($1, 2) || chr(126)
    and status <> 'deleted' order by id limit ${MOST}`;
const SETUP = `select
    (select deleted_at from mirror where kind = 'organization' and id = $1) as "deletedAt",
    (select case when r.read_at is not null then greatest(r.read_at, f.read_at) end
      from (select) one left join mirror_reads r on r.organization_id = $1
        left join feed_cursors f on f.feed = 'workos') as "asOf",
    coalesce(json_agg(json_build_object('kind', kind, 'id', id, 'data', data, 'at', updated_at)), '[]') as rows
  from (select * from mirror where organization_id = $1 and deleted_at is null
    and kind in ('connection', 'domain', 'certificate') limit ${MOST}) known`;
const CLIENTS = `select id, disabled, ${covers('tenants', '$1::text')} as "mayUse",
    'sso:login' = any(scopes) as "mayLogin", coalesce(array_length(redirect_uris, 1), 0) as "redirectUris",
    initiate_login_uri as "initiateLoginUri"
  from clients where ${covers('tenants', '$1::text')} or id = $2 order by id limit ${MOST}`;
const OCCURRENCES = `with recent as (
    select * from tenant_occurrences where tenant_id = $1 and at >= $2::timestamptz - interval '5 minutes'
    order by at desc limit ${LOOKED_AT})
  select operation, outcome, nullif(reason, '') as reason, nullif(client_id, '') as "clientId",
    sum(count)::int as count, max(last_at) as at, (array_agg(said order by last_at desc))[1] as said,
    ${CUT}
  from recent group by 1, 2, 3, 4 order by max(last_at) desc limit ${MOST}`;
/** Without the looks of operators, whose details are free text. */
const AUDIT = `with recent as (
    select * from audit_trail where tenant_id = $1 and at >= $2 order by at desc, id desc limit ${LOOKED_AT})
  select operation, outcome, "clientId", reason, count, at, details->>'said' as said,
    case when details->>'workos_status' ~ '^[0-9]{3}$' then (details->>'workos_status')::int end as "workosStatus",
    details->>'workos_code' as "workosCode", ${CUT}
  from (select operation, outcome, client_id as "clientId",
      case when outcome <> 'succeeded' then details->>'reason' end as reason, count(*)::int as count, max(at) as at,
      (array_agg(details order by at desc, id desc))[1] as details
    from recent where outcome <> 'attempted' and operation <> '${LOOK}'
    group by 1, 2, 3, 4 order by max(at) desc limit ${MOST}) newest
  order by at desc`;
const FAILED_LOGINS = `select event as operation, received_at as at, data->'error'->>'code' as reason,
    left(data->'error'->>'message', 400) as said, left(data->>'email', 320) as person
  from events where tenant_id = $1 and event = 'authentication.sso_failed' and position is not null
  order by position desc limit 20`;
const LAUNCHES = `select intent, user_id as "userId", created_at as "createdAt", expires_at as "expiresAt",
    expires_at <= now() as "isExpired", opened_at is not null as "wasOpened", redirected_at is not null as "wasUsed",
    (select m.reason from launch_mails m where m.launch_id = portal_launches.id and m.state <> 'sent') as "mailFault"
  from portal_launches where tenant_id = $1 and created_at >= $2 order by created_at desc, id desc limit 5`;
const SYSTEM = `select
    (select extract(epoch from now() - read_at)::float8 from feed_cursors where feed = 'workos') as "feedAgeSeconds",
    (select count(*)::int from (select from events where parked_at is not null and position is null
      and organization_id = $1 limit 100) parked) as "parkedEvents",
    array(select operation from upstream_holds where until > now() order by 1 limit 10) as holds,
    (select level from upstream_buckets where name = 'all' and updated_at > now() - interval '10 seconds') as "budgetLevel",
    extract(epoch from now())::float8 as now`;

export interface FactsQuery {
  readonly since: Date;
  /** `DEFAULT_SIGN_IN_CLIENT`. */
  readonly defaultSignInClient: string | undefined;
  readonly live?: LiveAnswer | undefined;
}

/** Reads the facts about a tenant. Each statement looks at a bounded number of rows. */
export async function readFacts(
  db: Database,
  tenantId: string,
  { since, defaultSignInClient, live }: FactsQuery,
): Promise<Facts> {
  const [tenant] = await db.query<TenantFacts>(TENANT, [tenantId]);
  const organization = tenant?.organizationId ?? null;
  const near = tenant ? [] : await db.query<{ id: string }>(SIMILAR, [tenantId]);
  const [setup, clients, occurrences, audit, logins, launches, system] = await Promise.all([
    setupOf(db, organization),
    db.query<ClientFacts>(CLIENTS, [tenantId, tenant?.signInClientId ?? defaultSignInClient]),
    db.query<HistoryRow>(OCCURRENCES, [tenantId, since]),
    inIndexOrder<HistoryRow>(db, AUDIT, [tenantId, since]),
    db.query<FailedLogin>(FAILED_LOGINS, [tenantId]),
    db.query<LaunchFacts>(LAUNCHES, [tenantId, since]),
    systemOf(db, organization),
  ]);
  return {
    tenantId,
    tenant,
    similar: near.map(({ id }) => id),
    setup,
    clients,
    troubles: [
      ...occurrences.map((one) => ({ ...one, workosStatus: null, workosCode: null })),
      ...audit.filter(({ outcome }) => outcome !== 'succeeded'),
      ...failedLogins(logins.filter(({ at }) => at >= since)),
    ].sort((a, b) => b.at.getTime() - a.at.getTime()),
    successes: audit.filter(({ outcome }) => outcome === 'succeeded'),
    cutAt: latest([occurrences[0]?.cutAt, audit[0]?.cutAt]),
    live,
    launches,
    system,
  };
}

interface HistoryRow extends Trouble {
  readonly cutAt: Date | null;
}

/** Where both parts of the history are known from. */
const latest = (times: readonly (Date | null | undefined)[]): Date | null =>
  times.filter((at) => at instanceof Date).sort((a, b) => b.getTime() - a.getTime())[0] ?? null;

interface FailedLogin extends Pick<Trouble, 'operation' | 'at' | 'reason' | 'said'> {
  readonly person: string | null;
}

/** Equal failures as one, with the time of the latest. The count is that of the people, as far as WorkOS names them. */
const failedLogins = (logins: readonly FailedLogin[]): Trouble[] =>
  [...Map.groupBy(logins, ({ reason }) => reason).values()].flatMap((same) => {
    const [last] = same;
    if (!last) return [];
    const { operation, at, reason, said } = last;
    return [
      {
        ...{ operation, at, reason, outcome: 'failed', clientId: null },
        ...{ workosStatus: null, workosCode: null },
        said: said === null ? null : redact(said),
        count: new Set(same.map(({ person }) => person)).size,
      },
    ];
  });

interface MirrorRow {
  readonly kind: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: string;
}

interface SetupRow extends Pick<SetupFacts, 'asOf' | 'deletedAt'> {
  readonly rows: readonly MirrorRow[];
}

async function setupOf(db: Database, organization: string | null): Promise<SetupFacts> {
  const [row] = await db.query<SetupRow>(SETUP, [organization]);
  const of = (kind: string) => (row?.rows ?? []).filter((one) => one.kind === kind);
  return {
    asOf: row?.asOf ?? null,
    deletedAt: row?.deletedAt ?? null,
    connections: of('connection').map(({ id, data, at }) => ({
      id,
      name: redact(String(data.name)),
      state: String(data.state),
      since: at,
    })),
    domains: of('domain').map(({ data }) => ({
      domain: redact(String(data.domain)),
      state: String(data.state),
    })),
    certificates: of('certificate').map(({ data }) => ({
      connectionId: String(data.connection_id),
      expiresAt: String(data.expires_at),
    })),
  };
}

async function systemOf(db: Database, organization: string | null): Promise<SystemFacts> {
  const began = Date.now();
  const [row] = await db.query<SystemFacts & { now: number }>(SYSTEM, [organization]);
  const here = (began + Date.now()) / 2_000;
  return {
    feedAgeSeconds: row?.feedAgeSeconds ?? null,
    parkedEvents: row?.parkedEvents ?? 0,
    holds: row?.holds ?? [],
    budgetLevel: row?.budgetLevel ?? null,
    clockAheadSeconds: row ? here - row.now : 0,
  };
}
