import type pg from 'pg';
import { jobGrants } from './job-schema.ts';

/**
 * What the runtime role may do, table by table. It owns nothing and can define nothing, and the
 * audit trail can only grow: whoever takes over the process cannot take back what was recorded.
 */
export const GRANTS: Readonly<Record<string, string>> = {
  settings: 'select, insert',
  clients: 'select, insert, update, delete',
  client_keys: 'select, insert, update, delete',
  tenants: 'select, insert, update',
  it_admins: 'select, insert, update, delete',
  portal_launches: 'select, insert, update',
  idempotency_keys: 'select, insert, update, delete',
  spent_codes: 'select, insert, delete',
  sign_ins: 'select, insert, update',
  owned_objects: 'select, insert, delete',
  events: 'select, insert, update',
  unreadable_events: 'select, insert, delete',
  leases: 'select, insert, update',
  feed_cursors: 'select, insert, update',
  mirror: 'select, insert, update',
  mirror_reads: 'select, insert, update',
  webhook_endpoints: 'select, insert, update, delete',
  webhook_messages: 'select, insert, update, delete',
  webhook_attempts: 'select, insert',
  audit_trail: 'select, insert',
};

/** @throws Error if the role does not exist: who may sign in to the database is not ours to decide. */
export async function grantsFor(client: pg.Client, role: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string; owner: boolean }>(
    'select quote_ident(rolname) as name, rolname = current_user as owner from pg_roles where rolname = $1',
    [role],
  );
  const [found] = rows;
  if (!found)
    throw new Error(
      `The database has no role "${role}" (the user of DATABASE_URL); create it first.`,
    );
  if (found.owner) return [];
  return [
    'revoke create on schema public from public',
    `grant usage on schema public, drizzle to ${found.name}`,
    `grant select on drizzle.__drizzle_migrations to ${found.name}`,
    ...Object.entries(GRANTS).flatMap(([table, privileges]) => [
      `revoke all on ${table} from ${found.name}`,
      `grant ${privileges} on ${table} to ${found.name}`,
    ]),
    ...jobGrants(found.name),
  ];
}
