import { hash } from 'node:crypto';
import type { AuditWriter } from '../../audit-trail/writer.ts';
import type { Endpoint, Input, Route } from '../../http/endpoint.ts';
import { refuseTwoCursors } from '../../http/pagination.ts';
import {
  mayUseEveryTenant,
  mayUseTenant,
  type Actor,
  type ActingUser,
  type Client,
  type Tenant,
} from '../../core/identity.ts';
import { isObject } from '../../core/json.ts';
import type { Problem } from '../../core/problem.ts';
import { isNotFound, UpstreamFailure } from '../../workos/failure.ts';
import { parseReply } from '../../workos/parse-reply.ts';
import { aboutTheRequest } from '../../workos/problems.ts';
import {
  organizationIdsIn,
  withTenantIds,
  type ByOrganization,
} from '../../workos/translate-ids.ts';
import { audited, type Note } from '../../audit-trail/audited.ts';
import type { ForwardedContract, ForwardedEndpoint } from './forwarded-endpoint.ts';
import { making } from './making.ts';
import type { Memberships } from './memberships.ts';
import {
  createPermits,
  notFound,
  type Permit,
  type PermitDeps,
  type Request,
} from './authorization.ts';
import type { TenantsOf } from './tenant-finder.ts';
import type { OwnedStore } from './store.ts';
import { asText, type Sender, type UpstreamRequest } from './sender.ts';

/** Makes the routes of a contract whose operations need no handlers of their own. */
export type Forward = (contract: ForwardedContract) => Route[];

export interface ForwarderDeps extends PermitDeps {
  readonly sender: Sender;
  readonly owned: OwnedStore;
  readonly memberships: Memberships;
  readonly tenantsOf: TenantsOf;
  readonly audit: AuditWriter;
  /** What to say of a tenant whose organization WorkOS does not know. */
  readonly reportMissing: (
    tenantId: string,
    organizationId: string,
    actor: Actor,
  ) => Promise<Problem>;
}

/**
 * Does WorkOS's own operations with tenant ids: permission, the call, what may be answered. All
 * that differs between them is in their contracts.
 */
export function createForwarder(deps: ForwarderDeps): Forward {
  const permits = createPermits(deps);

  const perform = async (endpoint: ForwardedEndpoint, input: Input<Endpoint>): Promise<unknown> => {
    // Sound: no forwarded operation is public, and so each has a client.
    const request: Request = { endpoint, input, client: input.client };
    refuseTwoCursors((input.query as object | undefined) ?? {});
    const permit = await permits[endpoint.forward.rule](request);
    const run = (note: Note) => forward(deps, request, permit, note);
    return endpoint.forward.audited
      ? audited(deps.audit, actOf(request, permit), run)
      : run(() => undefined);
  };

  return (contract) =>
    Object.entries(contract).map(([operationId, endpoint]) => ({
      operationId,
      endpoint,
      handle: (input) => perform(endpoint, input),
    }));
}

const actOf = ({ input: { actor, params } }: Request, { tenant, owner }: Permit) => ({
  actor,
  tenantId: tenant?.id ?? owner?.tenantId ?? undefined,
  details: { ...(params as unknown as { id?: string } | undefined) },
});

async function forward(
  deps: ForwarderDeps,
  request: Request,
  permit: Permit,
  note: Note,
): Promise<unknown> {
  const { endpoint } = request;
  const { makes } = endpoint.forward;
  const call = () => called(deps, request, permit);
  const owner = newOwner(request, permit);
  const confirm = () => confirmed(deps, request, owner.tenantId);
  const reply = makes
    ? await making(deps, { ...owner, kind: makes, note, confirm }, call)
    : await call();
  if (!makes && isSecret(endpoint)) await confirm();
  await forgetDeleted(deps, request);
  if (endpoint.reply.status === 204) return undefined;
  const tenants = await visible(deps, request.client, permit, reply);
  return endpoint.forward.rule === 'member'
    ? seen(deps, request, permit, reply)
    : answer(request, permit, tenants, reply);
}

const isSecret = ({ reply }: ForwardedEndpoint): boolean =>
  'secret' in reply && reply.secret === true;

/** The caller may have lost its right while WorkOS was asked. @throws Problem */
async function confirmed(
  { guard }: ForwarderDeps,
  { endpoint, input, client }: Request,
  tenantId: string | null,
): Promise<void> {
  if (endpoint.access === 'public') return;
  await guard.confirm(endpoint.access, tenantId ?? undefined, { ...input.actor, client });
}

/** @throws Problem, UpstreamFailure */
function called(deps: ForwarderDeps, request: Request, permit: Permit): Promise<unknown> {
  const { sender } = deps;
  const send = request.endpoint.forward.coalesced ? sender.sendOnce : sender.send;
  return send(upstreamRequest(request, permit)).catch(async (error: unknown) => {
    throw await whatItMeans(deps, request, permit, error);
  });
}

/**
 * The owner of an object is of no more use once WorkOS has deleted it. A 404 is no deletion: it may
 * be a mistake of WorkOS's, and without its owner the object would be nobody's for ever.
 */
async function forgetDeleted({ owned }: ForwarderDeps, { endpoint, input, client }: Request) {
  const { owned: kind } = endpoint.forward;
  if (!kind || endpoint.method !== 'delete') return;
  await owned.forget(kind, (input.params as unknown as { id: string }).id, client);
}

/** Whose a new object is. */
function newOwner({ input, client }: Request, { owner, tenant }: Permit) {
  const user = input.user as ActingUser | undefined;
  return { client, tenantId: owner?.tenantId ?? tenant?.id ?? user?.tenantId ?? null };
}

/** The same operation, in WorkOS's ids. */
function upstreamRequest({ endpoint, input, client }: Request, permit: Permit): UpstreamRequest {
  const params = input.params as unknown as Record<string, string> | undefined;
  const query = input.query;
  return {
    class: endpoint.forward.class,
    method: endpoint.method,
    path: pathOf(endpoint, params ?? {}, permit),
    operation: `${endpoint.method} ${endpoint.path}`,
    query: asText({ ...query, ...(query?.organization_id !== undefined && organization(permit)) }),
    body: bodyOf(input.body, permit),
    idempotencyKey: keyOf(client, input.headers['idempotency-key']),
    limited: permit.limited,
  };
}

/** Clients share WorkOS's one key, and so one of them might be answered what another was. */
function keyOf({ id, generation }: Client, key: string | undefined): string | undefined {
  if (key === undefined || !/^[\x21-\x7e]{1,255}$/.test(key)) return undefined;
  return hash('sha256', `${id} ${generation} ${key}`, 'base64url');
}

const organization = ({ tenant }: Permit) => ({ organization_id: tenant?.organizationId });

function pathOf(
  { path, access }: ForwardedEndpoint,
  params: Readonly<Record<string, string>>,
  { tenant }: Permit,
): string {
  const isTenant = access !== 'public' && access.tenant === 'params.id';
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent((isTenant ? tenant?.organizationId : params[name]) ?? ''),
  );
}

function bodyOf(body: unknown, permit: Permit): unknown {
  if (!isObject(body)) return undefined;
  return 'organization_id' in body ? { ...body, ...organization(permit) } : body;
}

/** WorkOS's refusal, as the caller is to see it. */
async function whatItMeans(
  { reportMissing }: ForwarderDeps,
  { endpoint, input }: Request,
  { tenant }: Permit,
  error: unknown,
): Promise<unknown> {
  if (!isNotFound(error)) return aboutTheRequest(error) ?? error;
  const isAboutTenant = endpoint.forward.rule === 'named' && tenant?.organizationId;
  return isAboutTenant ? reportMissing(tenant.id, isAboutTenant, input.actor) : notFound(endpoint);
}

/** The tenants of the organizations in a reply that the client may see, and was asking for. */
async function visible(
  { tenantsOf }: ForwarderDeps,
  client: Client,
  { tenant: only }: Permit,
  reply: unknown,
): Promise<ByOrganization> {
  const tenants = await tenantsOf([...organizationIdsIn(reply)]);
  const isVisible = ({ id }: Tenant) => mayUseTenant(client, id) && (only?.id ?? id) === id;
  return new Map([...tenants].filter(([, tenant]) => isVisible(tenant)));
}

/** What is left of a reply once everything is gone that the client may not see. */
function answer(
  { endpoint, client }: Request,
  permit: Permit,
  tenants: ByOrganization,
  reply: unknown,
): unknown {
  if (!isObject(reply)) throw new UpstreamFailure('invalid-response', { reason: 'not an object' });
  const isSeen = (object: unknown) => {
    if (!isObject(object)) return false;
    const { organization_id: id } = object;
    if (typeof id === 'string') return tenants.has(id);
    // Of no organization: the environment's, or what only its owner can ask for.
    return endpoint.forward.rule !== 'object' || mayUseEveryTenant(client);
  };
  if (!Array.isArray(reply.data)) {
    if (!isSeen(reply)) throw notFound(endpoint);
    return parsed(endpoint, withTenantIds(reply, tenants));
  }
  const data = reply.data.filter(
    (object) => isSeen(object) && (isOfOne(object) || permit.tenant === undefined),
  );
  return parsed(endpoint, { ...reply, data: withTenantIds(data, tenants) });
}

const isOfOne = (object: unknown): boolean =>
  isObject(object) && typeof object.organization_id === 'string';

/** Users have no organization in them; each is looked up, but for a list that was asked of a tenant. */
async function seen(
  { memberships }: ForwarderDeps,
  { endpoint, client }: Request,
  { tenant }: Permit,
  reply: unknown,
): Promise<unknown> {
  if (!isObject(reply)) throw new UpstreamFailure('invalid-response', { reason: 'not an object' });
  const isVisible = async (user: unknown) =>
    isObject(user) &&
    typeof user.id === 'string' &&
    (await memberships.accessOf(client, user.id)) !== 'none';
  if (endpoint.method !== 'get' || tenant) return parsed(endpoint, reply);
  if (!Array.isArray(reply.data)) {
    if (!(await isVisible(reply))) throw notFound(endpoint);
    return parsed(endpoint, reply);
  }
  const mask = await Promise.all(reply.data.map(isVisible));
  return parsed(endpoint, { ...reply, data: reply.data.filter((_, index) => mask[index]) });
}

/** Down to what the contract names. @throws UpstreamFailure */
function parsed({ reply }: ForwardedEndpoint, value: unknown): unknown {
  if (!('body' in reply)) return undefined;
  return parseReply(reply.body, value, 'what the operation promises');
}
