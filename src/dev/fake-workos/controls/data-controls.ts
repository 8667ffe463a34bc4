/** What happens at WorkOS outside of its API, for tests and seeds: syncs, text messages, accidents. */
import { failAuditLogExport } from '../audit-logs/exports.ts';
import { setCertificateExpiry, renewCertificate } from '../sso/saml-certificates.ts';
import { smsOf, type SentSms } from '../mfa/challenges.ts';
import { changeConnection } from '../sso/connections.ts';
import { changeDirectory } from '../directories/directories.ts';
import {
  addDirectoryGroup,
  addDirectoryUser,
  changeDirectoryGroup,
  changeDirectoryUser,
  removeDirectoryMember,
} from '../directories/members.ts';
import { addToGroup, removeFromGroup } from '../directories/memberships.ts';
import type { DirectoryGroup, DirectoryUser } from '../state/directories.ts';
import { addMembership } from '../users/memberships.ts';
import { deleteOrganization } from '../organizations/organizations.ts';
import type { Connection, Directory, SamlCertificate } from '../state/state.ts';
import type { OrganizationMembership } from '../state/users.ts';
import type { World } from '../state/world.ts';

export interface DataControls {
  deleteOrganization(organizationId: string): void;
  changeConnection(connectionId: string, state: 'active' | 'inactive'): Connection;
  /** A certificate nears its end. @param at when it ends; default in 20 days */
  setCertificateExpiry(connectionId: string, at?: Date): SamlCertificate;
  /** @param until default: in three years */
  renewCertificate(connectionId: string, until?: Date): SamlCertificate;
  changeDirectory(directoryId: string, state: 'linked' | 'unlinked'): Directory;
  addDirectoryUser(directoryId: string, given?: Partial<DirectoryUser>): DirectoryUser;
  addDirectoryGroup(directoryId: string, given?: Partial<DirectoryGroup>): DirectoryGroup;
  changeDirectoryUser(id: string, change: Partial<DirectoryUser>): DirectoryUser;
  changeDirectoryGroup(id: string, change: Partial<DirectoryGroup>): DirectoryGroup;
  /** Safe to repeat. */
  addToGroup(groupId: string, userId: string): void;
  removeFromGroup(groupId: string, userId: string): void;
  /** Takes a user or a group out of its directory. */
  removeDirectoryMember(id: string): void;
  /** A membership in any status, which the API can only make active. */
  addMembership(
    organizationId: string,
    userId: string,
    given?: Partial<OrganizationMembership>,
  ): OrganizationMembership;
  /** The text message of a challenge. @throws Error where none went out */
  smsOf(challengeId: string): SentSms;
  /** An export that WorkOS could not make. */
  failAuditLogExport(exportId: string): void;
}

/** @param saved keeps what has changed, and hands on what it is given */
export function createDataControls(world: World, saved: <T>(result: T) => T): DataControls {
  const act = (change: () => void) => {
    change();
    saved(undefined);
  };
  return {
    deleteOrganization: (id) => act(() => deleteOrganization(world, id)),
    changeConnection: (id, state) => saved(changeConnection(world, id, state)),
    setCertificateExpiry: (id, at) => saved(setCertificateExpiry(world, id, at)),
    renewCertificate: (id, until) => saved(renewCertificate(world, id, until)),
    changeDirectory: (id, state) => saved(changeDirectory(world, id, state)),
    changeDirectoryUser: (id, change) => saved(changeDirectoryUser(world, id, change)),
    changeDirectoryGroup: (id, change) => saved(changeDirectoryGroup(world, id, change)),
    addDirectoryUser: (id, given) => saved(addDirectoryUser(world, id, given)),
    addDirectoryGroup: (id, given) => saved(addDirectoryGroup(world, id, given)),
    addToGroup: (groupId, userId) => act(() => addToGroup(world, groupId, userId)),
    removeFromGroup: (groupId, userId) => act(() => removeFromGroup(world, groupId, userId)),
    removeDirectoryMember: (id) => act(() => removeDirectoryMember(world, id)),
    addMembership: (organizationId, userId, given) =>
      saved(addMembership(world, organizationId, userId, given)),
    smsOf: (challengeId) => smsOf(world, challengeId),
    failAuditLogExport: (id) => act(() => failAuditLogExport(world, id)),
  };
}
