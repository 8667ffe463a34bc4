import { INSERT_ROWS, recordPermitted, type AuditRow } from '../../audit-trail/writer.ts';
import { checkCancelled } from '../../core/caller.ts';
import type { Actor } from '../../core/identity.ts';
import type { Database } from '../../db/database.ts';
import { createGrouped } from '../../db/group-commit.ts';
import { covers } from '../../db/tenant-rules.ts';

export interface SignIn {
  readonly actor: Actor;
  readonly tenantId: string | undefined;
  readonly profileId: string;
  readonly connectionId: string;
  /** Null if the profile belongs to no organization. */
  readonly organizationId: string | null;
  readonly isMagicLink: boolean;
}

/**
 * Releases the sign-ins that wait. Checks client and tenant again, because either may have lost
 * permission during the call to WorkOS. A login without a tenant is one by provider, for clients that
 * may use every tenant, or one by magic link. Rows are written in one order, so that two replicas
 * cannot wait for each other.
 */
const RELEASE = {
  name: 'release-sign-ins',
  text: `with asked as (
      select * from jsonb_to_recordset($2::jsonb) as r (n int, client_id text, client_generation uuid,
        tenant_id text, profile_id text, organization_id text, is_magic_link boolean),
        set_config('lock_timeout', $3, true)),
    allowed as (
      select a.n, c.id, c.generation, a.profile_id, a.organization_id from asked a join clients c on c.id = a.client_id
      where c.generation = a.client_generation and not c.disabled and 'sso:login' = any(c.scopes)
        and case when a.tenant_id is null then a.is_magic_link or '*' = any(c.tenants)
          else ${covers('c.tenants', 'a.tenant_id')} and exists (select 1 from tenants t
            where t.id = a.tenant_id and t.status = 'active' and t.organization_id = a.organization_id) end),
    known as (
      insert into sign_ins (client_id, profile_id, client_generation, organization_id)
        select distinct on (id, profile_id) id, profile_id, generation, organization_id
        from allowed order by id, profile_id, n desc
      on conflict (client_id, profile_id)
        do update set at = now(), client_generation = excluded.client_generation,
          organization_id = excluded.organization_id),
    recorded as (${INSERT_ROWS} where n in (select n from allowed))
    select n from allowed`,
};

/**
 * Records that a user signed in to a tenant through a client. The client may then sign the user out.
 *
 * @returns false if client or tenant has lost permission; the profile must then not be sent
 */
export function createRelease(db: Database) {
  const releases = createGrouped({
    name: 'release-sign-ins',
    ask: (waiting: readonly SignIn[], lockTimeout) =>
      recordPermitted(
        db,
        RELEASE,
        waiting.map((signIn) => ({ audit: auditRow(signIn), facts: factsOf(signIn) })),
        [lockTimeout],
      ),
    overloaded: 'The record of sign-ins cannot keep up.',
  });
  return async (signIn: SignIn): Promise<boolean> => {
    checkCancelled();
    return releases.add(signIn);
  };
}

const auditRow = ({ actor, tenantId, profileId, connectionId }: SignIn): AuditRow => ({
  actor,
  outcome: 'succeeded',
  tenantId,
  details: { profile_id: profileId, connection_id: connectionId },
});

const factsOf = ({ actor, tenantId, profileId, organizationId, isMagicLink }: SignIn) => ({
  client_id: actor.client?.id,
  client_generation: actor.client?.generation,
  tenant_id: tenantId,
  profile_id: profileId,
  organization_id: organizationId,
  is_magic_link: isMagicLink,
});
