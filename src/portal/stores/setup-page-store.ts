import type { Database } from '../../db/database.ts';
import { LAUNCH_WITH_FACTS, type LaunchWithFacts } from './launch-store.ts';

/** SQL: the setup page of `l` is open, if it has one. */
export const IS_PAGE_OPEN = `l.revoked_at is null and l.redirected_at > now() - interval '1 hour'`;
const OF_SESSION = {
  name: 'setup-page-of-session',
  text: `select ${LAUNCH_WITH_FACTS} from portal_launches l where l.id = $1
    and l.session_sha256 = $2 and ${IS_PAGE_OPEN}`,
};
const OF_TICKET = {
  name: 'setup-page-of-ticket',
  text: `select l.id, l.session_sha256 as "sessionSha256", coalesce(l.browser_sha256 = $3, false) as "isSameBrowser"
    from portal_launches l where l.ticket_sha256 = $1 and l.session_sha256 = any($2) and ${IS_PAGE_OPEN}`,
};

export interface SetupPageOfTicket {
  readonly id: string;
  readonly sessionSha256: Buffer;
  /** True for the browser that redeemed the ticket by a click. */
  readonly isSameBrowser: boolean;
}

export type SetupPageStore = ReturnType<typeof createSetupPageStore>;

/** Setup pages: launches of the intent `any` whose ticket was redeemed, for an hour. */
export const createSetupPageStore = (db: Database) => ({
  /** Returns undefined if the session is not of this launch, is over or was revoked. */
  async ofSession(id: string, sessionSha256: Buffer): Promise<LaunchWithFacts | undefined> {
    return (await db.query<LaunchWithFacts>(OF_SESSION, [id, sessionSha256]))[0];
  },

  /** Returns the page that was opened with a ticket before, with one of these sessions. */
  async ofTicket(
    ticketSha256: Buffer,
    sessionsSha256: readonly Buffer[],
    browserSha256: Buffer | null,
  ): Promise<SetupPageOfTicket | undefined> {
    const values = [ticketSha256, sessionsSha256, browserSha256];
    return (await db.query<SetupPageOfTicket>(OF_TICKET, values))[0];
  },
});
