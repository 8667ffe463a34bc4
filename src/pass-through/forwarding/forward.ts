import { audited, type Note } from '../../audit-trail/audited.ts';
import type { AuditWriter } from '../../audit-trail/writer.ts';
import type { ReportMissingOrganization } from '../../core/ports.ts';
import type { Endpoint, Input, Route } from '../../http/endpoint.ts';
import { refuseTwoCursors } from '../../http/pagination.ts';
import { isNotFound } from '../../workos/failure.ts';
import { aboutTheRequest } from '../../workos/problems.ts';
import { authorize, notFound, type AuthorizationDeps, type Permit } from './authorization.ts';
import { createOwned } from './create-owned.ts';
import { filterReply, filterUsers, parseAs } from './filter-reply.ts';
import type { ForwardedContract, ForwardedEndpoint } from './forwarded-endpoint.ts';
import { requestOf, type Request } from './request.ts';
import type { RequestSender } from './request-sender.ts';
import type { TenantsOf } from './tenant-finder.ts';
import { upstreamRequest } from './upstream-request.ts';

/** Makes the routes of a contract whose operations need no handlers of their own. */
export type Forward = (contract: ForwardedContract) => Route[];

export interface ForwarderDeps extends AuthorizationDeps {
  readonly sender: RequestSender;
  readonly tenantsOf: TenantsOf;
  readonly audit: AuditWriter;
  readonly reportMissing: ReportMissingOrganization;
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
  refuseTwoCursors(request.query ?? {});
  const permit = await authorize(deps, request);
  if (!endpoint.forward.audited) return forward(deps, request, permit, () => undefined);
  return audited(deps.audit, auditRowFor(request, permit), (note) =>
    forward(deps, request, permit, note),
  );
}

const auditRowFor = ({ actor, params }: Request, { tenant, owner }: Permit) => ({
  actor,
  tenantId: tenant?.id ?? owner?.tenantId ?? undefined,
  details: { ...params },
});

async function forward(
  deps: ForwarderDeps,
  request: Request,
  permit: Permit,
  note: Note,
): Promise<unknown> {
  const { endpoint } = request;
  const reply = await send(deps, request, permit, note);
  await forgetDeleted(deps, request);
  if (endpoint.reply.status === 204) return undefined;
  if (request.rule === 'users') return filterUsers(deps.memberships, request, permit, reply);
  if (request.rule === 'member') return parseAs(endpoint, reply);
  return filterReply(deps.tenantsOf, request, permit, reply);
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
  const tenantId = permit.owner?.tenantId ?? permit.tenant?.id ?? actor.user?.tenantId ?? null;
  // The caller may lose its right while WorkOS is asked.
  const confirm = () =>
    deps.guard.confirm(endpoint.access, tenantId ?? undefined, { ...actor, client });
  const call = () => callWorkos(deps, request, permit);
  if (creates) return createOwned(deps, { kind: creates, client, tenantId, note, confirm }, call);
  const reply = await call();
  if ('secret' in endpoint.reply) await confirm();
  return reply;
}

/** @throws Problem, UpstreamFailure */
function callWorkos(deps: ForwarderDeps, request: Request, permit: Permit): Promise<unknown> {
  const { sender } = deps;
  const sendRequest = request.endpoint.forward.coalesced ? sender.sendOnce : sender.send;
  return sendRequest(upstreamRequest(request, permit)).catch(async (error: unknown) => {
    throw await toProblem(deps, request, permit, error);
  });
}

/** Translates WorkOS's refusal for the caller. Returns the error itself if it is no refusal. */
async function toProblem(
  { reportMissing }: ForwarderDeps,
  { rule, endpoint, actor }: Request,
  { tenant }: Permit,
  error: unknown,
): Promise<unknown> {
  if (!isNotFound(error)) return aboutTheRequest(error, endpoint.forward.errorsWithin) ?? error;
  if (rule !== 'named' || !tenant?.organizationId) return notFound(endpoint);
  return reportMissing(tenant.id, tenant.organizationId, actor);
}

/**
 * Forgets the owner of an object that WorkOS has deleted. A 404 does not count as deletion: if it
 * was WorkOS's mistake, the object would have lost its owner for good.
 */
async function forgetDeleted({ owned }: ForwarderDeps, request: Request): Promise<void> {
  if (request.rule !== 'owned' && request.rule !== 'member') return;
  const { endpoint, params, client } = request;
  const { owned: kind } = endpoint.forward;
  if (kind && endpoint.method === 'delete') await owned.forget(kind, params.id, client);
}
