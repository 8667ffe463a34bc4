import { INSERT_ROWS, rowsAsJson, type AuditRow } from '../../audit-trail/writer.ts';
import type { RegistryState } from '../../auth/permission.ts';
import { CLIENT_COLUMNS } from '../../db/client-columns.ts';
import { isOfClient } from '../../db/client-generation.ts';
import { columnsOf } from '../../db/columns.ts';
import type { Database } from '../../db/database.ts';
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
 * @param organization a parameter with the organization's id
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

/**
 * Marks the launch as redirected and writes its audit row, or neither. Skips a locked row instead of
 * waiting: a lock means that the launch is being revoked or another attempt has begun.
 */
const RELEASE_LAUNCH = {
  name: 'release-launch',
  text: `with released as (
      update portal_launches set redirected_at = now(), failed_at = null, lease_until = null,
        return_token_sha256 = $4, session_sha256 = $6
      where id = (select l.id from portal_launches l where l.id = $2 and l.attempt = $3
        and l.redirected_at is null and l.revoked_at is null and ${isPermitted('$5')} and ${ADDRESSES_ARE_REGISTERED} and ${SETUP_PAGE_IS_OPEN}
        for update of l skip locked)
      returning id)
    ${INSERT_ROWS} where exists (select 1 from released) returning id`,
};

export type ReleaseStore = ReturnType<typeof createReleaseStore>;

/**
 * Releases the link of a launch which WorkOS has created. Checks registry, client and tenant again, so
 * that changes committed during the call to WorkOS count.
 */
export const createReleaseStore = (db: Database) => ({
  /** @returns false if another attempt has begun, the launch was revoked, or permission was lost */
  async launch(
    { id, attempt }: { readonly id: string; readonly attempt: string | null },
    organizationId: string,
    { returnTokenSha256, sessionSha256 }: ReleasedTokens,
    audit: AuditRow,
  ): Promise<boolean> {
    const values = [
      rowsAsJson([audit]),
      id,
      attempt,
      returnTokenSha256 ?? null,
      organizationId,
      sessionSha256 ?? null,
    ];
    return (await db.query(RELEASE_LAUNCH, values)).length > 0;
  },
});
