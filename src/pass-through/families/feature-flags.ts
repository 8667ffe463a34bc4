import { z } from 'zod';
import { OBJECT_PROBLEMS } from '../../core/problem.ts';
import { TenantId } from '../../core/wire-ids.ts';
import { listOf } from '../../http/pagination.ts';
import type { ForwardedContract } from '../forwarding/forwarded-endpoint.ts';
import {
  flag,
  id,
  list,
  object,
  objectParams,
  page,
  part,
  stamps,
  text,
} from '../forwarding/wire.ts';
import { Slug } from './roles.ts';

/** @see https://workos.com/docs/reference/feature-flags */
const FeatureFlag = object('FeatureFlag', 'feature_flag', {
  id: id('flag'),
  slug: text('The unique name.'),
  name: text('The name that people see.'),
  description: text('The description.'),
  owner: part(
    {
      email: text('The e-mail address.'),
      first_name: text('The first name.'),
      last_name: text('The last name.'),
    },
    'The colleague who owns the flag.',
  ),
  tags: list(z.string(), 'Labels.'),
  enabled: flag('False if the flag is off for everybody.'),
  default_value: flag('True if the flag is on for whoever is no target.'),
  ...stamps,
});

const ofFlag = z.object({ slug: Slug.meta({ description: 'The slug of the flag.' }) });
const target = ofFlag.extend({ resource_id: TenantId });

const flags = { class: 'feature_flags', noun: 'feature flag' } as const;
const environment = { ...flags, rule: 'environment' } as const;
/** Flags are defined for the environment, so any client may read the definitions. */
const read = { scope: 'feature_flags:read' } as const;
const switchAll = { scope: 'feature_flags:write', everyTenant: true } as const;
const ofTarget = { scope: 'feature_flags:write', tenant: 'params.resource_id' } as const;
const one = { status: 200, body: FeatureFlag } as const;
const problems = OBJECT_PROBLEMS;

export const featureFlagsContract = {
  listFeatureFlags: {
    method: 'get',
    path: '/feature-flags',
    summary: 'List the feature flags of the environment',
    access: read,
    query: z.strictObject(page),
    reply: { status: 200, body: listOf('FeatureFlagList', FeatureFlag) },
    problems,
    forward: environment,
  },
  getFeatureFlag: {
    method: 'get',
    path: '/feature-flags/{slug}',
    summary: 'Get a feature flag',
    access: read,
    params: ofFlag,
    reply: one,
    problems,
    forward: environment,
  },
  enableFeatureFlag: {
    method: 'put',
    path: '/feature-flags/{slug}/enable',
    summary: 'Switch a feature flag on in the environment',
    access: switchAll,
    params: ofFlag,
    reply: one,
    problems,
    forward: { ...environment, audited: true },
  },
  disableFeatureFlag: {
    method: 'put',
    path: '/feature-flags/{slug}/disable',
    summary: 'Switch a feature flag off in the environment',
    access: switchAll,
    params: ofFlag,
    reply: one,
    problems,
    forward: { ...environment, audited: true },
  },
  addFeatureFlagTarget: {
    method: 'post',
    path: '/feature-flags/{slug}/targets/{resource_id}',
    summary: 'Switch a feature flag on for a tenant',
    description: 'Targets are tenants; users cannot be targets here.',
    access: ofTarget,
    params: target,
    reply: { status: 204 },
    problems,
    forward: { ...flags, rule: 'named', audited: true },
  },
  removeFeatureFlagTarget: {
    method: 'delete',
    path: '/feature-flags/{slug}/targets/{resource_id}',
    summary: 'No longer switch a feature flag on for a tenant',
    access: ofTarget,
    params: target,
    reply: { status: 204 },
    problems,
    forward: { ...flags, rule: 'named', audited: true },
  },
  listOrganizationFeatureFlags: {
    method: 'get',
    path: '/organizations/{organization_id}/feature-flags',
    summary: 'List the feature flags that are on for a tenant',
    access: { scope: 'feature_flags:read', tenant: 'params.organization_id' },
    params: z.object({ organization_id: TenantId }),
    query: z.strictObject(page),
    reply: { status: 200, body: listOf('OrganizationFeatureFlagList', FeatureFlag) },
    problems,
    forward: { ...flags, noun: 'tenant', rule: 'named', unmarked: true },
  },
  listUserFeatureFlags: {
    method: 'get',
    path: '/user_management/users/{id}/feature-flags',
    summary: 'List the feature flags that are on for a user',
    description:
      'Includes those of every tenant of the user, so all memberships of the user must be in tenants of the client.',
    access: { scope: 'feature_flags:read' },
    params: objectParams,
    query: z.strictObject(page),
    reply: { status: 200, body: listOf('UserFeatureFlagList', FeatureFlag) },
    problems: ['user-is-shared', ...problems],
    forward: { ...flags, noun: 'user', rule: 'member', unmarked: true },
  },
} as const satisfies ForwardedContract;
