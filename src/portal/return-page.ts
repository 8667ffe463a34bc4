import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../http/answer.ts';
import type { Intent } from '../core/intents.ts';
import type { Pages, ReturnView } from '../pages/pages.ts';
import { Problem } from '../core/problem.ts';
import { withTimeout } from '../core/with-timeout.ts';
import { requireLaunchPermission } from './launch-permission.ts';
import { isRegistered } from './return-url.ts';
import type { LaunchRow, LaunchStore, RedeemedLaunch } from './store.ts';
import { sha256 } from './ticket.ts';

/** How often to look for the change that somebody has just made. */
const POLL_MS = 400;

/** What is set up now of what an intent is about. */
export interface Look {
  /** Whether WorkOS could be asked. */
  readonly wasRead: boolean;
  readonly state: 'not_configured' | 'in_progress' | 'active' | 'attention' | 'unknown';
  readonly items: readonly { readonly name: string; readonly state: string }[];
  /** When WorkOS last changed any of it. */
  readonly changedAt: Date | undefined;
  /** Whether somebody was seen to sign in through it. */
  readonly isUsed: boolean;
}

type Tx = Parameters<Parameters<LaunchStore['returned']>[1]>[0];

export interface ReturnPageDeps {
  readonly launches: LaunchStore;
  readonly look: (organizationId: string, intent: Intent) => Promise<Look>;
  readonly recordEvent: (
    tx: Tx,
    event: {
      readonly event: 'gatehouse.portal_launch.returned';
      readonly tenantId: string;
      readonly data: Readonly<Record<string, unknown>>;
    },
  ) => Promise<void>;
  readonly pages: Pages;
  readonly itAdminRoles: readonly string[];
  /** How long a person waits for WorkOS, and for the change that he has just made. */
  readonly waitMs: number;
}

/** Where WorkOS sends the admin back: what is now set up, by a live read, and never a guess. */
export const createReturnPage = ({
  launches,
  look,
  recordEvent,
  pages,
  itAdminRoles,
  waitMs,
}: ReturnPageDeps) => {
  const record = (tx: Tx, { id, tenantId, intent, clientId, userId }: LaunchRow) =>
    recordEvent(tx, {
      event: 'gatehouse.portal_launch.returned',
      tenantId,
      data: { launch_id: id, intent, client_id: clientId, user_id: userId },
    });

  const findOut = async (launch: RedeemedLaunch): Promise<Found> => {
    const organizationId = permittedOrganization(launch, itAdminRoles);
    if (organizationId === undefined) return WITHHELD;
    const intent = launch.intent as Intent;
    const since = launch.redirectedAt?.getTime() ?? 0;
    const seen = await lastLook(() => look(organizationId, intent), intent, since, waitMs);
    // Once more: a right may have been lost while WorkOS was asked.
    const now = await launches.withFacts(launch.id);
    if (!now || permittedOrganization(now, itAdminRoles) !== organizationId) return WITHHELD;
    return seen ? found(seen, intent, since) : { outcome: 'unknown', items: [] };
  };

  return {
    /** @throws Problem `launch-gone` */
    async show(token: string | undefined, finished: boolean): Promise<Answer> {
      const launch = token && (await launches.returned(sha256(token), record));
      if (!launch) throw new Problem('launch-gone', 'The address has expired or never existed.');
      const seen = await findOut(launch);
      const { outcome, items } = seen;
      return pages.returned({
        tenantName: launch.tenantName,
        intent: launch.intent as Intent,
        outcome,
        items,
        next: nextOf(launch, finished),
        reloadable: seen !== WITHHELD && !DONE.includes(outcome),
      });
    },
  };
};

type Found = Pick<ReturnView, 'outcome' | 'items'>;

/** For somebody who may not open the portal any more. Looking again shows nothing else. */
const WITHHELD: Found = { outcome: 'not_revealed', items: [] };

/** The tenant's organization; undefined when permission to open its portal is gone. */
function permittedOrganization(
  launch: RedeemedLaunch,
  itAdminRoles: readonly string[],
): string | undefined {
  try {
    return requireLaunchPermission(launch, itAdminRoles);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

const DONE: readonly Found['outcome'][] = ['active', 'active_unused'];

/** Looks until something has changed since the visit began, or the time is over: WorkOS may take a moment. */
async function lastLook(
  look: () => Promise<Look>,
  intent: Intent,
  since: number,
  waitMs: number,
): Promise<Look | undefined> {
  const over = new AbortController();
  let seen: Look | undefined;
  const looking = async (): Promise<void> => {
    seen = await look();
    while (isWorthWaiting(seen, intent, since)) {
      await sleep(POLL_MS, undefined, { signal: over.signal });
      seen = await look();
    }
  };
  // If a look fails, the page shows what was seen before; the calls to WorkOS are counted by outcome.
  await withTimeout(
    looking().catch(() => undefined),
    waitMs,
  );
  over.abort();
  return seen;
}

/** One who came to look at audit logs changes nothing, and a WorkOS that is down stays so for a while. */
const isWorthWaiting = (seen: Look, intent: Intent, since: number): boolean =>
  seen.wasRead && intent !== 'audit_logs' && !hasChanged(seen, since);

const hasChanged = ({ changedAt }: Look, since: number): boolean =>
  changedAt !== undefined && changedAt.getTime() >= since;

function found(seen: Look, intent: Intent, since: number): Found {
  const { items } = seen;
  const changed = hasChanged(seen, since);
  if (!seen.wasRead && !changed) return { outcome: 'unknown', items: [] };
  return { outcome: outcomeOf(seen, intent, changed), items };
}

function outcomeOf({ state, isUsed }: Look, intent: Intent, changed: boolean): Found['outcome'] {
  switch (state) {
    case 'active':
      return intent === 'sso' && changed && !isUsed ? 'active_unused' : 'active';
    case 'attention':
      return 'attention';
    case 'in_progress':
      return changed ? 'in_progress' : 'unchanged';
    case 'not_configured':
      return 'nothing';
    case 'unknown':
      return 'not_revealed';
  }
}

/** The way on; undefined when none was named, or its origin is not registered for the client any more. */
function nextOf(
  { client, returnUrl, successUrl }: RedeemedLaunch,
  finished: boolean,
): ReturnView['next'] {
  const url = finished ? (successUrl ?? returnUrl) : returnUrl;
  if (url === null || !client || !isRegistered(url, client)) return undefined;
  return { url, host: new URL(url).host };
}
