/** Stored users and organization memberships, in the shapes of WorkOS's API. */

export interface User {
  object: 'user';
  id: string;
  email: string;
  email_verified: boolean;
  /** Missing unless it was set by itself. */
  name?: string | null;
  first_name: string | null;
  last_name: string | null;
  profile_picture_url: string | null;
  external_id: string | null;
  metadata: Record<string, string>;
  last_sign_in_at: string | null;
  locale: string | null;
  created_at: string;
  updated_at: string;
}

/** Stored without its user, which replies add. */
export interface OrganizationMembership {
  object: 'organization_membership';
  id: string;
  user_id: string;
  organization_id: string;
  organization_name: string;
  status: 'active' | 'inactive' | 'pending';
  directory_managed: boolean;
  role: { slug: string };
  custom_attributes: Record<string, unknown>;
  created_at: string;
  updated_at: string;
}

export interface UserState {
  readonly users: Map<string, User>;
  readonly organizationMemberships: Map<string, OrganizationMembership>;
}
