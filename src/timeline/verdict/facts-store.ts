import type { Database } from '../../db/database.ts';
import { covers } from '../../db/tenant-rules.ts';
import { clean } from '../said.ts';
import type {
  ClientFacts,
  Facts,
  LaunchFacts,
  SetupFacts,
  Success,
  SystemFacts,
  TenantFacts,
  Trouble,
} from './facts.ts';

/** Rows of each kind that are looked at. */
const MOST = 500;

const TENANT = `select name, status, former_status as "formerStatus",
    case when status in ('provisioning', 'conflict', 'deleted') then null else organization_id end as "organizationId",
    sign_in_client_id as "signInClientId", coalesce(lease_until > now(), false) as "isLeased",
    missing_since as "missingSince", updated_at as "updatedAt"
  from tenants where id = $1`;
const SIMILAR = `select id from tenants where id >= left($1, 2) and id < left($1, 2) || chr(126)
    and status <> 'deleted' order by id limit ${MOST}`;
const SETUP = `select
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
const OCCURRENCES = `select operation, outcome, nullif(reason, '') as reason, nullif(client_id, '') as "clientId",
    sum(count)::int as count, max(last_at) as at, (array_agg(said order by last_at desc))[1] as said
  from (select * from tenant_occurrences where tenant_id = $1 and at >= $2::timestamptz - interval '5 minutes'
    order by at desc limit ${MOST}) recent
  group by 1, 2, 3, 4 order by max(last_at) desc`;
const AUDIT = `select operation, outcome, client_id as "clientId", at, details->>'reason' as reason,
    details->>'said' as said, (details->>'workos_status')::int as "workosStatus",
    details->>'workos_code' as "workosCode"
  from (select * from audit_trail where tenant_id = $1 and at >= $2 order by at desc, id desc limit ${MOST}) recent
  where outcome <> 'attempted' order by at desc`;
const FAILED_LOGINS = `select event as operation, received_at as at, data->'error'->>'code' as reason,
    left(data->'error'->>'message', 400) as said
  from events where tenant_id = $1 and event = 'authentication.sso_failed' and position is not null
  order by position desc limit 20`;
const LAUNCHES = `select intent, user_id as "userId", created_at as "createdAt", expires_at as "expiresAt",
    expires_at <= now() as "isExpired", opened_at is not null as "wasOpened", redirected_at is not null as "wasUsed"
  from portal_launches where tenant_id = $1 and created_at >= $2 order by created_at desc, id desc limit 5`;
const SYSTEM = `select
    (select extract(epoch from now() - read_at)::float8 from feed_cursors where feed = 'workos') as "feedAgeSeconds",
    (select count(*)::int from (select from events where parked_at is not null and position is null
      and organization_id = $1 limit 100) parked) as "parkedEvents",
    array(select operation from upstream_holds where until > now() order by 1 limit 10) as holds,
    (select level from upstream_buckets where name = 'all') as "budgetLevel",
    extract(epoch from now())::float8 as now`;

export interface FactsQuery {
  readonly since: Date;
  /** `DEFAULT_SIGN_IN_CLIENT`. */
  readonly defaultSignInClient: string | undefined;
}

/** Reads the facts about a tenant. Each statement looks at a bounded number of rows. */
export async function readFacts(
  db: Database,
  tenantId: string,
  { since, defaultSignInClient }: FactsQuery,
): Promise<Facts> {
  const [tenant] = await db.query<TenantFacts>(TENANT, [tenantId]);
  const organization = tenant?.organizationId ?? null;
  const near = tenant ? [] : await db.query<{ id: string }>(SIMILAR, [tenantId]);
  const [setup, clients, occurrences, audit, logins, launches, system] = await Promise.all([
    setupOf(db, organization),
    db.query<ClientFacts>(CLIENTS, [tenantId, tenant?.signInClientId ?? defaultSignInClient]),
    db.query<Trouble>(OCCURRENCES, [tenantId, since]),
    db.query<AuditTrouble>(AUDIT, [tenantId, since]),
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
      ...grouped(audit.filter(({ outcome }) => outcome !== 'succeeded')),
      ...logins.filter(({ at }) => at >= since).map(failedLogin),
    ].sort((a, b) => b.at.getTime() - a.at.getTime()),
    successes: latest(audit.filter(({ outcome }) => outcome === 'succeeded')),
    launches,
    system,
  };
}

type AuditTrouble = Omit<Trouble, 'count'>;
type FailedLogin = Pick<Trouble, 'operation' | 'at' | 'reason' | 'said'>;

const failedLogin = ({ said, ...login }: FailedLogin): Trouble => ({
  ...login,
  outcome: 'failed',
  clientId: null,
  workosStatus: null,
  workosCode: null,
  said: said === null ? null : clean(said),
  count: 1,
});

/** Equal failures as one, with the time of the latest. */
const grouped = (rows: readonly AuditTrouble[]): Trouble[] =>
  [
    ...Map.groupBy(rows, ({ operation, outcome, reason, clientId }) =>
      JSON.stringify([operation, outcome, reason, clientId]),
    ).values(),
  ].flatMap(([first, ...more]) => (first ? [{ ...first, count: more.length + 1 }] : []));

/** The latest success of each operation and client. */
const latest = (rows: readonly AuditTrouble[]): Success[] =>
  [
    ...Map.groupBy(rows, ({ operation, clientId }) =>
      JSON.stringify([operation, clientId]),
    ).values(),
  ].flatMap(([first]) => (first ? [first] : []));

interface MirrorRow {
  readonly kind: string;
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: string;
}

async function setupOf(db: Database, organization: string | null): Promise<SetupFacts> {
  const [row] = await db.query<{ asOf: Date | null; rows: MirrorRow[] }>(SETUP, [organization]);
  const of = (kind: string) => (row?.rows ?? []).filter((one) => one.kind === kind);
  return {
    asOf: row?.asOf ?? null,
    connections: of('connection').map(({ id, data, at }) => ({
      id,
      name: clean(String(data.name)),
      state: String(data.state),
      since: at,
    })),
    domains: of('domain').map(({ data }) => ({
      domain: clean(String(data.domain)),
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
