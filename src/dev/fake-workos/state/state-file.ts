/** Saves the state to a file, so that a developer's tenants keep their organizations across restarts. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { State } from './state.ts';

type Saved = { [Part in keyof State]?: [string, never][] };

/** Loads the state from `file`; empty when the file is undefined or missing. */
export function loadState(file: string | undefined): State {
  const saved = file === undefined ? {} : read(file);
  return {
    organizations: new Map(saved.organizations),
    connections: new Map(saved.connections),
    samlCertificates: new Map(saved.samlCertificates),
    directories: new Map(saved.directories),
    events: new Map(saved.events),
    portalSessions: new Map(saved.portalSessions),
    profiles: new Map(saved.profiles),
    signIns: new Map(saved.signIns),
    codes: new Map(saved.codes),
    accessTokens: new Map(saved.accessTokens),
    logouts: new Map(saved.logouts),
    postLogoutUris: new Map(saved.postLogoutUris),
    logStreams: new Map(saved.logStreams),
    passwordlessSessions: new Map(saved.passwordlessSessions),
    signingKeys: new Map(saved.signingKeys),
    directoryUsers: new Map(saved.directoryUsers),
    directoryGroups: new Map(saved.directoryGroups),
    directoryMemberships: new Map(saved.directoryMemberships),
    auditLogActions: new Map(saved.auditLogActions),
    auditLogEvents: new Map(saved.auditLogEvents),
    auditLogExports: new Map(saved.auditLogExports),
    auditLogFiles: new Map(saved.auditLogFiles),
    auditLogKeys: new Map(saved.auditLogKeys),
    auditLogRetentions: new Map(saved.auditLogRetentions),
    authFactors: new Map(saved.authFactors),
    authChallenges: new Map(saved.authChallenges),
    users: new Map(saved.users),
    organizationMemberships: new Map(saved.organizationMemberships),
    invitations: new Map(saved.invitations),
    groups: new Map(saved.groups),
    groupMembers: new Map(saved.groupMembers),
    permissions: new Map(saved.permissions),
    roles: new Map(saved.roles),
    apiKeys: new Map(saved.apiKeys),
    featureFlags: new Map(saved.featureFlags),
    magicAuths: new Map(saved.magicAuths),
    emailVerifications: new Map(saved.emailVerifications),
    passwordResets: new Map(saved.passwordResets),
    emailChanges: new Map(saved.emailChanges),
  };
}

/** Writes a new file and renames it, so that a killed process never leaves half a file. */
export function saveState(file: string, state: State): void {
  const parts = Object.entries(state).map(([part, members]: [string, Map<string, unknown>]) => [
    part,
    [...members],
  ]);
  writeFileSync(`${file}.new`, JSON.stringify(Object.fromEntries(parts), null, 1), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function read(file: string): Saved {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Saved; // only saveState writes it
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(
      `The fake WorkOS cannot read its state file ${file}. Delete the file to start without it.`,
      {
        cause: error,
      },
    );
  }
}
