/** `/organization_domains`. The fake has no DNS: a domain is verified on the portal page only. */
import { z } from 'zod';
import {
  DomainName,
  allDomains,
  domainConflict,
  emitDomains,
  newDomain,
  requireUnclaimed,
} from './domains.ts';
import {
  ApiError,
  idOf,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { organizationOf } from './organizations.ts';
import type { OrganizationDomain } from '../state/organizations.ts';
import { parse } from '../http/validation.ts';
import type { World } from '../state/world.ts';

const CreateOrganizationDomain = z.object({
  domain: DomainName,
  organization_id: z.string().min(1),
});

export const organizationDomainOperations: readonly Operation[] = [
  { method: 'POST', path: '/organization_domains', perform: create },
  { method: 'GET', path: '/organization_domains/{id}', perform: get },
  { method: 'DELETE', path: '/organization_domains/{id}', perform: remove },
  { method: 'POST', path: '/organization_domains/{id}/verify', perform: verify },
];

export function removeDomain(world: World, removed: OrganizationDomain): void {
  const organization = organizationOf(world, removed.organization_id);
  organization.domains = organization.domains.filter((domain) => domain !== removed);
  emitDomains(world, [removed], []);
}

/** @throws ApiError 404 */
export function domainOf(world: World, id: string): OrganizationDomain {
  return requireFound(
    allDomains(world).find((domain) => domain.id === id),
    'Organization domain',
    id,
  );
}

function create(request: ApiRequest, world: World): Reply {
  const input = parse(CreateOrganizationDomain, request.body);
  const organization = organizationOf(world, input.organization_id);
  requireUnclaimed(world, organization.id, input.domain);
  if (organization.domains.some(({ domain }) => domain === input.domain))
    throw domainConflict(input.domain);
  const added = newDomain(world, organization.id, { domain: input.domain, state: 'pending' });
  organization.domains.push(added);
  emitDomains(world, [], [added]);
  return { status: 201, body: added };
}

function get(request: ApiRequest, world: World): Reply {
  return { status: 200, body: domainOf(world, idOf(request)) };
}

function remove(request: ApiRequest, world: World): Reply {
  removeDomain(world, domainOf(world, idOf(request)));
  return { status: 204 };
}

/** Leaves the state unchanged: WorkOS only starts to look for the DNS record here. */
function verify(request: ApiRequest, world: World): Reply {
  const domain = domainOf(world, idOf(request));
  if (domain.state !== 'verified') return { status: 201, body: domain };
  throw new ApiError(400, {
    code: 'domain_already_verified',
    message: `The domain '${domain.domain}' is already verified.`,
  });
}
