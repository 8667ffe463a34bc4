import type { Answer } from '../http/answer.ts';
import type { Pages, ReturnView } from '../pages/pages.ts';
import { Problem } from '../problem.ts';
import type { Upstream } from '../workos/upstream.ts';
import type { LaunchStore, RedeemedLaunch } from './store.ts';
import { sha256 } from './ticket.ts';

const READ_MS = 2_000;
const CALL = { class: 'setup', repeatable: false } as const;

interface Item {
  readonly name: string;
  readonly state: string;
}

type Outcome = Pick<ReturnView, 'outcome' | 'items'>;

export interface ReturnPageDeps {
  readonly launches: LaunchStore;
  readonly upstream: Upstream;
  readonly pages: Pages;
}

/** Where WorkOS sends the admin back: what is now set up, by a live read, and never a guess. */
export const createReturnPage = ({ launches, upstream, pages }: ReturnPageDeps) => ({
  /** @throws Problem `launch-gone` */
  async show(token: string | undefined, finished: boolean): Promise<Answer> {
    const launch = token && (await launches.returned(sha256(token)));
    if (!launch) throw new Problem('launch-gone', 'The address has expired or never existed.');
    const organizationId = launch.tenant?.organizationId;
    const read = organizationId ? readers[launch.intent]?.(upstream, organizationId) : undefined;
    const outcome = read ? await withinTime(read) : { outcome: 'not_revealed' as const, items: [] };
    return pages.returned({
      tenantName: launch.tenantName,
      intent: launch.intent as ReturnView['intent'],
      ...outcome,
      next: nextOf(launch, finished),
      reloadable: outcome.outcome !== 'active',
    });
  },
});

/** By intent: which objects tell what is set up. WorkOS reveals nothing of the others. */
const readers: Readonly<
  Record<string, (upstream: Upstream, organizationId: string) => Promise<Item[]>>
> = {
  sso: async (upstream, organizationId) => {
    const { data } = await upstream.call(CALL, (workos) =>
      workos.sso.listConnections({ organizationId, limit: 100 }),
    );
    return data.map(({ name, state }) => ({ name, state }));
  },
  dsync: async (upstream, organizationId) => {
    const { data } = await upstream.call(CALL, (workos) =>
      workos.directorySync.listDirectories({ organizationId, limit: 100 }),
    );
    return data.map(({ name, state }) => ({ name, state }));
  },
  domain_verification: async (upstream, organizationId) => {
    const { domains } = await upstream.call(CALL, (workos) =>
      workos.organizations.getOrganization(organizationId),
    );
    return domains.map(({ domain, state }) => ({ name: domain, state }));
  },
};

const SET_UP = ['active', 'verified', 'legacy_verified', 'linked'];

async function withinTime(read: Promise<Item[]>): Promise<Outcome> {
  const late = new AbortController();
  const timeout = new Promise<undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), READ_MS);
    late.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  const items = await Promise.race([read.catch(() => undefined), timeout]);
  late.abort();
  return items ? { outcome: outcomeOf(items), items } : { outcome: 'unknown', items: [] };
}

function outcomeOf(items: readonly Item[]): Outcome['outcome'] {
  if (items.some(({ state }) => SET_UP.includes(state))) return 'active';
  return items.length > 0 ? 'in_progress' : 'nothing';
}

function nextOf({ returnUrl, successUrl }: RedeemedLaunch, finished: boolean): ReturnView['next'] {
  const url = finished ? (successUrl ?? returnUrl) : returnUrl;
  return url === null ? undefined : { url, host: new URL(url).host };
}
