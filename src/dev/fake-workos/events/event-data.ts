/** The `data` of events, whose shapes differ slightly from the API's objects. */
import type { Connection } from '../state/connections.ts';
import type { Directory } from '../state/directories.ts';
import type { Organization } from '../state/organizations.ts';

export function organizationData(organization: Organization): object {
  const { object, id, name, domains, metadata, external_id, stripe_customer_id } = organization;
  const { created_at, updated_at } = organization;
  const known = { object, id, name, domains, metadata, external_id, created_at, updated_at };
  return stripe_customer_id === undefined ? known : { ...known, stripe_customer_id };
}

export const connectionData = (connection: Connection): object => ({
  ...deletedConnectionData(connection),
  external_key: connection.id,
  status: connection.status,
  domains: connection.domains,
});

export function deletedConnectionData(connection: Connection): object {
  const { object, id, organization_id, state, name, connection_type } = connection;
  const { created_at, updated_at } = connection;
  return { object, id, organization_id, state, name, connection_type, created_at, updated_at };
}

const DIRECTORY_STATES: Partial<Record<Directory['state'], string>> = {
  linked: 'active',
  unlinked: 'inactive',
};

export const directoryData = (directory: Directory, { domains }: Organization): object => ({
  ...deletedDirectoryData(directory),
  external_key: directory.external_key,
  domains: domains.map(({ object, id, domain }) => ({ object, id, domain })),
});

export function deletedDirectoryData(directory: Directory): object {
  const { object, id, organization_id, type, name, created_at, updated_at } = directory;
  const state = DIRECTORY_STATES[directory.state] ?? directory.state;
  return { object, id, organization_id, type, name, created_at, updated_at, state };
}
