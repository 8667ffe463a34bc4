/** `/organizations`. `external_id` is unique; creation is not idempotent. */
import { emitDomains } from './domains.ts';
import {
  deletedConnectionData,
  deletedDirectoryData,
  organizationData,
} from '../events/event-data.ts';
import { emit } from '../events/events.ts';
import {
  idOf,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { listReply } from '../http/listing.ts';
import { CreateOrganization, UpdateOrganization, changeOrganization } from './changes.ts';
import type { Organization } from '../state/organizations.ts';
import { parse } from '../http/validation.ts';
import { timestamps, type World } from '../state/world.ts';

export const organizationOperations: readonly Operation[] = [
  { method: 'GET', path: '/organizations', perform: list },
  { method: 'POST', path: '/organizations', perform: create },
  { method: 'GET', path: '/organizations/external_id/{external_id}', perform: getByExternalId },
  { method: 'GET', path: '/organizations/{id}', perform: get },
  { method: 'PUT', path: '/organizations/{id}', perform: update },
  { method: 'DELETE', path: '/organizations/{id}', perform: remove },
];

/** Deletes the organization and, as WorkOS does, everything that belongs to it. */
export function deleteOrganization(world: World, id: string): void {
  const { state } = world;
  const organization = organizationOf(world, id);
  emitDeletion(world, organization);
  state.organizations.delete(id);
  for (const members of [
    state.connections,
    state.samlCertificates,
    state.directories,
    state.portalSessions,
    state.profiles,
    state.directoryUsers,
    state.directoryGroups,
    state.directoryMemberships,
    state.auditLogEvents,
    state.auditLogExports,
    state.auditLogFiles,
    state.auditLogRetentions,
    state.organizationMemberships,
    state.invitations,
    state.groups,
    state.roles,
  ])
    for (const [key, { organization_id }] of members)
      if (organization_id === id) members.delete(key);
}

function emitDeletion(world: World, organization: Organization): void {
  const { connections, directories } = world.state;
  const belongs = (member: { organization_id: string }) =>
    member.organization_id === organization.id;
  for (const one of [...connections.values()].filter(belongs))
    emit(world, 'connection.deleted', deletedConnectionData(one));
  for (const one of [...directories.values()].filter(belongs))
    emit(world, 'dsync.deleted', deletedDirectoryData(one));
  emitDomains(world, organization.domains, []);
  emit(world, 'organization.deleted', organizationData(organization));
}

export function updateOrganization(
  world: World,
  organization: Organization,
  change: UpdateOrganization,
): void {
  const { domains } = organization;
  changeOrganization(world, organization, change);
  organization.updated_at = world.now().toISOString();
  emitDomains(world, domains, organization.domains);
  emit(world, 'organization.updated', organizationData(organization));
}

export function organizationOf({ state }: World, id: string): Organization {
  return requireFound(state.organizations.get(id), 'Organization', id);
}

function create(request: ApiRequest, world: World): Reply {
  const input = parse(CreateOrganization, request.body);
  const organization: Organization = {
    object: 'organization',
    id: world.newId('org'),
    name: input.name,
    domains: [],
    metadata: {},
    external_id: null,
    allow_profiles_outside_organization: false,
    ...timestamps(world),
  };
  changeOrganization(world, organization, input);
  world.state.organizations.set(organization.id, organization);
  emit(world, 'organization.created', organizationData(organization));
  emitDomains(world, [], organization.domains);
  return { status: 201, body: organization };
}

function update(request: ApiRequest, world: World): Reply {
  const organization = organizationOf(world, idOf(request));
  updateOrganization(world, organization, parse(UpdateOrganization, request.body));
  return { status: 200, body: organization };
}

function list(request: ApiRequest, { state }: World): Reply {
  const domains = request.query.domains?.split(',');
  const search = request.query.search?.toLowerCase();
  const matching = [...state.organizations.values()].filter(
    (organization) =>
      (!domains || organization.domains.some(({ domain }) => domains.includes(domain))) &&
      (!search || organization.name.toLowerCase().includes(search)),
  );
  return listReply(matching, request);
}

function get(request: ApiRequest, world: World): Reply {
  return { status: 200, body: organizationOf(world, idOf(request)) };
}

function getByExternalId({ params }: ApiRequest, { state }: World): Reply {
  const externalId = params.external_id ?? '';
  const found = [...state.organizations.values()].find((o) => o.external_id === externalId);
  return { status: 200, body: requireFound(found, 'Organization', externalId) };
}

function remove(request: ApiRequest, world: World): Reply {
  deleteOrganization(world, idOf(request));
  return { status: 202 };
}
