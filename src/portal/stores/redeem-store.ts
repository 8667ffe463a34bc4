import { randomUUID } from 'node:crypto';
import { checkCancelled } from '../../core/caller.ts';
import { columnsOf } from '../../db/columns.ts';
import type { Database } from '../../db/database.ts';
import { createGrouped } from '../../db/group-commit.ts';
import { isLeased } from '../../db/is-leased.ts';
import { portalLaunches } from '../../db/schema/portal.ts';
import type { LaunchRow } from './launch-store.ts';
import { FACTS, type LaunchFacts } from './release-store.ts';

/** A ticket that is presented. */
export interface PresentedTicket {
  readonly sha256: Buffer;
  readonly mode: 'redirect' | 'confirm';
  /** Null if the browser sent no cookie, or used GET. */
  readonly browserSha256: Buffer | null;
}

const FIELDS = [
  'id',
  'attempt',
  'tenantId',
  'clientId',
  'userId',
  'intent',
  'roleSource',
  'needsSignedInUser',
  'returnUrl',
  'successUrl',
  'returnPage',
  'itContactEmails',
  'expiresAt',
] as const satisfies readonly (keyof LaunchRow)[];

/** A launch whose ticket was taken by an attempt, with the facts that its permission depends on. */
export type RedeemedLaunch = Pick<LaunchRow, (typeof FIELDS)[number]> & LaunchFacts;

/**
 * SQL: the ticket of `l` can still be used. `is true` keeps Postgres from reading all live launches by the
 * index of `expires_at`: its statistics are older than the newest tickets, so that it expects hardly any.
 */
export const LIVE =
  'l.redirected_at is null and l.revoked_at is null and (l.expires_at > now()) is true';
/** SQL: and no other attempt is redeeming it. A crashed attempt's lease runs out, so that it can be redeemed again. */
const FREE = `${LIVE} and not ${isLeased('l.lease_until')}`;

/**
 * Gives each ticket to one of the attempts that wait for it, across replicas. Rows are locked in one
 * order, so that two replicas cannot wait for each other, and are looked up in the index: a join alone
 * may be planned as a scan of all launches.
 */
export const REDEEM = {
  name: 'redeem-tickets',
  text: `with asked as (
      select n, decode(ticket, 'hex') as ticket_sha256, attempt, mode, decode(browser, 'hex') as browser_sha256
      from jsonb_to_recordset($1::jsonb) as r (n int, ticket text, attempt uuid, mode text, browser text),
        set_config('lock_timeout', $2, true)),
    free as (
      select l.id, a.n, a.attempt, a.browser_sha256
      from asked a join portal_launches l on l.ticket_sha256 = a.ticket_sha256 and l.mode = a.mode
      where l.ticket_sha256 = any(array(select ticket_sha256 from asked)) and ${FREE}
      order by l.id for update of l)
    update portal_launches l set attempt = f.attempt, browser_sha256 = f.browser_sha256,
      lease_until = now() + interval '10 seconds', opened_at = coalesce(l.opened_at, now())
    from free f where l.id = any(array(select id from free)) and l.id = f.id and ${FREE}
    returning f.n, ${columnsOf(portalLaunches, { alias: 'l', only: FIELDS })}, ${FACTS}`,
};

/** @returns a function that takes a ticket for one attempt; undefined if it is unknown, used, expired, revoked or being redeemed */
export function createRedeem(db: Database) {
  const tickets = createGrouped({
    name: 'redeem-tickets',
    async ask(presented: readonly PresentedTicket[], lockTimeout) {
      const asked = JSON.stringify(presented.map(attemptFor));
      const taken = await db.query<RedeemedLaunch & { n: number }>(REDEEM, [asked, lockTimeout]);
      const byPlace = new Map(taken.map(({ n, ...launch }) => [n, launch]));
      return presented.map((_, n): RedeemedLaunch | undefined => byPlace.get(n));
    },
    overloaded: 'The redemption of tickets cannot keep up.',
  });
  return async (ticket: PresentedTicket): Promise<RedeemedLaunch | undefined> => {
    checkCancelled();
    return tickets.add(ticket);
  };
}

const attemptFor = ({ sha256, mode, browserSha256 }: PresentedTicket, n: number) => ({
  n,
  ticket: sha256.toString('hex'),
  attempt: randomUUID(),
  mode,
  browser: browserSha256?.toString('hex'),
});
