import { INSERT_ROWS, rowsAsJson, type AuditRow } from '../audit-trail/writer.ts';
import type { RegistryState } from '../auth/permission.ts';
import { isOfClient } from '../db/client-generation.ts';
import type { Database } from '../db/database.ts';
import { covers } from '../db/tenant-rules.ts';
import type { Client, Tenant } from '../core/identity.ts';

/** All that the permission of a launch hangs on, as it is on the primary. */
export interface LaunchFacts {
  /** Null: deleted. A client that was registered later under the same id is another one. */
  readonly client: Client | null;
  readonly tenant: Tenant | null;
  readonly tenantName: string;
  readonly registry: RegistryState | null;
  /** The ticket lives for more than 15 minutes. */
  readonly long: boolean;
}

/** The role of the acting user: granted by the registry, or vouched for by a token or by the client. */
export type RoleSource = 'registry' | 'token' | 'asserted';

/** A link that is minted at once, without a launch. */
export interface DirectLink {
  readonly client: Client;
  readonly tenantId: string;
  readonly userId: string;
  readonly roleSource: RoleSource;
}

// The fragments are about a row `l` of portal launches, or one that looks like it.
const CLIENT_OF = `c.id = l.client_id and ${isOfClient('l', 'c')}`;
const IS_LONG = `l.expires_at - l.created_at > interval '15 minutes'`;
const REGISTRY_STATE = `(select a.state from it_admins a where a.tenant_id = l.tenant_id and a.user_id = l.user_id)`;

/** SQL columns: client, tenant and registry as they are now. The client is null if it was deleted, also if its id was registered again. */
export const FACTS = `(select json_build_object('id', c.id, 'name', c.name, 'scopes', c.scopes, 'tenants', c.tenants,
    'redirectUris', c.redirect_uris, 'returnOrigins', c.return_origins, 'initiateLoginUri', c.initiate_login_uri,
    'disabled', c.disabled, 'generation', c.generation) from clients c where ${CLIENT_OF}) as client,
  (select json_build_object('id', t.id, 'organizationId', t.organization_id, 'status', t.status)
    from tenants t where t.id = l.tenant_id) as tenant,
  coalesce((select t.name from tenants t where t.id = l.tenant_id), '') as "tenantName",
  ${REGISTRY_STATE} as registry, ${IS_LONG} as long`;

/**
 * SQL: client, tenant and registry still allow it, and the tenant still has the organization that
 * the link was minted for. It says what `requirePermission` says, for the statement that releases a link.
 *
 * @param organization a parameter with the organization's id
 */
const isPermitted = (organization: string): string => `
  exists (select 1 from clients c where ${CLIENT_OF} and not c.disabled
    and 'portal:launch' = any(c.scopes) and ${covers('c.tenants', 'l.tenant_id')}
    and (l.role_source <> 'asserted' or 'users:assert' = any(c.scopes))
    and (l.needs_signed_in_user or not ${IS_LONG} or 'portal:invite' = any(c.scopes)))
  and exists (select 1 from tenants t
    where t.id = l.tenant_id and t.status = 'active' and t.organization_id = ${organization})
  and case l.role_source when 'registry' then coalesce(${REGISTRY_STATE} = 'granted', false)
    else coalesce(${REGISTRY_STATE} <> 'denied', true) end`;

/** SQL: the addresses of the launch are of origins registered for the client. They are kept serialised. */
const ADDRESSES_ARE_REGISTERED = `not exists (
    select 1 from unnest(array[l.return_url, l.success_url]) as address
    where address is not null and not exists (select 1 from clients c
      where ${CLIENT_OF} and substring(address from '^https?://[^/]+') = any(c.return_origins)))`;

/**
 * The redirect and its audit row, or neither. Whoever else has the row locked is revoking the
 * launch or has begun another attempt, so nothing is waited for.
 */
const RELEASE_LAUNCH = {
  name: 'release-launch',
  text: `with released as (
      update portal_launches set redirected_at = now(), failed_at = null, lease_until = null, return_token_sha256 = $4
      where id = (select l.id from portal_launches l where l.id = $2 and l.attempt = $3
        and l.redirected_at is null and l.revoked_at is null and ${isPermitted('$5')} and ${ADDRESSES_ARE_REGISTERED} for update of l skip locked)
      returning id)
    ${INSERT_ROWS} where exists (select 1 from released) returning id`,
};

const LINK = `with l as (select $2::text as client_id, $3::uuid as client_generation, $4::text as tenant_id, $5::text as user_id,
    $6::text as role_source, false as needs_signed_in_user, now() as created_at, now() as expires_at)`;
const RELEASE_LINK = {
  name: 'release-link',
  text: `${LINK} ${INSERT_ROWS} where exists (select 1 from l where ${isPermitted('$7')}) returning id`,
};
const LINK_FACTS = {
  name: 'link-facts',
  text: `with l as (select $1::text as client_id, $2::uuid as client_generation, $3::text as tenant_id, $4::text as user_id,
      now() as created_at, now() as expires_at) select ${FACTS} from l`,
};

export type ReleaseStore = ReturnType<typeof createReleaseStore>;

/**
 * A minted link leaves by one of these statements. Each looks once more at registry, client and
 * tenant, so that what was committed while WorkOS minted holds too.
 */
export const createReleaseStore = (db: Database) => ({
  /** @returns false: the attempt is no longer ours, the launch was revoked, or permission is gone */
  async launch(
    { id, attempt }: { readonly id: string; readonly attempt: string | null },
    organizationId: string,
    returnTokenSha256: Buffer,
    audit: AuditRow,
  ): Promise<boolean> {
    const values = [rowsAsJson([audit]), id, attempt, returnTokenSha256, organizationId];
    return (await db.query(RELEASE_LAUNCH, values)).length > 0;
  },

  /** @returns false: permission is gone */
  async link(link: DirectLink, organizationId: string, audit: AuditRow): Promise<boolean> {
    const { client, tenantId, userId, roleSource } = link;
    const rows = await db.query(RELEASE_LINK, [
      rowsAsJson([audit]),
      client.id,
      client.generation,
      tenantId,
      userId,
      roleSource,
      organizationId,
    ]);
    return rows.length > 0;
  },

  async factsOf({ client, tenantId, userId }: DirectLink): Promise<LaunchFacts> {
    const values = [client.id, client.generation, tenantId, userId];
    const [facts] = await db.query<LaunchFacts>(LINK_FACTS, values);
    if (!facts) throw new Error('A select of one row returned none.');
    return facts;
  },
});
