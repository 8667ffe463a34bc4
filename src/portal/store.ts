import { recordIn, type AuditRow } from '../audit-trail/writer.ts';
import { isOwnedBy } from '../db/client-generation.ts';
import type { Queryable } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { readPage, type ResultPage, type PageQuery } from '../db/page.ts';
import type { Client } from '../core/identity.ts';
import { FACTS as CURRENT_FACTS, type LaunchFacts, type RoleSource } from './release-store.ts';

export interface NewLaunch {
  readonly id: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** The generation of that client. Null: written by a release that kept none. */
  readonly clientGeneration: string | null;
  readonly userId: string;
  readonly intent: string;
  readonly mode: 'redirect' | 'confirm' | 'direct';
  readonly ticketSha256: Buffer | null;
  readonly roleSource: RoleSource;
  readonly needsSignedInUser: boolean;
  readonly returnUrl: string | null;
  readonly successUrl: string | null;
  readonly returnPage: boolean;
  readonly itContactEmails: readonly string[];
  readonly lifetimeSeconds: number;
  /** For a launch that is redeemed as it is made. */
  readonly attempt: string | null;
}

export interface LaunchRow extends Omit<NewLaunch, 'ticketSha256' | 'lifetimeSeconds'> {
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly openedAt: Date | null;
  readonly redirectedAt: Date | null;
  readonly returnedAt: Date | null;
  readonly configuredAt: Date | null;
  readonly failedAt: Date | null;
  readonly revokedAt: Date | null;
  /** By the database's clock. */
  readonly expired: boolean;
}

/** A launch with all that permission asks for, read in the same statement. */
export type RedeemedLaunch = LaunchRow & LaunchFacts;

const COLUMNS = `l.id, l.tenant_id as "tenantId", l.client_id as "clientId", l.client_generation as "clientGeneration", l.user_id as "userId", l.intent, l.mode,
  l.role_source as "roleSource", l.needs_signed_in_user as "needsSignedInUser", l.return_url as "returnUrl",
  l.success_url as "successUrl", l.return_page as "returnPage", l.it_contact_emails as "itContactEmails", l.attempt,
  l.created_at as "createdAt", l.expires_at as "expiresAt", l.opened_at as "openedAt", l.redirected_at as "redirectedAt",
  l.returned_at as "returnedAt", l.configured_at as "configuredAt", l.failed_at as "failedAt", l.revoked_at as "revokedAt", l.expires_at <= now() as expired`;

const FACTS = `${COLUMNS}, ${CURRENT_FACTS}`;

const LIVE = 'l.redirected_at is null and l.revoked_at is null and l.expires_at > now()';

/** One statement decides, on any number of replicas; the lease ends a redemption that died. */
const REDEEM = {
  name: 'redeem-ticket-in-browser',
  text: `update portal_launches l set attempt = $2, browser_sha256 = $4, lease_until = now() + interval '10 seconds',
      opened_at = coalesce(l.opened_at, now())
    where l.ticket_sha256 = $1 and l.mode = $3 and ${LIVE} and (l.lease_until is null or l.lease_until < now())
    returning ${FACTS}`,
};
const OPEN = {
  name: 'open-ticket',
  text: `update portal_launches l set opened_at = coalesce(l.opened_at, now())
    where l.ticket_sha256 = $1 and l.mode = 'confirm' and ${LIVE} returning ${FACTS}`,
};
/** The browser that pressed the button asks again: WorkOS still mints, or the browser was just sent on. */
const IS_OPENING = {
  name: 'is-opening-ticket',
  text: `select 1 from portal_launches l where l.ticket_sha256 = $1 and l.browser_sha256 = $2 and l.mode = 'confirm'
    and l.revoked_at is null
    and (l.redirected_at > now() - interval '10 seconds' or (l.redirected_at is null and l.lease_until > now()))`,
};
const IS_LIVE = {
  name: 'is-live-ticket',
  text: `select 1 from portal_launches l where l.ticket_sha256 = $1 and l.mode = $2 and ${LIVE}`,
};
/** A client sees its own launches only, not those of a deleted client with the same id. */
const OWN = `l.id = $1 and l.client_id = $2 and ${isOwnedBy('l', '$3')}`;
const WITH_FACTS = {
  name: 'launch-with-facts',
  text: `select ${FACTS} from portal_launches l where l.id = $1`,
};

const RETURNING = `l.return_token_sha256 = $1 and l.redirected_at > now() - interval '24 hours'`;
const FIRST_RETURN = {
  name: 'first-return',
  text: `update portal_launches l set returned_at = now() where ${RETURNING} and l.returned_at is null returning ${COLUMNS}`,
};
const RETURNED = {
  name: 'returned-launch',
  text: `select ${FACTS} from portal_launches l where ${RETURNING}`,
};
const CONFIGURE = {
  name: 'configure-launches',
  text: `update portal_launches set configured_at = $3
    where tenant_id = $1 and intent = $2 and configured_at is null
      and redirected_at between $3::timestamptz - interval '24 hours' and $3`,
};

export type LaunchStore = ReturnType<typeof createLaunchStore>;

export const createLaunchStore = (db: Database) => ({
  insert(launch: NewLaunch, audit: AuditRow): Promise<LaunchRow> {
    return db.transaction(async (tx) => {
      const [row] = await tx.query<LaunchRow>(
        `insert into portal_launches as l (id, tenant_id, client_id, client_generation, user_id, intent, mode, ticket_sha256, role_source,
           needs_signed_in_user, return_url, success_url, return_page, it_contact_emails, expires_at, attempt,
           opened_at, lease_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, now() + make_interval(secs => $15), $16::uuid,
           case when $16::uuid is not null then now() end, case when $16::uuid is not null then now() + interval '10 seconds' end)
         returning ${COLUMNS}`,
        [
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
        ],
      );
      if (!row) throw new Error('An insert returned no row.');
      await recordIn(tx, audit);
      return row;
    });
  },

  /** Takes the ticket for one attempt. Undefined: unknown, used, expired, revoked, or being redeemed. */
  async redeem(
    ticketSha256: Buffer,
    attempt: string,
    mode: 'redirect' | 'confirm',
    browserSha256: Buffer | null,
  ): Promise<RedeemedLaunch | undefined> {
    const values = [ticketSha256, attempt, mode, browserSha256];
    return (await db.query<RedeemedLaunch>(REDEEM, values))[0];
  },

  /** True if this browser is opening the portal with the ticket, or did so within the last 10 seconds. */
  async isOpening(ticketSha256: Buffer, browserSha256: Buffer | null): Promise<boolean> {
    return (await db.query(IS_OPENING, [ticketSha256, browserSha256])).length > 0;
  },

  /** Notes that a `confirm` ticket was looked at; redeems nothing. */
  async open(ticketSha256: Buffer): Promise<RedeemedLaunch | undefined> {
    return (await db.query<RedeemedLaunch>(OPEN, [ticketSha256]))[0];
  },

  async isLive(ticketSha256: Buffer, mode: 'redirect' | 'confirm'): Promise<boolean> {
    return (await db.query(IS_LIVE, [ticketSha256, mode])).length > 0;
  },

  async needsSignedInUser(ticketSha256: Buffer): Promise<boolean> {
    const text = 'select 1 from portal_launches where ticket_sha256 = $1 and needs_signed_in_user';
    return (await db.query(text, [ticketSha256])).length > 0;
  },

  async withFacts(id: string): Promise<RedeemedLaunch | undefined> {
    return (await db.query<RedeemedLaunch>(WITH_FACTS, [id]))[0];
  },

  /** Gives the ticket back for another try within its life. */
  async fail({ id, attempt }: Pick<LaunchRow, 'id' | 'attempt'>, audit: AuditRow): Promise<void> {
    await db.transaction(async (tx) => {
      await tx.query(
        'update portal_launches set failed_at = now(), lease_until = null where id = $1 and attempt = $2 and redirected_at is null',
        [id, attempt],
      );
      await recordIn(tx, audit);
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
        columns: COLUMNS,
        visible: `client_id = $1 and ${isOwnedBy('l', '$2')}`,
        where: ['($3::text is null or tenant_id = $3)'],
        values: [client.id, client.generation, tenantId],
      },
      page,
    );
  },

  async byId(client: Client, id: string): Promise<LaunchRow | undefined> {
    const rows = await db.query<LaunchRow>(
      `select ${COLUMNS} from portal_launches l where ${OWN}`,
      [id, client.id, client.generation],
    );
    return rows[0];
  },

  revoke(client: Client, id: string, audit: AuditRow): Promise<LaunchRow | undefined> {
    return db.transaction(async (tx) => {
      const [row] = await tx.query<LaunchRow>(
        `update portal_launches l set revoked_at = coalesce(revoked_at, now()) where ${OWN} returning ${COLUMNS}`,
        [id, client.id, client.generation],
      );
      if (row) await recordIn(tx, { ...audit, tenantId: row.tenantId });
      return row;
    });
  },

  /**
   * The launch a return token belongs to, for a day after its redirect.
   *
   * @param onFirst follows from the first return, in its transaction
   */
  returned(
    returnTokenSha256: Buffer,
    onFirst: (tx: Queryable, launch: LaunchRow) => Promise<void>,
  ): Promise<RedeemedLaunch | undefined> {
    return db.transaction(async (tx) => {
      const [first] = await tx.query<LaunchRow>(FIRST_RETURN, [returnTokenSha256]);
      if (first) await onFirst(tx, first);
      return (await tx.query<RedeemedLaunch>(RETURNED, [returnTokenSha256]))[0];
    });
  },
});

/** An event that says that what an intent is about is set up. */
export interface Configuration {
  readonly intent: string;
  readonly tenantId: string;
  readonly at: Date;
}

/** Marks the visits that an event ends: those under way when it happened, for a day after their redirect. */
export async function configureLaunches(
  tx: Queryable,
  { tenantId, intent, at }: Configuration,
): Promise<void> {
  await tx.query(CONFIGURE, [tenantId, intent, at]);
}
