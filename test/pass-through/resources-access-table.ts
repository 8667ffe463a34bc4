/** Who may call which operation of WorkOS's resources, and how everybody else is refused. */
import type { Rule } from '../../src/pass-through/forwarding/forwarded-endpoint.ts';
import type { GuardedOperation } from '../support/operations.ts';
import { forwardingOf } from '../support/resource-things.ts';

const TENANTS = ['acme', 'acme-quiet', 'acme-gone', 'globex', 'nowhere'] as const;
type TenantId = (typeof TENANTS)[number];
/** `acme-quiet` is suspended; `acme-gone` was deleted here, and its organization still is at WorkOS. */
const THERE: readonly string[] = ['acme', 'acme-quiet', 'globex'];

const CLIENTS = ['platform', 'one', 'prefix', 'disabled', 'lacking'] as const;
type ClientName = (typeof CLIENTS)[number];
export const SEES: Readonly<Record<string, readonly string[]>> = {
  platform: TENANTS,
  one: ['acme'],
  prefix: ['acme', 'acme-quiet', 'acme-gone'],
};

const USERS = ['nobody', 'admin', 'stranger', 'member', 'denied', 'asserted'] as const;
export type UserName = (typeof USERS)[number];

export interface Case {
  readonly client: ClientName;
  readonly tenant: TenantId;
  readonly user: UserName;
}

/** True for clients that are refused before the tenant and the user are read. */
export const hasNoRight = ({ client }: Pick<Case, 'client'>): boolean =>
  client === 'disabled' || client === 'lacking';

/**
 * The cases that may differ. Clients without any right are tried with few tenants and users, and an
 * operation without an acting user with few users, because it does not read the user's role.
 */
export function casesOf({ access }: GuardedOperation): readonly Case[] {
  const users = access.actingUser ? USERS : (['nobody', 'admin', 'stranger'] as const);
  return CLIENTS.flatMap((client) => {
    const isRefused = hasNoRight({ client });
    const tenants = isRefused ? (['acme', 'nowhere'] as const) : TENANTS;
    const as = isRefused ? (['nobody', 'admin'] as const) : users;
    return tenants.flatMap((tenant) => as.map((user) => ({ client, tenant, user })));
  });
}

export const elsewhere = (tenant: string): string => (tenant === 'globex' ? 'acme' : 'globex');

const NOT_FOUND = ['404 not_found', '404 tenant_not_found'];

/** Returns the statuses and codes with which the call is refused; undefined if it may be made. */
export function refusalOf(operation: GuardedOperation, of: Case): readonly string[] | undefined {
  const { access } = operation;
  if (of.client === 'disabled') return ['401 unauthenticated'];
  if (of.client === 'lacking') return ['403 insufficient_scope'];
  // These clients have every scope.
  if (access.everyTenant && !access.orScope && of.client !== 'platform')
    return ['403 every_tenant_required'];
  const kind = kindOf(operation);
  if (kind === 'environment') return undefined;
  if (kind === 'free') return refusalOfUser(operation, of);
  if (kind === 'email' && refusalOfUser(operation, of)) return refusalOfUser(operation, of);
  if (kind === 'owned' && of.client === 'platform' && operation.id === 'confirmPasswordReset')
    return undefined;
  if (access.actingUser && of.user === 'nobody' && kind !== 'named')
    return ['403 acting_user_required'];
  if (!isThere(operation, of)) return kind === 'named' ? ['404 tenant_not_found'] : NOT_FOUND;
  if (kind === 'owned' && of.user === 'stranger') return NOT_FOUND;
  return access.actingUser ? refusalWithoutAdmin(of, kind) : undefined;
}

function refusalWithoutAdmin({ user, client }: Case, kind: Kind): readonly string[] | undefined {
  if (user === 'admin' || user === 'asserted') return undefined;
  if (user === 'nobody') return ['403 acting_user_required'];
  // The client must not learn that a tenant exists which it may not use.
  const isHidden = user === 'stranger' && client !== 'platform' && kind !== 'named';
  return isHidden ? NOT_FOUND : ['403 it_admin_required'];
}

/** Refuses operations that create an object for the tenant of the acting user. */
function refusalOfUser(
  operation: GuardedOperation,
  { client, tenant, user }: Case,
): readonly string[] | undefined {
  if (!MAKES_FOR_USER.includes(operation.id) || user === 'nobody' || user === 'asserted')
    return undefined;
  const theirs = user === 'stranger' ? elsewhere(tenant) : tenant;
  const mayBe = THERE.includes(theirs) && (SEES[client]?.includes(theirs) ?? false);
  return mayBe ? undefined : ['404 tenant_not_found'];
}

const MAKES_FOR_USER = [
  'enrollFactor',
  'createPasswordlessSession',
  'createMagicAuth',
  'createPasswordReset',
];

/** True if the client may know that the object exists. */
function isThere(operation: GuardedOperation, { client, tenant }: Case): boolean {
  if (operation.access.newTenant) return SEES[client]?.includes(tenant) ?? false;
  // Users belong to the environment, so a client of every tenant may read any of them.
  const kind = kindOf(operation);
  if ((kind === 'member' || kind === 'email') && client === 'platform') return true;
  return THERE.includes(tenant) && (SEES[client]?.includes(tenant) ?? false);
}

type Kind =
  | 'named'
  | 'object'
  | 'key'
  | 'container'
  | 'owned'
  | 'member'
  | 'email'
  | 'environment'
  | 'free';

export function kindOf(operation: GuardedOperation): Kind {
  const { access, endpoint } = operation;
  if (access.tenant) return 'named';
  const rule = forwardingOf(operation)?.rule;
  if (rule === undefined || rule === 'named') return 'free';
  if (rule === 'users' && !endpoint.path.includes('{')) return 'free';
  return KINDS[rule];
}

const KINDS: Readonly<Record<Exclude<Rule, 'named'>, Kind>> = {
  object: 'object',
  key: 'key',
  container: 'container',
  owned: 'owned',
  token: 'owned',
  users: 'member',
  member: 'member',
  'of-user': 'member',
  email: 'email',
  environment: 'environment',
  'by-user': 'free',
  new: 'free',
  validation: 'free',
};

/** The requests to WorkOS that may be made to find the tenant of an object. */
export function looksOf(operation: GuardedOperation): RegExp {
  const { path } = operation.endpoint;
  switch (kindOf(operation)) {
    case 'object':
      return new RegExp(`^GET ${path.replace(/\{\w+\}.*$/, '[^/]+')}$`);
    case 'key':
      return /^GET \/organizations\/[^/]+\/api_keys$/;
    case 'container':
      return /^GET \/directories\/[^/]+$/;
    case 'member':
    case 'email':
      return READS_OF_USERS;
    default:
      return /^never$/;
  }
}

const READS_OF_USERS =
  /^GET \/user_management\/((users|magic_auth|password_reset|email_verification)(\/(external_id\/)?[^/]+)?|organization_memberships)$/;
