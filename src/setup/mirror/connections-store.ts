import type { OrganizationOfConnection } from '../../core/ports.ts';
import type { Database } from '../../db/database.ts';
import { createGroupedFind } from '../../db/grouped-find.ts';

const ORGANIZATIONS = {
  name: 'organizations-of-connections',
  text: `select id, organization_id as "organizationId" from mirror
    where kind = 'connection' and id = any($1) and deleted_at is null`,
};

/** Returns a look-up of the organization of a connection, undefined if the mirror lacks the connection. */
export function createOrganizationOfConnection(db: Database): OrganizationOfConnection {
  const find = createGroupedFind<{ id: string; organizationId: string }>(db, {
    ...ORGANIZATIONS,
    keyOf: ({ id }) => id,
  });
  return async (connectionId) => (await find(connectionId))?.organizationId;
}
