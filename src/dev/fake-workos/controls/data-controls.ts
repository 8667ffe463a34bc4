/** Test controls for changes at WorkOS that its API cannot make: directory syncs, certificates, deletions. */
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
import type { Directory, DirectoryGroup, DirectoryUser } from '../state/directories.ts';
import { addFeatureFlag } from '../feature-flags/feature-flags.ts';
import type { FeatureFlag } from '../state/access.ts';
import { addMembership } from '../users/memberships.ts';
import { deleteOrganization } from '../organizations/organizations.ts';
import type { Connection, SamlCertificate } from '../state/connections.ts';
import type { OrganizationMembership } from '../state/users.ts';
import type { World } from '../state/world.ts';

export interface DataControls {
  deleteOrganization(organizationId: string): void;
  changeConnection(connectionId: string, state: 'active' | 'inactive'): Connection;
  /** Moves the certificate's expiry and emits the renewal event. @param at default: in 20 days */
  setCertificateExpiry(connectionId: string, at?: Date | string): SamlCertificate;
  /** @param until default: in three years */
  renewCertificate(connectionId: string, until?: Date | string): SamlCertificate;
  changeDirectory(directoryId: string, state: 'linked' | 'unlinked'): Directory;
  addDirectoryUser(directoryId: string, given?: Partial<DirectoryUser>): DirectoryUser;
  addDirectoryGroup(directoryId: string, given?: Partial<DirectoryGroup>): DirectoryGroup;
  changeDirectoryUser(id: string, change: Partial<DirectoryUser>): DirectoryUser;
  changeDirectoryGroup(id: string, change: Partial<DirectoryGroup>): DirectoryGroup;
  /** Idempotent. */
  addToGroup(groupId: string, userId: string): void;
  removeFromGroup(groupId: string, userId: string): void;
  /** Removes a user or a group from its directory. */
  removeDirectoryMember(id: string): void;
  /** Creates a membership in any status; the API only creates active ones. */
  addMembership(
    organizationId: string,
    userId: string,
    given?: Partial<OrganizationMembership>,
  ): OrganizationMembership;
  /** Creates a feature flag, which only the dashboard can. @param given `targets`: ids of organizations and users */
  addFeatureFlag(slug: string, given?: Partial<FeatureFlag>): FeatureFlag;
  /** The text message of a challenge. @throws Error if none was sent */
  smsOf(challengeId: string): SentSms;
  /** Marks an audit-log export as failed. */
  failAuditLogExport(exportId: string): void;
}

/** @param saved saves the state and returns its argument */
export function createDataControls(world: World, saved: <T>(result: T) => T): DataControls {
  const andSave = (change: () => void) => {
    change();
    saved(undefined);
  };
  return {
    deleteOrganization: (id) => andSave(() => deleteOrganization(world, id)),
    changeConnection: (id, state) => saved(changeConnection(world, id, state)),
    setCertificateExpiry: (id, at) => saved(setCertificateExpiry(world, id, timeOf(at))),
    renewCertificate: (id, until) => saved(renewCertificate(world, id, timeOf(until))),
    changeDirectory: (id, state) => saved(changeDirectory(world, id, state)),
    changeDirectoryUser: (id, change) => saved(changeDirectoryUser(world, id, change)),
    changeDirectoryGroup: (id, change) => saved(changeDirectoryGroup(world, id, change)),
    addDirectoryUser: (id, given) => saved(addDirectoryUser(world, id, given)),
    addDirectoryGroup: (id, given) => saved(addDirectoryGroup(world, id, given)),
    addToGroup: (groupId, userId) => andSave(() => addToGroup(world, groupId, userId)),
    removeFromGroup: (groupId, userId) => andSave(() => removeFromGroup(world, groupId, userId)),
    removeDirectoryMember: (id) => andSave(() => removeDirectoryMember(world, id)),
    addFeatureFlag: (slug, given) => saved(addFeatureFlag(world, slug, given)),
    addMembership: (organizationId, userId, given) =>
      saved(addMembership(world, organizationId, userId, given)),
    smsOf: (challengeId) => smsOf(world, challengeId),
    failAuditLogExport: (id) => andSave(() => failAuditLogExport(world, id)),
  };
}

/** Over HTTP a time comes as a text. @throws RangeError */
function timeOf(at: Date | string | undefined): Date | undefined {
  if (at === undefined) return undefined;
  const time = new Date(at);
  if (Number.isNaN(time.getTime()))
    throw new RangeError('not a time: give one as 2030-01-31T12:00:00Z');
  return time;
}
