/** API keys of organizations and of users. A key's value is only in the reply that creates it. */
import { z } from 'zod';
import {
  ApiError,
  idOf,
  requireFound,
  without,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { listReply } from '../http/listing.ts';
import { parse } from '../http/validation.ts';
import { organizationOf } from '../organizations/organizations.ts';
import type { ApiKey } from '../state/access.ts';
import { randomText } from '../state/ids.ts';
import { timestamps, type World } from '../state/world.ts';
import { userOf } from '../users/users.ts';

const OF_ORGANIZATION = '/organizations/{organizationId}/api_keys';
const OF_USER = '/user_management/users/{userId}/api_keys';

export const apiKeyOperations: readonly Operation[] = [
  { method: 'POST', path: '/api_keys/validations', perform: validate },
  { method: 'DELETE', path: '/api_keys/{id}', perform: remove },
  { method: 'POST', path: '/api_keys/{id}/expire', perform: expire },
  { method: 'GET', path: OF_ORGANIZATION, perform: listOfOrganization },
  { method: 'POST', path: OF_ORGANIZATION, perform: createForOrganization },
  { method: 'GET', path: OF_USER, perform: listOfUser },
  { method: 'POST', path: OF_USER, perform: createForUser },
];

const CreateKey = z.object({
  name: z.string().min(1),
  permissions: z.array(z.string()).optional(),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});

function validate(request: ApiRequest, world: World): Reply {
  const { value } = parse(z.object({ value: z.string() }), request.body);
  const key = [...world.state.apiKeys.values()].find((one) => one.value === value);
  return { status: 200, body: { api_key: key ? toWire(key) : null } };
}

function remove(request: ApiRequest, world: World): Reply {
  world.state.apiKeys.delete(keyOf(request, world).id);
  return { status: 204 };
}

/** An expired key is no longer valid at once; one that expires later is kept as it is. */
function expire(request: ApiRequest, world: World): Reply {
  const key = keyOf(request, world);
  const { expires_at } = parse(
    z.object({ expires_at: z.iso.datetime({ offset: true }).nullish() }),
    request.body ?? {},
  );
  const now = world.now().toISOString();
  const expired: ApiKey = { ...key, expires_at: expires_at ?? now, updated_at: now };
  if (expires_at === undefined || expires_at === null) expired.value = '';
  world.state.apiKeys.set(key.id, expired);
  return { status: 200, body: toWire(expired) };
}

function listOfOrganization(request: ApiRequest, world: World): Reply {
  const { id } = organizationOf(world, request.params.organizationId ?? '');
  const isOwn = ({ owner }: ApiKey) => owner.type === 'organization' && owner.id === id;
  return listReply([...world.state.apiKeys.values()].filter(isOwn), request, toWire);
}

function createForOrganization(request: ApiRequest, world: World): Reply {
  const { id } = organizationOf(world, request.params.organizationId ?? '');
  const input = parse(CreateKey, request.body);
  return create(world, { type: 'organization', id }, input);
}

function listOfUser(request: ApiRequest, world: World): Reply {
  const { id } = userOf(world, request.params.userId ?? '');
  const { organization_id } = request.query;
  const isOwn = ({ owner }: ApiKey) =>
    owner.type === 'user' &&
    owner.id === id &&
    (organization_id === undefined || owner.organization_id === organization_id);
  return listReply([...world.state.apiKeys.values()].filter(isOwn), request, toWire);
}

/** The user must be a member of the organization. */
function createForUser(request: ApiRequest, world: World): Reply {
  const { id } = userOf(world, request.params.userId ?? '');
  const input = parse(CreateKey.extend({ organization_id: z.string() }), request.body);
  const { organization_id } = input;
  organizationOf(world, organization_id);
  const isMember = [...world.state.organizationMemberships.values()].some(
    (one) => one.user_id === id && one.organization_id === organization_id,
  );
  if (!isMember)
    throw new ApiError(400, {
      message: 'The user is no member of the organization.',
      errors: [{ code: 'user_not_in_organization', field: 'organization_id' }],
    });
  return create(world, { type: 'user', id, organization_id }, input);
}

function create(world: World, owner: ApiKey['owner'], input: z.infer<typeof CreateKey>): Reply {
  const value = `sk_${randomText(40)}`;
  const key: ApiKey = {
    object: 'api_key',
    id: world.newId('api_key'),
    owner,
    name: input.name,
    obfuscated_value: `sk_…${value.slice(-4)}`,
    last_used_at: null,
    expires_at: input.expires_at ?? null,
    permissions: input.permissions ?? [],
    ...timestamps(world),
    value,
  };
  world.state.apiKeys.set(key.id, key);
  return { status: 201, body: { ...toWire(key), value } };
}

function keyOf(request: ApiRequest, { state }: World): ApiKey {
  return requireFound(state.apiKeys.get(idOf(request)), 'API key', idOf(request));
}

const toWire = (key: ApiKey) => without(key, 'value');
