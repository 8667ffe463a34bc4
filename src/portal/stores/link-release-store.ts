import { INSERT_ROWS, recordPermitted, type AuditRow } from '../../audit-trail/writer.ts';
import { checkCancelled } from '../../core/caller.ts';
import type { Client } from '../../core/identity.ts';
import type { Database } from '../../db/database.ts';
import { createGrouped } from '../../db/group-commit.ts';
import { FACTS, isPermitted, type LaunchFacts, type RoleSource } from './release-store.ts';

/** A link that is created at once, without a launch. */
export interface DirectLink {
  readonly client: Client;
  readonly tenantId: string;
  readonly userId: string;
  readonly roleSource: RoleSource;
}

interface Release {
  readonly link: DirectLink;
  readonly organizationId: string;
  readonly audit: AuditRow;
}

/** One statement for all links that wait: writes the audit rows of those that are permitted, and names their places. */
const RELEASE_LINKS = {
  name: 'release-links',
  text: `with asked as (
      select *, false as needs_signed_in_user, now() as created_at, now() as expires_at
      from jsonb_to_recordset($2::jsonb) as r (n int, client_id text, client_generation uuid, tenant_id text,
        user_id text, role_source text, organization_id text)),
    permitted as (select l.n from asked l where ${isPermitted('l.organization_id')}),
    recorded as (${INSERT_ROWS} where n in (select n from permitted))
    select n from permitted`,
};
const FACTS_OF_LINK = {
  name: 'link-facts',
  text: `with l as (select $1::text as client_id, $2::uuid as client_generation, $3::text as tenant_id, $4::text as user_id,
      now() as created_at, now() as expires_at) select ${FACTS} from l`,
};

export type LinkReleaseStore = ReturnType<typeof createLinkReleaseStore>;

/** Releases links which WorkOS has created. Registry, client and tenant are checked again, as for a launch. */
export function createLinkReleaseStore(db: Database) {
  const releases = createGrouped({
    name: 'release-links',
    ask: (waiting: readonly Release[]) =>
      recordPermitted(
        db,
        RELEASE_LINKS,
        waiting.map((release) => ({ audit: release.audit, facts: factsOf(release) })),
      ),
    overloaded: 'The audit trail cannot keep up.',
  });
  return {
    /** @returns false if permission was lost. @throws Cancelled: nobody is left to take the link */
    async link(link: DirectLink, organizationId: string, audit: AuditRow): Promise<boolean> {
      checkCancelled();
      return releases.add({ link, organizationId, audit });
    },

    /** Reads the current facts, to explain why `link` returned false. */
    async factsOf({ client, tenantId, userId }: DirectLink): Promise<LaunchFacts> {
      const values = [client.id, client.generation, tenantId, userId];
      const [facts] = await db.query<LaunchFacts>(FACTS_OF_LINK, values);
      if (!facts) throw new Error('A select of one row returned none.');
      return facts;
    },
  };
}

const factsOf = ({ link, organizationId }: Release) => ({
  client_id: link.client.id,
  client_generation: link.client.generation,
  tenant_id: link.tenantId,
  user_id: link.userId,
  role_source: link.roleSource,
  organization_id: organizationId,
});
