import { audited, type Note } from '../../audit-trail/audited.ts';
import type { AuditWriter } from '../../audit-trail/writer.ts';
import { mayUseEveryTenant } from '../../core/identity.ts';
import { isObject } from '../../core/json.ts';
import type { Endpoint, Input, Route } from '../../http/endpoint.ts';
import { UpstreamFailure } from '../../workos/failure.ts';
import { authorize } from './authorization.ts';
import { callWorkos } from './call-workos.ts';
import { createOwned } from './create-owned.ts';
import { filterByUser, filterReply, filterUsers, filterValidation } from './filter-reply.ts';
import type { ForwardedContract, ForwardedEndpoint } from './forwarded-endpoint.ts';
import { gatherPage, isPage, isPartOf, type Page, type PageQuery } from './gather-page.ts';
import {
  confirm,
  confirmForSecret,
  hideTenant,
  type AuthorizationDeps,
  type Permit,
} from './permit.ts';
import { findableOf } from './lost-object.ts';
import { namedIds } from './references.ts';
import { visiblePage } from './visible-page.ts';
import { requestOf, type Request } from './request.ts';
import { requireAskedObject, requireWantedObject } from './same-object.ts';
import type { TenantsOf } from './tenant-finder.ts';

/** Makes the routes of a contract whose operations need no handlers of their own. */
export type Forward = (contract: ForwardedContract) => Route[];

export interface ForwarderDeps extends AuthorizationDeps {
  readonly tenantsOf: TenantsOf;
  readonly audit: AuditWriter;
}

/**
 * Forwards WorkOS's own operations: authorizes the request, sends it with WorkOS's ids, and filters
 * the reply. The operations differ only in their contracts.
 */
export const createForwarder =
  (deps: ForwarderDeps): Forward =>
  (contract) =>
    Object.entries(contract).map(([operationId, endpoint]) => ({
      operationId,
      endpoint,
      handle: (input) => handle(deps, endpoint, input),
    }));

async function handle(
  deps: ForwarderDeps,
  endpoint: ForwardedEndpoint,
  input: Input<Endpoint>,
): Promise<unknown> {
  const request = requestOf(endpoint, input);
  const permit = await authorize(deps, request);
  const { tenant } = permit;
  if (tenant) await input.limitedTenant(tenant);
  if (endpoint.forward.audited)
    return audited(deps.audit, auditRowFor(request, permit), (note) =>
      forward(deps, request, permit, note),
    );
  const reply = await forward(deps, request, permit, () => undefined);
  const found = tenant ? undefined : tenantIn(reply);
  if (found && endpoint.method === 'get') await input.limitedTenant(found);
  return reply;
}

/** The tenant of an object that was read without knowing its tenant. */
const tenantIn = (reply: unknown): { readonly id: string } | undefined =>
  isObject(reply) && typeof reply.organization_id === 'string'
    ? { id: reply.organization_id }
    : undefined;

const auditRowFor = (request: Request, { tenant, owner }: Permit) => ({
  actor: request.actor,
  tenantId: tenant?.id ?? owner?.tenantId ?? undefined,
  details: { ...request.params, ...namedIds(request) },
});

async function forward(
  deps: ForwarderDeps,
  request: Request,
  permit: Permit,
  note: Note,
): Promise<unknown> {
  const { endpoint } = request;
  const { tenant } = permit;
  if (mayBeThinned(request, permit)) return sendForPage(deps, request, permit);
  const reply = await send(deps, request, permit, note);
  await forgetDeleted(deps, request);
  if (endpoint.reply.status === 204) return undefined;
  requireAskedObject(request, reply);
  const answer = await filter(deps, request, permit, reply);
  const found = tenant ? undefined : tenantIn(answer);
  // `send` has confirmed the right to the operation; only the reply tells the tenant.
  if (found && 'secret' in endpoint.reply)
    await confirm(deps, request, found.id).catch(hideTenant(endpoint));
  // WorkOS did not apply the filter by tenant, so its cursors may be objects of others.
  if (isPartOf(answer, reply)) return sendForPage(deps, request, permit);
  deps.cursors.remember(permit, answer);
  return answer;
}

function filter(
  deps: ForwarderDeps,
  request: Request,
  permit: Permit,
  reply: unknown,
): Promise<unknown> {
  if (request.rule === 'users') return filterUsers(deps.memberships, request, permit, reply);
  if (request.rule === 'of-user') return filterByUser(deps, request, reply);
  if (request.rule === 'validation') return filterValidation(deps.tenantsOf, request, reply);
  return filterReply(deps.tenantsOf, request, permit, reply);
}

/** True for a list some of whose objects may belong to tenants of others, or to no tenant. */
function mayBeThinned({ rule, query, endpoint, client }: Request, { tenant }: Permit): boolean {
  if (tenant || !query || !('limit' in query)) return false;
  if (rule === 'users') return !mayUseEveryTenant(client);
  return (
    rule === 'by-user' || rule === 'named' || (rule === 'member' && !endpoint.forward.unmarked)
  );
}

/** To a client of every tenant the position of an object tells nothing, so no list is read from its start. */
async function sendForPage(deps: ForwarderDeps, request: Request, permit: Permit): Promise<Page> {
  const read = async (query: object) => {
    const cursors = { after: undefined, before: undefined };
    const ofPage = { ...request, query: { ...request.query, ...cursors, ...query } } as Request;
    const full = await callWorkos(deps, ofPage, permit);
    if (!isPage(full)) throw new UpstreamFailure('invalid-response', { reason: 'not a list' });
    const { data } = (await filter(deps, request, permit, full)) as Page;
    return { full, visible: data };
  };
  const asked = request.query as PageQuery & Request['query'];
  const gather = mayUseEveryTenant(request.client) ? visiblePage : gatherPage;
  const page = await gather(read, asked);
  // The caller may lose its right while WorkOS is asked.
  if ('secret' in request.endpoint.reply) await confirm(deps, request, permit.tenant?.id);
  return page;
}

/** @throws Problem, UpstreamFailure */
async function send(
  deps: ForwarderDeps,
  request: Request,
  permit: Permit,
  note: Note,
): Promise<unknown> {
  const { endpoint, actor, client } = request;
  const { creates } = endpoint.forward;
  const { tenantId: ofActor } = actor.user ?? {};
  const ofUser = creates || permit.owner || request.rule === 'email' ? ofActor : undefined;
  const tenantId = permit.owner?.tenantId ?? permit.tenant?.id ?? ofUser ?? null;
  // The caller may lose its right while WorkOS is asked.
  const confirmed = () => confirmForSecret(deps, request, permit, tenantId ?? undefined);
  const call = async () =>
    requireWantedObject(request, permit, await callWorkos(deps, request, permit));
  if (creates) {
    const findable = findableOf(creates, request.body, deps.memberships);
    return createOwned(
      deps,
      { kind: creates, client, tenantId, note, findable, confirm: confirmed },
      call,
    );
  }
  const reply = await call();
  if ('secret' in endpoint.reply) await confirmed();
  return reply;
}

/**
 * Forgets the owner of an object that WorkOS has deleted. A 404 does not count as deletion: if it
 * was WorkOS's mistake, the object would have lost its owner for good.
 */
async function forgetDeleted({ owned }: ForwarderDeps, request: Request): Promise<void> {
  if (request.endpoint.method !== 'delete') return;
  if (request.rule === 'key') await owned.drop('api_key', request.params.id);
  if (request.rule !== 'owned' && request.rule !== 'member') return;
  const { endpoint, params, client } = request;
  const { owned: kind } = endpoint.forward;
  if (kind) await owned.forget(kind, params.id, client);
}
