/** Sends a request to WorkOS, and translates its refusal for the caller. */
import { mayUseEveryTenant } from '../../core/identity.ts';
import { Problem } from '../../core/problem.ts';
import { isNotFound } from '../../workos/failure.ts';
import { aboutTheRequest } from '../../workos/problems.ts';
import type { AuthorizationDeps, Permit } from './permit.ts';
import { missingIn, namesMoreThanTenant } from './references.ts';
import type { Request } from './request.ts';
import { upstreamRequest } from './upstream-request.ts';

type CallDeps = Pick<AuthorizationDeps, 'sender' | 'reportMissing'>;

/** @throws Problem, UpstreamFailure */
export function callWorkos(deps: CallDeps, request: Request, permit: Permit): Promise<unknown> {
  const sendRequest = deps.sender[request.endpoint.forward.coalesced ? 'sendOnce' : 'send'];
  return sendRequest(upstreamRequest(request, permit)).catch(async (error: unknown) => {
    const problem = await toProblem(deps, request, permit, error);
    if (isUnknownUser(request, problem)) return NO_OBJECTS;
    throw problem;
  });
}

/** A user that the client may not see has no objects for it, so neither has one that does not exist. */
const isUnknownUser = ({ rule, client }: Request, problem: unknown): boolean =>
  rule === 'by-user' &&
  !mayUseEveryTenant(client) &&
  problem instanceof Problem &&
  problem.slug === 'not-found';

const NO_OBJECTS = { object: 'list', data: [], list_metadata: { before: null, after: null } };

/** Translates WorkOS's refusal for the caller. Returns the error itself if it is no refusal. */
async function toProblem(
  { reportMissing, sender }: CallDeps,
  request: Request,
  { tenant }: Permit,
  error: unknown,
): Promise<unknown> {
  const { rule, endpoint, actor } = request;
  if (!isNotFound(error)) {
    const given = Object.keys(endpoint.body?.shape ?? {});
    return aboutTheRequest(error, endpoint.forward.errorsWithin, given) ?? error;
  }
  const organizationId = tenant?.organizationId;
  if ((rule !== 'named' && rule !== 'by-user') || !organizationId) return missingIn(request);
  if (namesMoreThanTenant(request) && (await sender.hasOrganization(organizationId)))
    return missingIn(request);
  return reportMissing(tenant.id, organizationId, actor);
}
