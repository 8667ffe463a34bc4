/** Stored invitations, groups, roles, permissions, API keys and feature flags, in the shapes of WorkOS's API. */

interface Stamps {
  created_at: string;
  updated_at: string;
}

export interface Invitation extends Stamps {
  object: 'invitation';
  id: string;
  email: string;
  state: 'pending' | 'accepted' | 'expired' | 'revoked';
  accepted_at: string | null;
  revoked_at: string | null;
  expires_at: string;
  organization_id: string | null;
  inviter_user_id: string | null;
  accepted_user_id: string | null;
  role_slug: string | null;
  token: string;
  accept_invitation_url: string;
}

export interface Group extends Stamps {
  object: 'group';
  id: string;
  organization_id: string;
  name: string;
  description: string | null;
}

/** That a membership belongs to a group; not in replies. */
export interface GroupMember {
  group_id: string;
  membership_id: string;
}

export interface Permission extends Stamps {
  object: 'permission';
  id: string;
  slug: string;
  name: string;
  description: string | null;
  system: boolean;
  resource_type_slug: string;
}

/** Replies lack its organization. */
export interface Role extends Stamps {
  object: 'role';
  id: string;
  /** Null for a role of the environment. */
  organization_id: string | null;
  slug: string;
  name: string;
  description: string | null;
  type: 'EnvironmentRole' | 'OrganizationRole';
  resource_type_slug: string;
  permissions: string[];
}

/** Replies lack its value, except the one that creates it. */
export interface ApiKey extends Stamps {
  object: 'api_key';
  id: string;
  owner:
    | { type: 'organization'; id: string }
    | { type: 'user'; id: string; organization_id: string };
  name: string;
  obfuscated_value: string;
  last_used_at: string | null;
  expires_at: string | null;
  permissions: string[];
  value: string;
}

/** Replies lack its targets. */
export interface FeatureFlag extends Stamps {
  object: 'feature_flag';
  id: string;
  slug: string;
  name: string;
  description: string | null;
  owner: { email: string; first_name: string | null; last_name: string | null } | null;
  tags: string[];
  enabled: boolean;
  default_value: boolean;
  /** Ids of organizations and users. */
  targets: string[];
}

export interface AccessState {
  readonly invitations: Map<string, Invitation>;
  readonly groups: Map<string, Group>;
  /** Keyed by group id and membership id. */
  readonly groupMembers: Map<string, GroupMember>;
  readonly permissions: Map<string, Permission>;
  readonly roles: Map<string, Role>;
  readonly apiKeys: Map<string, ApiKey>;
  readonly featureFlags: Map<string, FeatureFlag>;
}
