import { setTimeout as sleep } from 'node:timers/promises';
import type { Intent } from '../../core/intents.ts';
import type { Queryable } from '../../core/ports.ts';
import { Problem } from '../../core/problem.ts';
import { withTimeout } from '../../core/with-timeout.ts';
import type { Answer } from '../../http/answer.ts';
import type { InputOf } from '../../http/endpoint.ts';
import { refusePrefetch } from '../../http/navigation.ts';
import type { ReturnView } from '../../pages/pages.ts';
import type { portalContract } from '../protocol/contract.ts';
import type { FeatureStatus, PortalDeps } from '../protocol/deps.ts';
import { requireLaunchPermission } from '../link/launch-permission.ts';
import { isRegistered } from '../link/return-url.ts';
import type { LaunchRow, LaunchWithFacts } from '../stores/launch-store.ts';
import { setupPath } from '../launch-page/setup-session.ts';
import { RETURN_PAGE_MS } from '../stores/return-store.ts';
import { sha256 } from '../../core/sha256.ts';

/** Interval at which WorkOS is polled for the change that the admin has just made. */
const POLL_MS = 400;

/**
 * GET /portal/return: WorkOS sends the admin back here. The page shows what WorkOS reports as set up
 * now, or says that it does not know.
 *
 * @throws Problem `launch-gone`, `navigation-required`
 */
export async function showReturnPage(
  deps: PortalDeps,
  { query, headers, language, lang }: InputOf<typeof portalContract, 'returnFromPortal'>,
): Promise<Answer> {
  refusePrefetch(headers);
  const launch =
    query.launch && (await deps.returns.returned(sha256(query.launch), recordReturn(deps)));
  if (!launch) throw new Problem('launch-gone', 'The address has expired or never existed.');
  const found = await findOut(deps, launch);
  const { outcome, items } = found;
  return deps.pages.in(language).returned({
    product: launch.client?.name,
    tenantName: launch.tenantName,
    userId: launch.userId,
    until: launch.redirectedAt && new Date(launch.redirectedAt.getTime() + RETURN_PAGE_MS),
    intent: launch.intent as Intent,
    outcome,
    items,
    setupPage: launch.setupLaunchId === null ? undefined : setupPath(launch.setupLaunchId, lang),
    next: nextOf(launch, query.finished !== undefined),
    reloadable: found !== WITHHELD && !DONE.includes(outcome),
  });
}

const recordReturn =
  ({ recordEvent }: PortalDeps) =>
  (tx: Queryable, { id, tenantId, intent, clientId, userId }: LaunchRow) =>
    recordEvent(tx, {
      event: 'gatehouse.portal_launch.returned',
      tenantId,
      data: { launch_id: id, intent, client_id: clientId, user_id: userId },
    });

async function findOut(deps: PortalDeps, launch: LaunchWithFacts): Promise<Found> {
  const { itAdminRoles, readStatus } = deps;
  const organizationId = permittedOrganization(launch, itAdminRoles);
  if (organizationId === undefined) return WITHHELD;
  const intent = launch.intent as Intent;
  const since = launch.redirectedAt?.getTime() ?? 0;
  const status = await lastStatus(
    () => readStatus(organizationId, intent),
    intent,
    since,
    deps.returnWaitMs,
  );
  // Check again: permission may have been lost while WorkOS was asked.
  const now = await deps.launches.withFacts(launch.id);
  if (!now || permittedOrganization(now, itAdminRoles) !== organizationId) return WITHHELD;
  return status ? foundIn(status, intent, since) : { outcome: 'unknown', items: [] };
}

type Found = Pick<ReturnView, 'outcome' | 'items'>;

/** Shown to users who may no longer open the portal. Reloading the page shows the same. */
const WITHHELD: Found = { outcome: 'not_revealed', items: [] };

/** Returns the id of the tenant's organization, or undefined when the user may no longer open its portal. */
function permittedOrganization(
  launch: LaunchWithFacts,
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

/** Reads the status until something has changed since the visit began, or `waitMs` is over: WorkOS may take a moment to show a change. */
async function lastStatus(
  read: () => Promise<FeatureStatus>,
  intent: Intent,
  since: number,
  waitMs: number,
): Promise<FeatureStatus | undefined> {
  const over = new AbortController();
  let last: FeatureStatus | undefined;
  const poll = async (): Promise<void> => {
    last = await read();
    while (isWorthWaiting(last, intent, since)) {
      await sleep(POLL_MS, undefined, { signal: over.signal });
      last = await read();
    }
  };
  // If a read fails, the page shows the last status; calls to WorkOS are counted by outcome.
  await withTimeout(
    poll().catch(() => undefined),
    waitMs,
  );
  over.abort();
  return last;
}

/** Viewing audit logs changes nothing, and when WorkOS is down, a few seconds do not help. */
const isWorthWaiting = (status: FeatureStatus, intent: Intent, since: number): boolean =>
  status.wasRead && intent !== 'audit_logs' && !hasChanged(status, since);

const hasChanged = ({ changedAt }: FeatureStatus, since: number): boolean =>
  changedAt !== undefined && changedAt.getTime() >= since;

function foundIn(status: FeatureStatus, intent: Intent, since: number): Found {
  const { items } = status;
  const changed = hasChanged(status, since);
  if (!status.wasRead && !changed) return { outcome: 'unknown', items: [] };
  return { outcome: outcomeOf(status, intent, changed), items };
}

function outcomeOf(
  { state, isUsed }: FeatureStatus,
  intent: Intent,
  changed: boolean,
): Found['outcome'] {
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

/** Returns where the page leads on to; undefined when the launch names no address, or its origin is no longer registered for the client. */
function nextOf(
  { client, returnUrl, successUrl }: LaunchWithFacts,
  finished: boolean,
): ReturnView['next'] {
  const url = finished ? (successUrl ?? returnUrl) : returnUrl;
  if (url === null || !client || !isRegistered(url, client)) return undefined;
  return { url, host: new URL(url).host };
}
