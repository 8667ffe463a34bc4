/** Feature flags of the environment, and those enabled for an organization or a user. */
import {
  requireFound,
  without,
  type ApiRequest,
  type Operation,
  type Reply,
} from '../http/operation.ts';
import { listReply } from '../http/listing.ts';
import { organizationOf } from '../organizations/organizations.ts';
import type { FeatureFlag } from '../state/access.ts';
import { timestamps, type World } from '../state/world.ts';
import { userOf } from '../users/users.ts';

const PATH = '/feature-flags';
const TARGET = `${PATH}/{slug}/targets/{resourceId}`;

export const featureFlagOperations: readonly Operation[] = [
  { method: 'GET', path: PATH, perform: list },
  { method: 'GET', path: `${PATH}/{slug}`, perform: get },
  {
    method: 'PUT',
    path: `${PATH}/{slug}/enable`,
    perform: (request, world) => change(request, world, { enabled: true }),
  },
  {
    method: 'PUT',
    path: `${PATH}/{slug}/disable`,
    perform: (request, world) => change(request, world, { enabled: false }),
  },
  { method: 'POST', path: TARGET, perform: addTarget },
  { method: 'DELETE', path: TARGET, perform: removeTarget },
  { method: 'GET', path: '/organizations/{organizationId}/feature-flags', perform: listOfOne },
  { method: 'GET', path: '/user_management/users/{userId}/feature-flags', perform: listOfUser },
];

/** Creates a flag, as the dashboard does. */
export function addFeatureFlag(
  world: World,
  slug: string,
  given: Partial<FeatureFlag> = {},
): FeatureFlag {
  const flag: FeatureFlag = {
    object: 'feature_flag',
    id: world.newId('flag'),
    slug,
    name: slug,
    description: null,
    owner: null,
    tags: [],
    enabled: true,
    default_value: false,
    ...timestamps(world),
    targets: [],
    ...given,
  };
  world.state.featureFlags.set(flag.id, flag);
  return flag;
}

function list(request: ApiRequest, { state }: World): Reply {
  return listReply(state.featureFlags.values(), request, toWire);
}

function get(request: ApiRequest, world: World): Reply {
  return { status: 200, body: toWire(flagOf(request, world)) };
}

function listOfOne(request: ApiRequest, world: World): Reply {
  const { id } = organizationOf(world, request.params.organizationId ?? '');
  return listReply(enabledFor(world, [id]), request, toWire);
}

/** Includes the flags of the organizations that the user is a member of. */
function listOfUser(request: ApiRequest, world: World): Reply {
  const { id } = userOf(world, request.params.userId ?? '');
  const organizations = [...world.state.organizationMemberships.values()]
    .filter(({ user_id }) => user_id === id)
    .map(({ organization_id }) => organization_id);
  return listReply(enabledFor(world, [id, ...organizations]), request, toWire);
}

const enabledFor = ({ state }: World, ids: readonly string[]): FeatureFlag[] =>
  [...state.featureFlags.values()].filter(
    ({ enabled, default_value, targets }) =>
      enabled && (default_value || targets.some((target) => ids.includes(target))),
  );

function addTarget(request: ApiRequest, world: World): Reply {
  const { targets } = flagOf(request, world);
  change(request, world, { targets: [...new Set([...targets, targetOf(request, world)])] });
  return { status: 204 };
}

function removeTarget(request: ApiRequest, world: World): Reply {
  const { targets } = flagOf(request, world);
  const target = targetOf(request, world);
  change(request, world, { targets: targets.filter((one) => one !== target) });
  return { status: 204 };
}

/** @throws ApiError 404 unless it is an organization or a user */
function targetOf({ params }: ApiRequest, { state }: World): string {
  const id = params.resourceId ?? '';
  return requireFound(state.organizations.get(id) ?? state.users.get(id), 'Resource', id).id;
}

function change(request: ApiRequest, world: World, changes: Partial<FeatureFlag>): Reply {
  const flag = { ...flagOf(request, world), ...changes, updated_at: world.now().toISOString() };
  world.state.featureFlags.set(flag.id, flag);
  return { status: 200, body: toWire(flag) };
}

function flagOf({ params }: ApiRequest, { state }: World): FeatureFlag {
  const slug = params.slug ?? '';
  const found = [...state.featureFlags.values()].find((one) => one.slug === slug);
  return requireFound(found, 'Feature flag', slug);
}

const toWire = (flag: FeatureFlag) => without(flag, 'targets');
