/** The users of connections and providers. */
import { createHash } from 'node:crypto';
import { requireFound } from '../http/operation.ts';
import type { Connection, IdentityProvider, Profile } from '../state/state.ts';
import type { World } from '../state/world.ts';

/** Everybody whom the login page offers; two are there before anybody signs in. */
export function usersOf(world: World, provider: IdentityProvider): Profile[] {
  const users = () => [...world.state.profiles.values()].filter((user) => isFrom(user, provider));
  if (users().length === 0)
    for (const person of DEFAULT_PEOPLE) saveUser(world, provider, person(provider.domain));
  return users();
}

/**
 * What a sign-in does to the profile: an id, the provider's own id or an e-mail that the provider
 * knows is changed by what is given, any other user is new. Somebody given another organization or
 * connection is a user of that one.
 */
export function saveUser(
  world: World,
  provider: IdentityProvider,
  given: Partial<Profile>,
): Profile {
  const place = { ...provider, ...given };
  const known = [...world.state.profiles.values()].find(
    (user) =>
      isFrom(user, place) &&
      (user.id === given.id || user.idp_id === given.idp_id || user.email === given.email),
  );
  const profile = { ...(known ?? newProfile(world, place)), ...given };
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

/** A provider that is nobody's connection; its id is the same on every run. */
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

type Place = Pick<Profile, 'organization_id' | 'connection_id'>;

function isFrom(user: Profile, place: Place): boolean {
  return (
    user.connection_id === place.connection_id && user.organization_id === place.organization_id
  );
}

/** Somebody of whom nothing but the address is known: no names, no role. */
function newProfile(
  world: World,
  place: Place & { connection_type: string; domain: string; email?: string; idp_id?: string },
): Profile {
  const idp_id = place.idp_id ?? world.newId('idp');
  const email = place.email ?? `${idp_id.slice(-8).toLowerCase()}@${place.domain}`;
  return {
    object: 'profile',
    id: world.newId('prof'),
    organization_id: place.organization_id,
    connection_id: place.connection_id,
    connection_type: place.connection_type,
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
