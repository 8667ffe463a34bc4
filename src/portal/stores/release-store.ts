import { INSERT_ROWS, recordPermitted, type AuditRow } from '../../audit-trail/writer.ts';
import type { RegistryState } from '../../auth/permission.ts';
import { checkCancelled } from '../../core/caller.ts';
import { CLIENT_COLUMNS } from '../../db/client-columns.ts';
import { isOfClient } from '../../db/client-generation.ts';
import { columnsOf } from '../../db/columns.ts';
import type { Database } from '../../db/database.ts';
import { createGrouped } from '../../db/group-commit.ts';
import { createGroupedFind } from '../../db/grouped-find.ts';
import { mayBeCommitted } from '../../db/problems.ts';
import { tenants } from '../../db/schema/tenants.ts';
import { covers } from '../../db/tenant-rules.ts';
import type { Client, Tenant } from '../../core/identity.ts';

/** The facts that the permission of a launch depends on, read from the primary. */
export interface LaunchFacts {
  /** Null if the client was deleted, even if its id was registered again. */
  readonly client: Client | null;
  readonly tenant: Tenant | null;
  readonly tenantName: string;
  readonly registry: RegistryState | null;
  /** True if the ticket lives for more than 15 minutes. */
  readonly long: boolean;
}

/** Source of the acting user's role: the registry, a user token, or the client's assertion. */
export type RoleSource = 'registry' | 'token' | 'asserted';

/** What the browser gets with the release: a way back from WorkOS, or a session of the setup page. */
export interface ReleasedTokens {
  readonly returnTokenSha256?: Buffer;
  readonly sessionSha256?: Buffer;
}

// SQL fragments for a row `l` of `portal_launches`, or one with the same columns.
const CLIENT_OF = `c.id = l.client_id and ${isOfClient('l', 'c')}`;
const isLong = (launch: string) =>
  `${launch}.expires_at - ${launch}.created_at > interval '15 minutes'`;
const IS_LONG = isLong('l');
const TENANT_COLUMNS = columnsOf(tenants, { alias: 't', only: ['id', 'organizationId', 'status'] });
const REGISTRY_STATE = `(select a.state from it_admins a where a.tenant_id = l.tenant_id and a.user_id = l.user_id)`;

/** SQL: the row of a select as JSON, or null if there is none. */
const asJson = (select: string): string => `(select to_json(found) from (${select}) as found)`;

/** SQL: the columns of `LaunchFacts`. */
export const FACTS = `${asJson(`select ${CLIENT_COLUMNS} from clients c where ${CLIENT_OF}`)} as client,
  ${asJson(`select ${TENANT_COLUMNS} from tenants t where t.id = l.tenant_id`)} as tenant,
  coalesce((select t.name from tenants t where t.id = l.tenant_id), '') as "tenantName",
  ${REGISTRY_STATE} as registry, ${IS_LONG} as long`;

/**
 * SQL: client, tenant and registry still allow the link, and the tenant still has the organization
 * for which it was created. Repeats `requireLaunchPermission` inside the releasing statement.
 *
 * @param organization SQL: the organization's id
 */
export const isPermitted = (organization: string): string => `
  exists (select 1 from clients c where ${CLIENT_OF} and not c.disabled
    and 'portal:launch' = any(c.scopes) and ${covers('c.tenants', 'l.tenant_id')}
    and (l.role_source <> 'asserted' or 'users:assert' = any(c.scopes))
    and (l.needs_signed_in_user or not ${IS_LONG} or 'portal:invite' = any(c.scopes)))
  and exists (select 1 from tenants t
    where t.id = l.tenant_id and t.status = 'active' and t.organization_id = ${organization})
  and case l.role_source when 'registry' then coalesce(${REGISTRY_STATE} = 'granted', false)
    else coalesce(${REGISTRY_STATE} <> 'denied', true) end`;

/** SQL: the launch's URLs, which are stored serialised, have origins registered for the client. */
const ADDRESSES_ARE_REGISTERED = `not exists (
    select 1 from unnest(array[l.return_url, l.success_url]) as address
    where address is not null and not exists (select 1 from clients c
      where ${CLIENT_OF} and substring(address from '^https?://[^/]+') = any(c.return_origins)))`;

/** SQL: the setup page where the launch was begun may still be used; true for all other launches. */
const SETUP_PAGE_IS_OPEN = `(l.setup_launch_id is null or exists (
    select 1 from portal_launches p join clients c on ${CLIENT_OF}
    where p.id = l.setup_launch_id and p.revoked_at is null
      and (p.needs_signed_in_user or not ${isLong('p')} or 'portal:invite' = any(c.scopes))))`;

/** A launch that an attempt has redeemed, and what is stored and recorded once it is released. */
export interface Release {
  readonly launch: { readonly id: string; readonly attempt: string | null };
  readonly organizationId: string;
  readonly tokens: ReleasedTokens;
  readonly audit: AuditRow;
}

/**
 * Marks the launches that wait as redirected and writes their audit rows, for each both or neither. Skips
 * a locked row instead of waiting: the launch may be being revoked. Launches are looked up in the index:
 * a join alone may be planned as a scan of all.
 */
export const RELEASE_LAUNCHES = {
  name: 'release-launches',
  text: `with asked as (
      select n, id, attempt, organization_id, decode(return_token, 'hex') as return_token_sha256,
        decode(session, 'hex') as session_sha256
      from jsonb_to_recordset($2::jsonb) as r (n int, id text, attempt uuid, organization_id text,
        return_token text, session text)),
    permitted as (
      select l.id, a.n, a.return_token_sha256, a.session_sha256
      from asked a join portal_launches l on l.id = a.id and l.attempt = a.attempt
      where l.id = any(array(select id from asked)) and l.redirected_at is null and l.revoked_at is null
        and ${isPermitted('a.organization_id')} and ${ADDRESSES_ARE_REGISTERED} and ${SETUP_PAGE_IS_OPEN}
      for update of l skip locked),
    released as (
      update portal_launches l set redirected_at = now(), failed_at = null, lease_until = null,
        return_token_sha256 = p.return_token_sha256, session_sha256 = p.session_sha256
      from permitted p where l.id = any(array(select id from permitted)) and l.id = p.id
      returning p.n),
    recorded as (${INSERT_ROWS} where n in (select n from released))
    select n from released`,
};

/** Only a release sets `redirected_at`, together with its audit row. */
const RELEASED = `select id, attempt from portal_launches
  where id = any($1) and redirected_at is not null and revoked_at is null`;

export type ReleaseStore = ReturnType<typeof createReleaseStore>;

/**
 * Releases the links of launches which WorkOS has created. Checks registry, client and tenant again, so
 * that changes committed during the call to WorkOS count.
 */
export function createReleaseStore(db: Database) {
  const releases = createGrouped({
    name: 'release-launches',
    ask: (waiting: readonly Release[]) =>
      recordPermitted(
        db,
        RELEASE_LAUNCHES,
        waiting.map((release) => ({ audit: release.audit, facts: factsOf(release) })),
      ),
    overloaded: 'The audit trail cannot keep up.',
  });
  const released = createGroupedFind<Release['launch']>(db, {
    name: 'launches-released',
    text: RELEASED,
    keyOf: ({ id }) => id,
  });
  /** True if a release whose answer was lost was committed. Its link must then be delivered: the ticket is spent. */
  const wasReleased = async ({ launch }: Release): Promise<boolean> =>
    (await released(launch.id).catch(() => undefined))?.attempt === launch.attempt;
  return {
    /** @returns false if another attempt has begun, the launch was revoked, permission was lost, or its row is locked */
    async launch(release: Release): Promise<boolean> {
      checkCancelled();
      return releases.add(release).catch(async (error: unknown) => {
        if (mayBeCommitted(error) && (await wasReleased(release))) return true;
        throw error;
      });
    },
  };
}

const factsOf = ({ launch: { id, attempt }, organizationId, tokens }: Release) => ({
  id,
  attempt,
  organization_id: organizationId,
  return_token: tokens.returnTokenSha256?.toString('hex'),
  session: tokens.sessionSha256?.toString('hex'),
});
