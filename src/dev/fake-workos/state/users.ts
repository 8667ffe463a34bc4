/** What the fake remembers of users and their memberships, in the shapes it puts on the wire. */

export interface User {
  object: 'user';
  id: string;
  email: string;
  email_verified: boolean;
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

/** Without its user, which an answer adds. */
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
