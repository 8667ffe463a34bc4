import type { EntryOutcome, Kind } from '../entry.ts';
import { explainReason } from './reasons.ts';

/** The words of an operation: what was done, as a noun phrase that an outcome can follow. */
interface Words {
  readonly kind: Kind;
  readonly act: string;
}

const tenant = (act: string): Words => ({ kind: 'tenant', act });
const portal = (act: string): Words => ({ kind: 'portal', act });
const login = (act: string): Words => ({ kind: 'login', act });

/** Operations that a person who looks for a fault meets most; any other is named by its operationId. */
const OPERATIONS: Readonly<Record<string, Words>> = {
  putTenant: tenant('Provisioning or update'),
  createOrganization: tenant('Provisioning by createOrganization'),
  patchTenant: tenant('Change of the tenant'),
  updateOrganization: tenant('Change by updateOrganization'),
  deleteTenant: tenant('Deletion of the tenant'),
  deleteOrganization: tenant('Deletion by deleteOrganization'),
  reconcileTenant: tenant('Provisioning, continued by Gatehouse'),
  settleTenant: tenant('Change, sent again by Gatehouse'),
  lookForOrganizations: tenant('Check of the organization at WorkOS'),
  'tenants import': tenant('Import of the tenant'),
  'tenants verify --mend': tenant('Repair by gatehouse tenants verify --mend'),
  restored: tenant('Repair by gatehouse restored'),
  putItAdmin: tenant('Registration of an IT admin'),
  deleteItAdmin: tenant('Removal of an IT admin'),
  createPortalLaunch: portal('Portal launch'),
  generatePortalLink: portal('Portal link (generatePortalLink)'),
  launchPortal: portal('Opening of a portal link'),
  confirmLaunch: portal('Opening of a portal link by its button'),
  revokePortalLaunch: portal('Revocation of a portal link'),
  authorizeSso: login('Login'),
  callbackSso: login('Return from WorkOS'),
  exchangeSsoCode: login('Exchange of the login’s code'),
  getSsoProfile: login('Read of the profile'),
  'authentication.sso_failed': login('Login at the identity provider'),
};

const SAFE_NAME = /^[\w.:*-]+( [\w.:*-]+){0,3}$/;

export const kindOf = (operation: string): Kind => OPERATIONS[operation]?.kind ?? 'request';

export interface Sentence {
  readonly operation: string;
  readonly outcome: EntryOutcome;
  readonly reason: string | null;
  /** What WorkOS, a browser or an identity provider said, cleaned. */
  readonly said: string | null;
  readonly clientId: string | null;
  readonly userId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

const OUTCOMES: Readonly<Record<EntryOutcome, string>> = {
  attempted: 'begun, without a recorded outcome',
  succeeded: 'succeeded',
  failed: 'failed',
  refused: 'was refused',
  started: 'started',
  returned: 'succeeded',
  waiting: 'waits',
};

/** “Exchange of the login’s code failed (client crm): WorkOS refuses Gatehouse’s API key” */
export function sentenceOf({
  operation,
  outcome,
  reason,
  said,
  details,
  ...who
}: Sentence): string {
  const act = OPERATIONS[operation]?.act ?? (SAFE_NAME.test(operation) ? operation : 'A request');
  const why = reason === null ? '' : `: ${explainReason(reason).replace(/\.$/, '')}`;
  const quoted = said === null ? '' : `; quoted: “${said}”`;
  const facts = [
    who.clientId && `client ${who.clientId}`,
    who.userId && `user ${who.userId}`,
    ...factsIn(details),
  ].filter(Boolean);
  const about = facts.length > 0 ? ` (${facts.join(', ')})` : '';
  return `${act} ${OUTCOMES[outcome]}${about}${why}${quoted}`;
}

/** Facts of an audit row that are worth a place in its sentence. */
const FACTS: Readonly<Record<string, string>> = {
  intent: 'intent',
  status: 'status',
  organization_id: 'organization',
  connection_id: 'connection',
  workos_status: 'WorkOS answered',
  adopted: 'adopted',
  orphaned: 'orphaned',
  seen_again: 'seen again',
};

const factsIn = (details: Sentence['details']): string[] =>
  Object.entries(FACTS).flatMap(([name, word]) => {
    const value = details[name];
    if (value === true) return [word];
    return typeof value === 'string' || typeof value === 'number' ? [`${word} ${value}`] : [];
  });
