/** `/connections`. The API has no create operation: only the portal creates connections. */
import { addCertificate } from './saml-certificates.ts';
import { connectionData, deletedConnectionData } from '../events/event-data.ts';
import { emit } from '../events/events.ts';
import {
  idOf,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { listReply } from '../http/listing.ts';
import { organizationOf } from '../organizations/organizations.ts';
import type { Connection } from '../state/connections.ts';
import { timestamps, type World } from '../state/world.ts';

export const connectionOperations: readonly Operation[] = [
  { method: 'GET', path: '/connections', perform: list },
  { method: 'GET', path: '/connections/{id}', perform: get },
  { method: 'DELETE', path: '/connections/{id}', perform: remove },
];

/** Creates the connection that an IT admin would set up in the portal. */
export function addConnection(
  world: World,
  organizationId: string,
  given: Partial<Connection> = {},
): Connection {
  const organization = organizationOf(world, organizationId);
  const connection: Connection = {
    object: 'connection',
    id: world.newId('conn'),
    organization_id: organization.id,
    connection_type: 'OktaSAML',
    name: organization.name,
    state: 'active',
    status: 'linked',
    domains: organization.domains.map(({ id, domain }) => ({
      object: 'connection_domain',
      id,
      domain,
    })),
    ...timestamps(world),
    ...given,
  };
  world.state.connections.set(connection.id, connection);
  addCertificate(world, connection);
  if (connection.state === 'active')
    emit(world, 'connection.activated', connectionData(connection));
  return connection;
}

/** Activates or deactivates a connection, as a person does in the dashboard or the portal. */
export function changeConnection(
  world: World,
  id: string,
  state: 'active' | 'inactive',
): Connection {
  const connection = connectionOf(world, id);
  const status = state === 'active' ? 'linked' : 'unlinked';
  Object.assign(connection, { state, status, updated_at: world.now().toISOString() });
  const event = state === 'active' ? 'connection.activated' : 'connection.deactivated';
  emit(world, event, connectionData(connection));
  return connection;
}

export function deleteConnection(world: World, id: string): void {
  const connection = connectionOf(world, id);
  world.state.connections.delete(id);
  world.state.samlCertificates.delete(id);
  emit(world, 'connection.deleted', deletedConnectionData(connection));
}

function list(request: ApiRequest, { state }: World): Reply {
  const { connection_type, domain, organization_id, search } = request.query;
  const matching = [...state.connections.values()].filter(
    (connection) =>
      (!connection_type || connection.connection_type === connection_type) &&
      (!organization_id || connection.organization_id === organization_id) &&
      (!domain || connection.domains.some((one) => one.domain === domain)) &&
      (!search || connection.name.toLowerCase().includes(search.toLowerCase())),
  );
  return listReply(matching, request);
}

function get(request: ApiRequest, world: World): Reply {
  return { status: 200, body: connectionOf(world, idOf(request)) };
}

function remove(request: ApiRequest, world: World): Reply {
  deleteConnection(world, idOf(request));
  return { status: 204 };
}

function connectionOf({ state }: World, id: string): Connection {
  return requireFound(state.connections.get(id), 'Connection', id);
}
