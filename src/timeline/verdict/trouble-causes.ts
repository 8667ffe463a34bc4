import { sentenceOf } from '../words/operations.ts';
import { explainReason } from '../words/reasons.ts';
import type { Cause, Facts, Finding, Trouble } from './facts.ts';
import { isMended } from './mended.ts';
import { REMEDIES, WORKOS_REMEDIES } from './remedies.ts';
import { isOpenStep, LOGIN, LOGIN_STEPS, loginSucceeded, severityOf } from './severity.ts';

/** Causes that failed logins, portal links and requests show. */
export const TROUBLE_CAUSES: readonly Cause[] = [current, neverReturned];

/** Reasons that only say how a login went on, or are the rule. */
const NO_TROUBLE = ['idp_initiated'];

/** Each reason once, with its latest failure, unless a success came after it. */
function current(facts: Facts): Finding[] {
  const known = new Set<string>();
  return facts.troubles.flatMap((trouble) => {
    const { reason, clientId, operation, outcome } = trouble;
    if (reason === null || !['failed', 'refused'].includes(outcome)) return [];
    // A stranger's request must not hide a client's with the same reason, nor a portal link a login.
    const isOfLogin = LOGIN_STEPS.includes(operation);
    const key = JSON.stringify([reason, clientId, isOpenStep(trouble), isOfLogin]);
    if (NO_TROUBLE.includes(reason) || known.has(key)) return [];
    known.add(key);
    return isOver(trouble, facts) || isMended(trouble, facts)
      ? []
      : [findingOf(trouble, reason, facts)];
  });
}

const PORTAL = ['launchPortal', 'confirmLaunch', 'generatePortalLink'];

/** A step of a login is over once a login succeeded; anything else once the same operation did. */
function isOver({ operation, clientId, at, reason }: Trouble, { successes }: Facts): boolean {
  if (reason === 'no_sign_in_client' || reason === 'sign_in_client_unusable') return false;
  const same = LOGIN_STEPS.includes(operation)
    ? [LOGIN]
    : PORTAL.includes(operation)
      ? PORTAL
      : [operation];
  return successes.some(
    (success) =>
      same.includes(success.operation) &&
      success.at > at &&
      (clientId === null || clientId === success.clientId),
  );
}

function findingOf(trouble: Trouble, reason: string, facts: Facts): Finding {
  const { tenantId } = facts;
  const remedy = WORKOS_REMEDIES[trouble.workosCode ?? ''] ?? REMEDIES[reason];
  const sentence = sentenceOf({
    ...trouble,
    outcome: trouble.outcome === 'refused' ? 'refused' : 'failed',
    userId: null,
    details: { workos_status: trouble.workosStatus },
  });
  return {
    cause: reason,
    severity: remedy ? severityOf(trouble, remedy.weight, facts) : 'warns',
    sentence: isByStranger(trouble) ? strangers(trouble, reason) : timesOf(trouble, sentence),
    remedy: fill(
      remedy?.text ?? 'See `docs/problems.md` for this code, and the log for the request id.',
      {
        client: trouble.clientId ?? "'<client>'",
        tenant: tenantId,
      },
    ),
    at: trouble.at,
  };
}

const timesOf = ({ count }: Trouble, sentence: string): string =>
  `${sentence}${count > 1 ? `, ${count} times` : ''}.`;

/** Anybody can send these requests. */
const isByStranger = ({ operation, outcome }: Trouble): boolean =>
  operation === 'authorizeSso' && outcome === 'refused';

function strangers({ count, clientId, said }: Trouble, reason: string): string {
  const requests =
    count === 1 ? 'One request for a login was' : `${count} requests for a login were`;
  const client = clientId === null ? '' : ` (client ${clientId})`;
  const last = said === null ? '' : `; the latest named ${said}`;
  return `${requests} refused${client}: ${explainReason(reason).replace(/\.$/, '')}${last}; whoever sent ${count === 1 ? 'it' : 'them'} is not known.`;
}

const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);

/** A login may take some minutes. */
const PATIENCE_MS = 3 * 60_000;

/** Browsers went to WorkOS, and none came back. */
function neverReturned({ troubles, successes }: Facts): Finding[] {
  const started = troubles.filter(({ outcome }) => outcome === 'started');
  const cameBack = [
    ...troubles.filter(({ operation }) => operation === 'callbackSso'),
    ...successes,
  ]
    .filter(({ operation }) => LOGIN_STEPS.includes(operation))
    .map(({ at }) => at.getTime());
  const [last] = started;
  if (!last || Date.now() - last.at.getTime() < PATIENCE_MS) return [];
  if (cameBack.some((at) => at > last.at.getTime() - PATIENCE_MS)) return [];
  const count = started.reduce((sum, one) => sum + one.count, 0);
  return [
    {
      cause: 'login_never_returned',
      // Anybody can begin a login and not finish it.
      severity: loginSucceeded(successes) ? 'warns' : 'may_block',
      sentence: `${count === 1 ? 'One login' : `${count} logins`} went to WorkOS, and none came back.`,
      remedy:
        'Open the login in a browser and read the page on which it ends. If it is WorkOS’s, register `PUBLIC_URL/sso/callback` as a redirect URI in the WorkOS dashboard; if it is the identity provider’s, the IT admin must act.',
      at: last.at,
    },
  ];
}
