/** The objects that the portal page lists, and the changes its buttons make. */
import {
  certificatesOf,
  setCertificateExpiry,
  renewCertificate,
} from '../sso/saml-certificates.ts';
import { changeConnection, deleteConnection } from '../sso/connections.ts';
import { changeDirectory, deleteDirectory } from '../directories/directories.ts';
import { addDirectoryUser } from '../directories/members.ts';
import { emit } from '../events/events.ts';
import { markFailed, markVerified, requireUnclaimed } from '../organizations/domains.ts';
import { domainOf, removeDomain } from '../organizations/domain-operations.ts';
import {
  deleteOrganization,
  organizationOf,
  updateOrganization,
} from '../organizations/organizations.ts';
import type { Connection, SamlCertificate } from '../state/connections.ts';
import type { Directory } from '../state/directories.ts';
import type { OrganizationDomain } from '../state/organizations.ts';
import type { World } from '../state/world.ts';

export interface PortalItem {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** WorkOS's state, or a short text. */
  readonly state: string;
  readonly changes: readonly { readonly name: ChangeName; readonly label: string }[];
}

export type ChangeName = keyof typeof CHANGES;

/** @param text the new name; only renaming uses it */
type Change = (world: World, id: string, text: string) => void;

const CHANGES = {
  'connection.activate': (world, id) => void changeConnection(world, id, 'active'),
  'connection.deactivate': (world, id) => void changeConnection(world, id, 'inactive'),
  'connection.delete': deleteConnection,
  'certificate.expire-soon': (world, id) => void setCertificateExpiry(world, id),
  'certificate.expire': (world, id) => void setCertificateExpiry(world, id, world.now()),
  'certificate.renew': (world, id) => void renewCertificate(world, id),
  'directory.link': (world, id) => void changeDirectory(world, id, 'linked'),
  'directory.unlink': (world, id) => void changeDirectory(world, id, 'unlinked'),
  'directory.add-user': (world, id) => void addDirectoryUser(world, id),
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
  // The data of an event is an object, so no receiver can read this one.
  'organization.send-malformed-event': (world) => void emit(world, 'organization.updated', []),
} satisfies Record<string, Change>;

/** All objects of an organization, and last the organization itself. */
export function portalItems(world: World, organizationId: string): PortalItem[] {
  const { connections, directories } = world.state;
  const belongs = (one: { organization_id: string }) => one.organization_id === organizationId;
  const { name, domains } = organizationOf(world, organizationId);
  return [
    ...[...connections.values()].filter(belongs).map(connectionItem),
    ...certificatesOf(world, organizationId).map((one) => certificateItem(world, one)),
    ...[...directories.values()].filter(belongs).map(directoryItem),
    ...domains.map(domainItem),
    {
      id: organizationId,
      kind: 'Organization',
      name,
      state: '',
      changes: [
        { name: 'organization.rename', label: 'Rename' },
        { name: 'organization.delete', label: 'Delete' },
        { name: 'organization.send-malformed-event', label: 'Send a malformed event' },
      ],
    },
  ];
}

/** Does nothing if the organization has no such object, or the object no such change. */
export function applyChange(
  world: World,
  organizationId: string,
  { id, name, text }: { id: string; name: string; text: string },
): void {
  const found = portalItems(world, organizationId)
    .filter((item) => item.id === id)
    .flatMap(({ changes }) => changes)
    .find((one) => one.name === name);
  if (found) CHANGES[found.name](world, id, text);
}

const connectionItem = ({ id, name, connection_type, state }: Connection): PortalItem => ({
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

const certificateItem = (
  world: World,
  { connection_id, expiry_date }: SamlCertificate,
): PortalItem => {
  const isExpired = expiry_date <= world.now().toISOString();
  return {
    id: connection_id,
    kind: 'Certificate',
    name: world.state.connections.get(connection_id)?.name ?? connection_id,
    state: `${isExpired ? 'expired' : 'expires'} ${expiry_date.slice(0, 10)}`,
    changes: [
      { name: 'certificate.renew', label: 'Renew' },
      { name: 'certificate.expire-soon', label: 'Expire in 20 days' },
      { name: 'certificate.expire', label: 'Expire now' },
    ],
  };
};

const directoryItem = ({ id, name, type, state, metadata: { users } }: Directory): PortalItem => ({
  id,
  kind: 'Directory',
  name: `${name} (${type}, ${users.active} people)`,
  state,
  changes: [
    state === 'linked'
      ? { name: 'directory.unlink', label: 'Stop syncing' }
      : { name: 'directory.link', label: 'Resume syncing' },
    { name: 'directory.add-user', label: 'Add a person' },
    { name: 'directory.delete', label: 'Delete' },
  ],
});

const domainItem = ({ id, domain, state }: OrganizationDomain): PortalItem => ({
  id,
  kind: 'Domain',
  name: domain,
  state,
  changes: [
    ...(state === 'verified' ? [] : [{ name: 'domain.verify' as const, label: 'Verify' }]),
    ...(state === 'pending' ? [{ name: 'domain.fail' as const, label: 'Fail verification' }] : []),
    { name: 'domain.delete', label: 'Delete' },
  ],
});
