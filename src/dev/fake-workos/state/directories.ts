/** Directories with their users and groups, in the shapes of WorkOS's API. */

export interface Directory {
  object: 'directory';
  id: string;
  organization_id: string;
  external_key: string;
  type: string;
  state: 'linked' | 'validating' | 'invalid_credentials' | 'unlinked' | 'deleting';
  name: string;
  /** Undefined when the organization had no domain at creation. */
  domain?: string;
  metadata: { users: { active: number; inactive: number }; groups: number };
  created_at: string;
  updated_at: string;
}

export interface DirectoryGroup {
  object: 'directory_group';
  id: string;
  idp_id: string;
  directory_id: string;
  organization_id: string;
  name: string;
  raw_attributes: Record<string, unknown>;
  created_at: string;
  updated_at: string;
}

/** Stored without its groups, which replies add. */
export interface DirectoryUser {
  object: 'directory_user';
  id: string;
  directory_id: string;
  organization_id: string;
  idp_id: string;
  email: string | null;
  first_name: string | null;
  last_name: string | null;
  name: string | null;
  emails: { primary: boolean; type: string; value: string | null }[];
  job_title: string | null;
  username: string | null;
  state: 'active' | 'suspended' | 'inactive';
  raw_attributes: Record<string, unknown>;
  custom_attributes: Record<string, unknown>;
  /** Undefined when the directory has no roles. */
  role?: { slug: string };
  roles?: { slug: string }[];
  created_at: string;
  updated_at: string;
}

/** Places one user in one group; not part of WorkOS's API. */
export interface DirectoryMembership {
  organization_id: string;
  directory_id: string;
  group_id: string;
  user_id: string;
}

export interface DirectoryState {
  readonly directories: Map<string, Directory>;
  readonly directoryUsers: Map<string, DirectoryUser>;
  readonly directoryGroups: Map<string, DirectoryGroup>;
  /** Keyed by group id and user id. */
  readonly directoryMemberships: Map<string, DirectoryMembership>;
}
