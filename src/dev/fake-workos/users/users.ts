/** `/user_management/users`. E-mail address and `external_id` are unique. */
import { deleteFactor } from '../mfa/factors.ts';
import {
  ApiError,
  idOf,
  requireFound,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { listReply } from '../http/listing.ts';
import { withChanges, conflictOf, CreateUser, isSameEmail, UpdateUser } from './changes.ts';
import type { User } from '../state/users.ts';
import { parse } from '../http/validation.ts';
import { timestamps, type World } from '../state/world.ts';

const PATH = '/user_management/users';
const INVALID = 'invalid_request_parameters';

export const userOperations: readonly Operation[] = [
  { method: 'GET', path: PATH, perform: list },
  { method: 'POST', path: PATH, perform: create },
  { method: 'GET', path: `${PATH}/external_id/{external_id}`, perform: getByExternalId },
  { method: 'GET', path: `${PATH}/{id}`, perform: get },
  { method: 'PUT', path: `${PATH}/{id}`, perform: update },
  { method: 'DELETE', path: `${PATH}/{id}`, perform: remove },
];

export function userOf({ state }: World, id: string): User {
  return requireFound(state.users.get(id), 'User', id);
}

function list(request: ApiRequest, { state }: World): Reply {
  const { email, organization, organization_id = organization } = request.query;
  const members = [...state.organizationMemberships.values()]
    .filter((membership) => membership.organization_id === organization_id)
    .map(({ user_id }) => user_id);
  const matching = [...state.users.values()].filter(
    (user) =>
      (email === undefined || isSameEmail(user.email, email)) &&
      (organization_id === undefined || members.includes(user.id)),
  );
  return listReply(matching, request);
}

function create(request: ApiRequest, world: World): Reply {
  const input = parse(CreateUser, request.body, INVALID);
  const user = withChanges(newUser(world, input.email), input);
  const conflict = conflictOf(world, user.id, input);
  if (conflict)
    throw new ApiError(400, {
      code: 'user_creation_error',
      message: 'Could not create user.',
      errors: [conflict],
    });
  world.state.users.set(user.id, user);
  return { status: 201, body: user };
}

/** Creates a user without a profile. */
export function addUser(world: World, email: string): User {
  const user = newUser(world, email);
  world.state.users.set(user.id, user);
  return user;
}

function newUser(world: World, email: string): User {
  return {
    object: 'user',
    id: world.newId('user'),
    email,
    email_verified: false,
    first_name: null,
    last_name: null,
    profile_picture_url: null,
    external_id: null,
    metadata: {},
    last_sign_in_at: null,
    locale: null,
    ...timestamps(world),
  };
}

function update(request: ApiRequest, world: World): Reply {
  const user = userOf(world, idOf(request));
  const input = parse(UpdateUser, request.body, INVALID);
  const updated = withChanges(user, input);
  const conflict = conflictOf(world, user.id, input);
  if (conflict) throw new ApiError(400, { ...conflict });
  const stored = { ...updated, updated_at: world.now().toISOString() };
  world.state.users.set(user.id, stored);
  return { status: 200, body: stored };
}

function get(request: ApiRequest, world: World): Reply {
  return { status: 200, body: userOf(world, idOf(request)) };
}

function getByExternalId({ params }: ApiRequest, { state }: World): Reply {
  const externalId = params.external_id ?? '';
  const found = [...state.users.values()].find((user) => user.external_id === externalId);
  return { status: 200, body: requireFound(found, 'User', externalId) };
}

/** Also deletes the user's memberships and factors. */
function remove(request: ApiRequest, world: World): Reply {
  const { id } = userOf(world, idOf(request));
  const { users, organizationMemberships, authFactors } = world.state;
  users.delete(id);
  for (const [key, { user_id }] of organizationMemberships)
    if (user_id === id) organizationMemberships.delete(key);
  for (const factor of authFactors.values())
    if (factor.user_id === id) deleteFactor(world, factor.id);
  return { status: 200 };
}
