import type { Database } from '../../db/database.ts';
import { LAUNCH_WITH_FACTS, type LaunchWithFacts } from './launch-store.ts';
import { createRedeem, LIVE } from './redeem-store.ts';

const IS_LIVE_TO_CONFIRM = `l.ticket_sha256 = $1 and l.mode = 'confirm' and ${LIVE}`;
/**
 * Only the first look writes. A link is not released while its launch is locked, so a mail scanner that
 * looks when WorkOS answers would take it from the person who pressed the button.
 */
const OPEN = {
  name: 'look-at-ticket',
  text: `with opened as (
      update portal_launches l set opened_at = now() where ${IS_LIVE_TO_CONFIRM} and l.opened_at is null)
    select ${LAUNCH_WITH_FACTS} from portal_launches l where ${IS_LIVE_TO_CONFIRM}`,
};
/** The browser that pressed the button asks again while WorkOS creates the link, or just after the redirect. */
const IS_OPENING = {
  name: 'is-opening-ticket',
  text: `select 1 from portal_launches l
    where l.ticket_sha256 = $1 and l.browser_sha256 = $2 and l.mode = 'confirm' and l.revoked_at is null
      and (l.redirected_at > now() - interval '10 seconds'
        or (l.redirected_at is null and l.lease_until > now()))`,
};
const IS_LIVE = {
  name: 'is-live-ticket',
  text: `select 1 from portal_launches l where l.ticket_sha256 = $1 and l.mode = $2 and ${LIVE}`,
};
const NEEDS_SIGNED_IN_USER =
  'select 1 from portal_launches where ticket_sha256 = $1 and needs_signed_in_user';

const TENANT_OF = 'select tenant_id as "tenantId" from portal_launches where ticket_sha256 = $1';

export type TicketStore = ReturnType<typeof createTicketStore>;

/** Tickets of launches, found by their SHA-256. */
export const createTicketStore = (db: Database) => ({
  redeem: createRedeem(db),

  /** Records that a `confirm` ticket was looked at, without redeeming it. */
  async open(ticketSha256: Buffer): Promise<LaunchWithFacts | undefined> {
    return (await db.query<LaunchWithFacts>(OPEN, [ticketSha256]))[0];
  },

  /** True if this browser is opening the portal with the ticket, or did so within the last 10 seconds. */
  async isOpening(ticketSha256: Buffer, browserSha256: Buffer | null): Promise<boolean> {
    return (await db.query(IS_OPENING, [ticketSha256, browserSha256])).length > 0;
  },

  async isLive(ticketSha256: Buffer, mode: 'redirect' | 'confirm'): Promise<boolean> {
    return (await db.query(IS_LIVE, [ticketSha256, mode])).length > 0;
  },

  /** Returns the tenant of a ticket, also of one that cannot be used any more. */
  async tenantOf(ticketSha256: Buffer): Promise<string | undefined> {
    return (await db.query<{ tenantId: string }>(TENANT_OF, [ticketSha256]))[0]?.tenantId;
  },

  async needsSignedInUser(ticketSha256: Buffer): Promise<boolean> {
    return (await db.query(NEEDS_SIGNED_IN_USER, [ticketSha256])).length > 0;
  },
});
