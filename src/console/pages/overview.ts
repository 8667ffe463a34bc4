import type { Backlog } from '../../events/inbox/store.ts';
import type { UpstreamBudget } from '../../upstream-budget/service.ts';
import type { EndpointHealth } from '../deliveries-store.ts';
import { COUNTED, type Troubles } from '../overview-store.ts';
import type { ConsolePage } from '../page.ts';
import { relativeTime } from '../times.ts';
import type { Cell, Notice, View } from '../view.ts';

export interface OverviewDeps {
  readonly troubles: () => Promise<Troubles>;
  readonly backlog: () => Promise<Backlog>;
  readonly endpoints: () => Promise<readonly EndpointHealth[]>;
  readonly budget: () => UpstreamBudget;
}

interface State extends Troubles {
  readonly backlog: Backlog;
  readonly failing: number;
  readonly budget: UpstreamBudget;
  readonly now: Date;
}

/** Events are late from then on: WorkOS itself delivers within seconds. */
const LATE_SECONDS = 300;
/** The budget counts as nearly used from this part on. */
const NEARLY_USED = 0.8;

/** What is wrong now, and where to look. */
export const overviewPage = (deps: OverviewDeps): ConsolePage => ({
  path: '/',
  name: 'overview',
  async show({ now }) {
    // One after another: the console uses one session of the database at a time.
    const troubles = await deps.troubles();
    const backlog = await deps.backlog();
    const failing = (await deps.endpoints()).filter(({ isFailing }) => isFailing).length;
    return view({ ...troubles, backlog, failing, budget: deps.budget(), now });
  },
});

function view(state: State): View {
  const notices = RULES.flatMap((rule) => rule(state) ?? []);
  return {
    title: notices.length > 0 ? 'What needs attention' : 'Everything works',
    sections: [
      { notices: notices.length > 0 ? notices : [NOTHING_WRONG] },
      { title: 'Right now', facts: factsOf(state) },
    ],
  };
}

const NOTHING_WRONG: Notice = {
  tone: 'good',
  text: 'Nothing is wrong that Gatehouse knows of.',
  hint: 'Events are read and applied, deliveries arrive, and WorkOS answers within its budget.',
};

const many = (count: number, one: string, several = `${one}s`): string =>
  `${count >= COUNTED ? `${COUNTED.toLocaleString('en')} or more` : count} ${count === 1 ? one : several}`;

const RULES: readonly ((state: State) => Notice | undefined)[] = [
  ({ ledUntil, now }) =>
    ledUntil === null || ledUntil < now
      ? {
          tone: 'bad',
          text: 'No worker leads, so no event is read or applied.',
          hint: 'Start `gatehouse worker`, or see its log and its `/readyz`.',
        }
      : undefined,
  ({ backlog }) =>
    backlog.lag > LATE_SECONDS
      ? {
          tone: 'bad',
          text: `Events are ${Math.round(backlog.lag / 60)} minutes late.`,
          hint: 'The leading worker cannot read WorkOS’s feed, or cannot apply what it read; its log says why.',
          link: { to: '/events', text: 'Events' },
        }
      : undefined,
  ({ backlog }) =>
    backlog.parked > 0
      ? {
          tone: 'bad',
          text: `${many(backlog.parked, 'event is', 'events are')} parked.`,
          hint: 'They could not be applied. Look at the reason, then retry or drop them; other events go on meanwhile.',
          link: { to: '/events', text: 'Parked events' },
        }
      : undefined,
  ({ orphaned }) =>
    orphaned > 0
      ? {
          tone: 'bad',
          text: `${many(orphaned, 'tenant is', 'tenants are')} orphaned: WorkOS no longer has their organization.`,
          hint: 'Their users cannot sign in. `gatehouse tenants verify --mend` restores those whose organization exists again.',
          link: { to: '/tenants?status=orphaned', text: 'Orphaned tenants' },
        }
      : undefined,
  ({ conflicts }) =>
    conflicts > 0
      ? {
          tone: 'bad',
          text: `${many(conflicts, 'tenant is', 'tenants are')} in conflict: an organization has their external id that Gatehouse did not create.`,
          hint: 'Adopt the organization by its id, or delete it at WorkOS.',
          link: { to: '/tenants?status=conflict', text: 'Tenants in conflict' },
        }
      : undefined,
  ({ unfinished }) =>
    unfinished > 0
      ? {
          tone: 'waiting',
          text: `${many(unfinished, 'tenant is', 'tenants are')} being provisioned or deleted for more than 10 minutes.`,
          hint: 'WorkOS refuses or does not answer; every process tries again. The log names the tenant and the cause.',
          link: { to: '/tenants?status=provisioning', text: 'Tenants being provisioned' },
        }
      : undefined,
  ({ failing }) =>
    failing > 0
      ? {
          tone: 'waiting',
          text: `${many(failing, 'webhook endpoint fails', 'webhook endpoints fail')}.`,
          hint: 'Its service does not accept deliveries. They are tried again for days, and can be replayed here.',
          link: { to: '/deliveries', text: 'Deliveries' },
        }
      : undefined,
  ({ budget: { used, limit } }) =>
    used > limit * NEARLY_USED
      ? {
          tone: 'waiting',
          text: `${Math.round((used / limit) * 100)} % of the budget of requests to WorkOS is used.`,
          hint: 'Logins go first; lists and provisioning wait or are refused.',
          link: { to: '/budget', text: 'Budget' },
        }
      : undefined,
  ({ budget: { holds } }) =>
    holds.length > 0
      ? {
          tone: 'waiting',
          text: `WorkOS holds back ${many(holds.length, 'operation')}.`,
          hint: 'It answered 429 with Retry-After, which Gatehouse keeps in every process.',
          link: { to: '/budget', text: 'Budget' },
        }
      : undefined,
];

const factsOf = (state: State): (readonly [string, Cell])[] => {
  const { backlog, budget, ledUntil, feedReadAt, now } = state;
  return [
    ['Leading worker', leader(ledUntil, now)],
    ['WorkOS’s feed was read to its end', { at: feedReadAt }],
    ['Events that wait', backlog.waiting],
    ['Events are behind by', `${Math.round(backlog.lag)} s`],
    ['Parked events', backlog.parked],
    [
      'Deliveries that failed for good today',
      many(state.failedDeliveries, 'delivery', 'deliveries'),
    ],
    [
      'Requests to WorkOS in the last minute',
      `${budget.used.toLocaleString('en')} of ${budget.limit.toLocaleString('en')}`,
    ],
    ['Clients', state.clients],
    ['Tenants, about', state.tenants],
  ];
};

const leader = (until: Date | null, now: Date): Cell =>
  until !== null && until >= now
    ? { state: 'good', text: 'yes' }
    : [{ state: 'bad', text: 'none' }, until ? { quiet: `since ${relativeTime(until, now)}` } : ''];
