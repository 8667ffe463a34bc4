import { recordIn, type AuditRow } from '../../audit-trail/writer.ts';
import type { Client } from '../../core/identity.ts';
import type { LaunchIntent } from '../../core/intents.ts';
import type { Queryable } from '../../core/ports.ts';
import { isOwnedBy } from '../../db/client-generation.ts';
import { columnsOf } from '../../db/columns.ts';
import type { Database } from '../../db/database.ts';
import { LAUNCH_LIFE, type LaunchLife } from '../../db/launch-life.ts';
import { covers } from '../../db/tenant-rules.ts';
import { readPage, type PageQuery, type ResultPage } from '../../db/page.ts';
import { portalLaunches } from '../../db/schema/portal.ts';
import { FACTS, type LaunchFacts, type RoleSource } from './release-store.ts';

export interface NewLaunch {
  readonly id: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** Null in rows written by a release without generations. */
  readonly clientGeneration: string | null;
  readonly userId: string;
  readonly intent: LaunchIntent;
  readonly mode: 'redirect' | 'confirm' | 'direct' | 'setup_page';
  /** Null when the launch has no ticket (mode `direct`). */
  readonly ticketSha256: Buffer | null;
  readonly roleSource: RoleSource;
  readonly needsSignedInUser: boolean;
  readonly returnUrl: string | null;
  readonly successUrl: string | null;
  readonly returnPage: boolean;
  readonly itContactEmails: readonly string[];
  /** The launch of the setup page where this one was begun; null for all others. */
  readonly setupLaunchId: string | null;
  readonly lifetimeSeconds: number;
  /** Set for a launch that is redeemed as it is created. */
  readonly attempt: string | null;
}

export interface LaunchRow extends Omit<NewLaunch, 'ticketSha256' | 'lifetimeSeconds'>, LaunchLife {
  /** True once the ticket has expired by the database's clock. */
  readonly expired: boolean;
}

/** A launch with the facts that its permission depends on, read in one statement. */
export type LaunchWithFacts = LaunchRow & LaunchFacts;

const STORED = columnsOf(portalLaunches, {
  alias: 'l',
  only: [
    'id',
    'tenantId',
    'clientId',
    'clientGeneration',
    'userId',
    'intent',
    'mode',
    'roleSource',
    'needsSignedInUser',
    'returnUrl',
    'successUrl',
    'returnPage',
    'itContactEmails',
    'setupLaunchId',
    'attempt',
  ],
});

/** SQL: the columns of `LaunchRow`, from `portal_launches l`. */
export const LAUNCH_COLUMNS = `${STORED}, ${LAUNCH_LIFE}, l.expires_at <= now() as expired`;

/** SQL: the columns of `LaunchWithFacts`, from `portal_launches l`. */
export const LAUNCH_WITH_FACTS = `${LAUNCH_COLUMNS}, ${FACTS}`;

/** A launch that is redeemed as it is created is also marked as opened, and leased to its attempt. */
const INSERT = `insert into portal_launches as l (id, tenant_id, client_id, client_generation, user_id, intent, mode,
    ticket_sha256, role_source, needs_signed_in_user, return_url, success_url, return_page, it_contact_emails,
    expires_at, attempt, opened_at, lease_until, setup_launch_id)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
    now() + make_interval(secs => $15), $16::uuid,
    case when $16::uuid is not null then now() end,
    case when $16::uuid is not null then now() + interval '10 seconds' end, $17)
  returning ${LAUNCH_COLUMNS}`;

/** A client sees its own launches only, not those of a deleted client with the same id or of a tenant that it has lost. */
const OWN = `l.id = $1 and l.client_id = $2 and ${isOwnedBy('l', '$3')} and ${covers('$4::text[]', 'l.tenant_id')}`;
/** Keeps a list from reading all launches of a deleted client with the same id. */
const SINCE_REGISTRATION = `l.created_at >= (select c.created_at from clients c where c.id = $1)`;
const BY_ID = `select ${LAUNCH_COLUMNS} from portal_launches l where ${OWN}`;
const REVOKE = `update portal_launches l set revoked_at = coalesce(revoked_at, now())
  where ${OWN} returning ${LAUNCH_COLUMNS}`;
const WITH_FACTS = {
  name: 'launch-with-facts',
  text: `select ${LAUNCH_WITH_FACTS} from portal_launches l where l.id = $1`,
};
const FAIL = `update portal_launches set failed_at = now(), lease_until = null
  where id = $1 and attempt = $2 and redirected_at is null`;

export type LaunchStore = ReturnType<typeof createLaunchStore>;

export const createLaunchStore = (db: Database) => ({
  /** @param queue queues the e-mail of the launch in the same transaction. @throws what it throws */
  insert(
    launch: NewLaunch,
    audit: AuditRow,
    queue?: (tx: Queryable) => Promise<void>,
  ): Promise<LaunchRow> {
    return db.transaction(async (tx) => {
      await queue?.(tx);
      const [row] = await tx.query<LaunchRow>(INSERT, insertValues(launch));
      if (!row) throw new Error('An insert returned no row.');
      await recordIn(tx, audit);
      return row;
    });
  },

  list(
    client: Client,
    { tenant_id: tenantId, ...page }: PageQuery & { tenant_id?: string | undefined },
  ): Promise<ResultPage<LaunchRow>> {
    return readPage<LaunchRow>(
      db,
      {
        table: 'portal_launches l',
        columns: LAUNCH_COLUMNS,
        visible: `client_id = $1 and ${isOwnedBy('l', '$2')} and ${SINCE_REGISTRATION}
          and ${covers('$4::text[]', 'tenant_id')}`,
        where: ['($3::text is null or tenant_id = $3)'],
        values: [client.id, client.generation, tenantId, client.tenants],
      },
      page,
    );
  },

  async byId(client: Client, id: string): Promise<LaunchRow | undefined> {
    return (await db.query<LaunchRow>(BY_ID, ownValues(client, id)))[0];
  },

  async withFacts(id: string): Promise<LaunchWithFacts | undefined> {
    return (await db.query<LaunchWithFacts>(WITH_FACTS, [id]))[0];
  },

  /** Keeps the time of the first revocation. */
  revoke(client: Client, id: string, audit: AuditRow): Promise<LaunchRow | undefined> {
    return db.transaction(async (tx) => {
      const [row] = await tx.query<LaunchRow>(REVOKE, ownValues(client, id));
      if (row) await recordIn(tx, { ...audit, tenantId: row.tenantId });
      return row;
    });
  },

  /** Ends a failed attempt. The ticket can be redeemed again until it expires. */
  async fail({ id, attempt }: Pick<LaunchRow, 'id' | 'attempt'>, audit: AuditRow): Promise<void> {
    await db.transaction(async (tx) => {
      await tx.query(FAIL, [id, attempt]);
      await recordIn(tx, audit);
    });
  },
});

const ownValues = ({ id: clientId, generation, tenants }: Client, id: string): unknown[] => [
  id,
  clientId,
  generation,
  tenants,
];

const insertValues = (launch: NewLaunch): unknown[] => [
  launch.id,
  launch.tenantId,
  launch.clientId,
  launch.clientGeneration,
  launch.userId,
  launch.intent,
  launch.mode,
  launch.ticketSha256,
  launch.roleSource,
  launch.needsSignedInUser,
  launch.returnUrl,
  launch.successUrl,
  launch.returnPage,
  launch.itContactEmails,
  launch.lifetimeSeconds,
  launch.attempt,
  launch.setupLaunchId,
];
