/** Users of connections and shared providers. */
import { createHash } from 'node:crypto';
import { requireFound } from '../http/operation.ts';
import type { Connection } from '../state/connections.ts';
import type { IdentityProvider, Profile } from '../state/sign-in.ts';
import type { World } from '../state/world.ts';

/** All users of a provider, as the login page lists them. Creates two if there are none. */
export function usersOf(world: World, provider: IdentityProvider): Profile[] {
  const users = () => [...world.state.profiles.values()].filter((user) => isFrom(user, provider));
  if (users().length === 0)
    for (const person of DEFAULT_PEOPLE) saveUser(world, provider, person(provider.domain));
  return users();
}

/**
 * Creates or updates the profile of a user, as a sign-in does. Matches an existing profile by `id`,
 * `idp_id` or `email`. A given `organization_id` or `connection_id` overrides the provider's.
 */
export function saveUser(
  world: World,
  provider: IdentityProvider,
  given: Partial<Profile>,
): Profile {
  const source = { ...provider, ...given };
  const known = [...world.state.profiles.values()].find(
    (user) =>
      isFrom(user, source) &&
      (user.id === given.id || user.idp_id === given.idp_id || user.email === given.email),
  );
  const profile = { ...(known ?? newProfile(world, source)), ...given };
  world.state.profiles.set(profile.id, profile);
  return profile;
}

export function profileOf({ state }: World, id: string): Profile {
  return requireFound(state.profiles.get(id), 'Profile', id);
}

export function providerOf({ state }: World, connectionId: string): IdentityProvider {
  const connection = state.connections.get(connectionId);
  return identityProviderOf(requireFound(connection, 'Connection', connectionId));
}

export function identityProviderOf(connection: Connection): IdentityProvider {
  const { id, connection_type, organization_id, name, domains } = connection;
  const domain = domains[0]?.domain ?? 'users.example.com';
  return { connection_id: id, connection_type, organization_id, name, domain };
}

/** A provider that belongs to no organization. Its id is the same on every run. */
export function sharedProvider(type: string, name: string): IdentityProvider {
  const digest = createHash('sha256').update(type).digest('hex').slice(0, 24).toUpperCase();
  return {
    connection_id: `conn_01${digest}`,
    connection_type: type,
    organization_id: null,
    name,
    domain: 'users.example.com',
  };
}

const DEFAULT_PEOPLE: readonly ((domain: string) => Partial<Profile>)[] = [
  (domain) => person('Ada', 'Lovelace', `ada@${domain}`, { role: 'admin', groups: ['IT'] }),
  (domain) => person('Grace', 'Hopper', `grace@${domain}`, { role: 'member', groups: ['Sales'] }),
];

function person(
  first_name: string,
  last_name: string,
  email: string,
  { role, groups }: { role: string; groups: string[] },
): Partial<Profile> {
  return {
    email,
    first_name,
    last_name,
    name: `${first_name} ${last_name}`,
    role: { slug: role },
    roles: [{ slug: role }],
    groups,
  };
}

type Source = Pick<Profile, 'organization_id' | 'connection_id'>;

function isFrom(user: Profile, source: Source): boolean {
  return (
    user.connection_id === source.connection_id && user.organization_id === source.organization_id
  );
}

/** A profile without names or a role. */
function newProfile(
  world: World,
  source: Source & { connection_type: string; domain: string; email?: string; idp_id?: string },
): Profile {
  const idp_id = source.idp_id ?? world.newId('idp');
  const email = source.email ?? `${idp_id.slice(-8).toLowerCase()}@${source.domain}`;
  return {
    object: 'profile',
    id: world.newId('prof'),
    organization_id: source.organization_id,
    connection_id: source.connection_id,
    connection_type: source.connection_type,
    idp_id,
    email,
    first_name: null,
    last_name: null,
    name: null,
    role: null,
    roles: null,
    groups: [],
    custom_attributes: {},
    raw_attributes: { idp_id, email },
  };
}
