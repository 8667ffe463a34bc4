import { timeOf } from '../../core/time.ts';
import { askWorkos } from './ask-workos.ts';
import type { Cause, Facts, Finding } from './facts.ts';

/** Causes that lie in what the tenant has set up at WorkOS, and in which clients may sign its users in. */
export const SETUP_CAUSES: readonly Cause[] = [
  neverRead,
  noConnection,
  inactiveConnections,
  severalConnections,
  certificates,
  domains,
  clients,
];

const isUsable = ({ tenant, setup, live }: Facts): boolean =>
  tenant?.organizationId != null && setup.deletedAt === null && live !== 'missing';
/** Asks for a portal link with an intent; it is the end of a remedy. */
export const launch = (intent: string): string =>
  `let its IT admin open a portal link with the intent ${intent}: \`POST /v1/portal-launches\``;

function neverRead(facts: Facts): Finding[] {
  if (!isUsable(facts) || facts.setup.asOf !== null || facts.setup.connections.length > 0)
    return [];
  return [
    {
      cause: 'setup_not_read',
      severity: 'warns',
      sentence: 'Gatehouse has not read what the tenant has set up at WorkOS.',
      remedy:
        facts.live === undefined
          ? askWorkos(facts)
          : 'WorkOS was asked and did not answer in time: repeat it, and see `gatehouse doctor`.',
      at: null,
    },
  ];
}

function noConnection(facts: Facts): Finding[] {
  const { connections, asOf } = facts.setup;
  if (!isUsable(facts) || asOf === null || connections.length > 0) return [];
  return [
    {
      cause: 'no_connection',
      severity: 'blocks',
      sentence: 'The tenant has no SSO connection yet.',
      remedy: `To set it up, ${launch('sso')}.`,
      at: null,
    },
  ];
}

/** Maps the state of a connection, other than `active`, to its remedy. */
const STATES: Readonly<Record<string, string>> = {
  draft: `its setup was begun and not finished: ${launch('sso')}`,
  validating:
    'its setup waits for a test login: let its IT admin finish the last step in the portal',
  inactive: `it was deactivated, or its setup is not finished: ${launch('sso')}, and let them finish it`,
  deleting: `it is being deleted; to set up another one, ${launch('sso')}`,
};

function inactiveConnections({ setup: { connections } }: Facts): Finding[] {
  const hasActive = connections.some(({ state }) => state === 'active');
  return connections
    .filter(({ state }) => state !== 'active')
    .map(({ id, name, state, since }) => ({
      cause: `connection_${/^[a-z]{1,20}$/.test(state) ? state : 'not_active'}`,
      severity: hasActive ? 'warns' : 'blocks',
      sentence: `The tenant’s connection ${id} (${name}) is ${state} since ${day(since)}.`,
      remedy: `${capital(STATES[state] ?? STATES.inactive ?? '')}.`,
      at: timeOf(since) ?? null,
    }));
}

function severalConnections({ setup: { connections } }: Facts): Finding[] {
  const active = connections.filter(({ state }) => state === 'active');
  if (active.length < 2) return [];
  return [
    {
      cause: 'several_active_connections',
      severity: 'warns',
      sentence: `The tenant has ${active.length} active connections (${active.map(({ id }) => id).join(', ')}), so WorkOS cannot choose one for the organization.`,
      remedy:
        'Let its IT admin remove all but one, or let the product send `connection=<id>` instead of organization.',
      at: null,
    },
  ];
}

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** Only a connection in use needs a certificate. */
function certificates({ setup }: Facts): Finding[] {
  const active = setup.connections.filter(({ state }) => state === 'active').map(({ id }) => id);
  const inUse = setup.certificates.filter(({ connectionId }) => active.includes(connectionId));
  const expired = new Set(
    inUse.filter(({ expiresAt }) => daysUntil(expiresAt) < 0).map((one) => one.connectionId),
  );
  return inUse.flatMap(({ connectionId, expiresAt }) => {
    const end = timeOf(expiresAt);
    const days = daysUntil(expiresAt);
    if (!end || days >= SOON_DAYS) return [];
    const isOver = days < 0;
    const isBlocking = isOver && expired.size === active.length;
    return [
      {
        cause: isOver ? 'certificate_expired' : 'certificate_expiring',
        severity: isBlocking ? ('blocks' as const) : ('warns' as const),
        sentence: `The SAML certificate of connection ${connectionId} ${isOver ? 'expired' : 'expires'} on ${day(expiresAt)}.`,
        remedy: `To renew it, ${launch('certificate_renewal')}.`,
        at: isOver ? end : null,
      },
    ];
  });
}

/** Infinity for a time that is none. */
const daysUntil = (time: string): number => {
  const end = timeOf(time);
  return end ? Math.floor((end.getTime() - Date.now()) / DAY_MS) : Infinity;
};

function domains({ setup }: Facts): Finding[] {
  const open = setup.domains.filter(
    ({ state }) => !['verified', 'legacy_verified'].includes(state),
  );
  if (open.length === 0) return [];
  return [
    {
      cause: 'domain_not_verified',
      severity: 'warns',
      sentence: `These domains of the tenant are not verified: ${open.map(({ domain, state }) => `${domain} (${state})`).join(', ')}. Their users may be refused.`,
      remedy: `To verify it, ${launch('domain_verification')}.`,
      at: null,
    },
  ];
}

/** Nobody can begin a login if no client may. */
function clients({ tenant, tenantId, clients: known }: Facts): Finding[] {
  if (!tenant || tenant.status === 'deleted') return [];
  const covering = known.filter(({ mayUse }) => mayUse);
  const able = covering.filter((one) => !one.disabled && one.mayLogin && one.redirectUris > 0);
  if (able.length > 0) return [];
  const faults = covering.map((one) => `${one.id} ${faultOf(one)}`);
  return [
    {
      cause: 'no_client_can_sign_in',
      severity: 'blocks',
      sentence: `No client can sign the tenant’s users in${faults.length > 0 ? `: ${faults.join('; ')}` : ', because none may use this tenant'}.`,
      remedy: `\`gatehouse clients list\` shows the clients. ${remedyFor(covering, tenantId)}`,
      at: null,
    },
  ];
}

/** The flags replace what a client has. */
const remedyFor = (covering: Facts['clients'], tenantId: string): string => {
  const commands = covering.map((one) => `\`gatehouse clients update ${one.id} ${flagFor(one)}\``);
  if (commands.length > 0) return `To mend one: ${commands.slice(0, 3).join('; or ')}.`;
  return `Let one use it: \`gatehouse clients update <client> --tenants '<those it has, and ${tenantId}>'\`.`;
};

const flagFor = ({ disabled, mayLogin }: Facts['clients'][number]): string => {
  if (disabled) return '--disabled false';
  return mayLogin ? '--redirect-uri <address>' : "--scopes '<those it has, and sso:login>'";
};

const faultOf = ({ disabled, mayLogin }: Facts['clients'][number]): string => {
  if (disabled) return 'is disabled';
  return mayLogin ? 'has no redirect URI' : 'lacks the scope sso:login';
};

const day = (time: string): string => time.slice(0, 10);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
