/** What a person may change of what is already there: a thing, its state, and a button for each change. */
import {
  certificatesOf,
  setCertificateExpiry,
  renewCertificate,
} from '../sso/saml-certificates.ts';
import { changeConnection, deleteConnection } from '../sso/connections.ts';
import { changeDirectory, deleteDirectory } from '../directories/directories.ts';
import { addDirectoryUser } from '../directories/members.ts';
import { markFailed, markVerified, requireUnclaimed } from '../organizations/domains.ts';
import { domainOf, removeDomain } from '../organizations/domain-operations.ts';
import {
  deleteOrganization,
  organizationOf,
  updateOrganization,
} from '../organizations/organizations.ts';
import type { Connection, Directory, OrganizationDomain, SamlCertificate } from '../state/state.ts';
import type { World } from '../state/world.ts';

export interface Thing {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** WorkOS's word, or what there is to say of it. */
  readonly state: string;
  readonly changes: readonly { readonly name: ChangeName; readonly label: string }[];
}

export type ChangeName = keyof typeof CHANGES;

/** @param id of the thing; @param text what was typed, for a new name */
type Change = (world: World, id: string, text: string) => void;

const CHANGES = {
  'connection.activate': (world, id) => void changeConnection(world, id, 'active'),
  'connection.deactivate': (world, id) => void changeConnection(world, id, 'inactive'),
  'connection.delete': deleteConnection,
  'certificate.end': (world, id) => void setCertificateExpiry(world, id),
  'certificate.expire': (world, id) => void setCertificateExpiry(world, id, world.now()),
  'certificate.renew': (world, id) => void renewCertificate(world, id),
  'directory.resume': (world, id) => void changeDirectory(world, id, 'linked'),
  'directory.stop': (world, id) => void changeDirectory(world, id, 'unlinked'),
  'directory.hire': (world, id) => void addDirectoryUser(world, id),
  'directory.delete': deleteDirectory,
  'domain.verify': (world, id) => {
    const domain = domainOf(world, id);
    requireUnclaimed(world, domain.organization_id, domain.domain);
    markVerified(world, domain);
  },
  'domain.fail': (world, id) => markFailed(world, domainOf(world, id)),
  'domain.delete': (world, id) => removeDomain(world, domainOf(world, id)),
  'organization.rename': (world, id, text) =>
    updateOrganization(world, organizationOf(world, id), text.trim() ? { name: text.trim() } : {}),
  'organization.delete': deleteOrganization,
} satisfies Record<string, Change>;

/** What an organization has, its own name last. */
export function thingsOf(world: World, organizationId: string): Thing[] {
  const { connections, directories } = world.state;
  const isOfIt = (one: { organization_id: string }) => one.organization_id === organizationId;
  const { name, domains } = organizationOf(world, organizationId);
  return [
    ...[...connections.values()].filter(isOfIt).map(connectionThing),
    ...certificatesOf(world, organizationId).map((one) => certificateThing(world, one)),
    ...[...directories.values()].filter(isOfIt).map(directoryThing),
    ...domains.map(domainThing),
    {
      id: organizationId,
      kind: 'Organization',
      name,
      state: '',
      changes: [
        { name: 'organization.rename', label: 'Rename' },
        { name: 'organization.delete', label: 'Delete' },
      ],
    },
  ];
}

/** Does nothing where the organization has no such thing, or the thing no such change. */
export function change(
  world: World,
  organizationId: string,
  { id, name, text }: { id: string; name: string; text: string },
): void {
  const asked = thingsOf(world, organizationId)
    .filter((thing) => thing.id === id)
    .flatMap(({ changes }) => changes)
    .find((one) => one.name === name);
  if (asked) CHANGES[asked.name](world, id, text);
}

const connectionThing = ({ id, name, connection_type, state }: Connection): Thing => ({
  id,
  kind: 'Connection',
  name: `${name} (${connection_type})`,
  state,
  changes: [
    state === 'active'
      ? { name: 'connection.deactivate', label: 'Deactivate' }
      : { name: 'connection.activate', label: 'Activate' },
    { name: 'connection.delete', label: 'Delete' },
  ],
});

const certificateThing = (world: World, { connection_id, expiry_date }: SamlCertificate): Thing => {
  const isOver = expiry_date <= world.now().toISOString();
  return {
    id: connection_id,
    kind: 'Certificate',
    name: world.state.connections.get(connection_id)?.name ?? connection_id,
    state: `${isOver ? 'ended' : 'ends'} ${expiry_date.slice(0, 10)}`,
    changes: [
      { name: 'certificate.renew', label: 'Renew' },
      { name: 'certificate.end', label: 'End in 20 days' },
      { name: 'certificate.expire', label: 'End now' },
    ],
  };
};

const directoryThing = ({ id, name, type, state, metadata: { users } }: Directory): Thing => ({
  id,
  kind: 'Directory',
  name: `${name} (${type}, ${users.active} people)`,
  state,
  changes: [
    state === 'linked'
      ? { name: 'directory.stop', label: 'Stop syncing' }
      : { name: 'directory.resume', label: 'Sync again' },
    { name: 'directory.hire', label: 'Add a person' },
    { name: 'directory.delete', label: 'Delete' },
  ],
});

const domainThing = ({ id, domain, state }: OrganizationDomain): Thing => ({
  id,
  kind: 'Domain',
  name: domain,
  state,
  changes: [
    ...(state === 'verified' ? [] : [{ name: 'domain.verify' as const, label: 'Verify' }]),
    ...(state === 'pending' ? [{ name: 'domain.fail' as const, label: 'Fail' }] : []),
    { name: 'domain.delete', label: 'Delete' },
  ],
});
