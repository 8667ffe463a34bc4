import type { Database } from '../../db/database.ts';
import { createGroupedFind } from '../../db/grouped-find.ts';
import { isLeased } from '../../db/is-leased.ts';
import { LAUNCH_WITH_FACTS, type LaunchWithFacts } from './launch-store.ts';
import { createRedeem, LIVE } from './redeem-store.ts';
import { IS_PAGE_OPEN } from './setup-page-store.ts';

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
/** SQL: a browser that pressed the button is being redirected, or was within the last 10 seconds. */
const IS_OPENING = `l.mode = 'confirm' and l.revoked_at is null
  and (l.redirected_at > now() - interval '10 seconds'
    or (l.redirected_at is null and ${isLeased('l.lease_until')}))`;
const STATES = {
  name: 'ticket-states',
  text: `select encode(l.ticket_sha256, 'hex') as ticket, l.tenant_id as "tenantId",
      ${LIVE} and l.mode = 'confirm' as "isToConfirm", ${LIVE} and l.mode = 'redirect' as "isToOpen",
      l.session_sha256 is not null and ${IS_PAGE_OPEN} as "hasPage",
      case when ${IS_OPENING} then l.browser_sha256 end as "openingBrowser"
    from portal_launches l
    where l.ticket_sha256 = any(array(select decode(asked, 'hex') from unnest($1::text[]) as asked))`,
};
const NEEDS_SIGNED_IN_USER =
  'select 1 from portal_launches where ticket_sha256 = $1 and needs_signed_in_user';

/** Tells what can still be done with a ticket. */
export interface TicketState {
  readonly tenantId: string;
  /** True if the button of its page can be pressed. */
  readonly isToConfirm: boolean;
  /** True if opening it redeems it. */
  readonly isToOpen: boolean;
  /** True if the setup page that it opened is still open. */
  readonly hasPage: boolean;
  /** The browser that is opening the portal by its button, or did so within the last 10 seconds. */
  readonly openingBrowser: Buffer | null;
}

export type TicketStore = ReturnType<typeof createTicketStore>;

/** Tickets of launches, found by their SHA-256. */
export function createTicketStore(db: Database) {
  const states = createGroupedFind<TicketState & { readonly ticket: string }>(db, {
    ...STATES,
    keyOf: ({ ticket }) => ticket,
  });
  return {
    redeem: createRedeem(db),

    /** Returns undefined for a ticket that never existed. All who ask at the same time share a statement. */
    stateOf: (ticketSha256: Buffer): Promise<TicketState | undefined> =>
      states(ticketSha256.toString('hex')),

    /** Records that a `confirm` ticket was looked at, without redeeming it. */
    async open(ticketSha256: Buffer): Promise<LaunchWithFacts | undefined> {
      return (await db.query<LaunchWithFacts>(OPEN, [ticketSha256]))[0];
    },

    async needsSignedInUser(ticketSha256: Buffer): Promise<boolean> {
      return (await db.query(NEEDS_SIGNED_IN_USER, [ticketSha256])).length > 0;
    },
  };
}
