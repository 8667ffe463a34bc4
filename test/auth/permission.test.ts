import { describe, expect, it } from '@jest/globals';
import {
  requireClient,
  requirePermission,
  tenantNotFound,
  type Facts,
  type Requirement,
} from '../../src/auth/permission.ts';
import { unauthenticated } from '../../src/auth/refusals.ts';
import type { ActingUser, Client, Tenant } from '../../src/core/identity.ts';
import { Problem } from '../../src/core/problem.ts';

const ROLES = ['it_admin', 'owner'];
const client: Client = {
  id: 'billing',
  name: 'Billing',
  scopes: ['tenants:read', 'portal:launch'],
  tenants: ['acme', 'acme-*'],
  redirectUris: [],
  returnOrigins: [],
  initiateLoginUri: null,
  disabled: false,
  generation: '1',
};
const everywhere = { ...client, tenants: ['globex', '*'] };
const tenant: Tenant = { id: 'acme', organizationId: 'org_1', status: 'active' };
const admin: ActingUser = { id: 'ada', tenantId: 'acme', roles: ['it_admin'], source: 'token' };
const FACTS: Facts = { client, tenantId: 'acme', tenant, user: admin, registry: undefined };
const READ = { scope: 'tenants:read' } as const satisfies Requirement;
const AS_ADMIN = { ...READ, actingUser: 'it-admin' } as const satisfies Requirement;

/** Returns 'allowed', or the refusal's slug. */
function outcome(requirement: Requirement, facts: Partial<Facts> = {}): string {
  try {
    requirePermission(requirement, { ...FACTS, ...facts }, ROLES);
    return 'allowed';
  } catch (error) {
    if (error instanceof Problem) return error.slug;
    throw error;
  }
}

describe('a client', () => {
  it.each<[string, Requirement, Partial<Facts>]>([
    ['with the scope and the tenant', READ, {}],
    ['with the scope, without a tenant in the request', READ, { tenantId: undefined }],
    ['with a tenant that begins with its prefix', READ, { tenantId: 'acme-eu' }],
    ['with every tenant', READ, { client: everywhere, tenantId: 'initech' }],
    ['with a tenant that is suspended', READ, { tenant: { ...tenant, status: 'suspended' } }],
    ['that creates a tenant', { ...READ, newTenant: true }, { tenant: undefined }],
    [
      'that creates a tenant whose id was deleted',
      { ...READ, newTenant: true },
      { tenant: { ...tenant, status: 'deleted' } },
    ],
    [
      'with every tenant where one is needed or all',
      { ...READ, orEveryTenant: true },
      { client: everywhere, tenantId: undefined },
    ],
    ['with a tenant where one is needed or all', { ...READ, orEveryTenant: true }, {}],
    [
      'with every tenant, for the environment',
      { ...READ, everyTenant: true },
      { client: everywhere },
    ],
    [
      'with a scope that stands for every tenant, for the environment',
      { ...READ, everyTenant: true, orScope: READ.scope },
      {},
    ],
  ])('%s is allowed', (_who, requirement, facts) => {
    expect(outcome(requirement, facts)).toBe('allowed');
  });

  it.each<[string, string, Requirement, Partial<Facts>]>([
    ['that is disabled', 'unauthenticated', READ, { client: { ...client, disabled: true } }],
    ['without the scope', 'insufficient-scope', { scope: 'tenants:write' }, {}],
    ['of a tenant that is not its own', 'tenant-not-found', READ, { tenantId: 'globex' }],
    ['of a tenant whose id is longer', 'tenant-not-found', READ, { tenantId: 'acme2' }],
    ['of a tenant in other letters', 'tenant-not-found', READ, { tenantId: 'ACME' }],
    ['of a tenant that does not exist', 'tenant-not-found', READ, { tenant: undefined }],
    [
      'of a tenant that was deleted',
      'tenant-not-found',
      READ,
      { tenant: { ...tenant, status: 'deleted' } },
    ],
    [
      'that creates a tenant which it may not use',
      'tenant-not-found',
      { ...READ, newTenant: true },
      { tenantId: 'globex', tenant: undefined },
    ],
    [
      'that names no tenant where one is needed or all',
      'organization-id-required',
      { ...READ, orEveryTenant: true },
      { tenantId: undefined },
    ],
    [
      'of some tenants, for the environment',
      'every-tenant-required',
      { ...READ, everyTenant: true },
      {},
    ],
    [
      'without the scope that stands for every tenant, for the environment',
      'every-tenant-required',
      { ...READ, everyTenant: true, orScope: 'tenants:write' },
      {},
    ],
  ])('%s is refused: %s', (_who, slug, requirement, facts) => {
    expect(outcome(requirement, facts)).toBe(slug);
  });

  it('is told which scope or field it lacks, and nothing about a tenant', () => {
    const texts = [
      () => {
        requireClient(client, { scope: 'tenants:write' });
      },
      () => {
        requireClient(client, { ...READ, everyTenant: true });
      },
      () => {
        requirePermission(
          { ...READ, orEveryTenant: true },
          { ...FACTS, tenantId: undefined },
          ROLES,
        );
      },
      () => {
        requirePermission(AS_ADMIN, { ...FACTS, user: undefined }, ROLES);
      },
      () => {
        requirePermission(AS_ADMIN, { ...FACTS, registry: 'denied' }, ROLES);
      },
      () => {
        throw tenantNotFound();
      },
      () => {
        throw unauthenticated({});
      },
    ].map((act) => {
      try {
        act();
      } catch (error) {
        const { message, errors } = error as Problem;
        return [message, ...errors.map(({ field, code, message: text }) => [field, code, text])];
      }
      return undefined;
    });

    const needed = 'is required, because this client may not use every tenant: give a tenant id';
    expect(texts).toEqual([
      [
        'This needs the scope tenants:write, which the client billing does not have. Ask the platform team to grant it.',
      ],
      [
        'This concerns the whole environment: only clients that may use every tenant (*) can call it. Ask the platform team.',
      ],
      [`organization_id: ${needed}`, ['organization_id', 'required', needed]],
      ['This needs an acting user: send the user’s token in Gatehouse-User-Token.'],
      ['The acting user is not an IT admin of this tenant.'],
      [
        'There is no such tenant for this client. Check the tenant id; if it is right, put the tenant (PUT /v1/tenants/{tenant_id}), or ask the platform team to allow it to your client.',
      ],
      [
        'The request has no Authorization header. Send the key of your client: Authorization: Bearer gh_…',
      ],
    ]);
  });

  it('has the reason of a bad credential in the log', () => {
    const cause = new Error('the token has expired');
    expect(unauthenticated({}, cause).cause).toBe(cause);
  });
});

describe('an acting user', () => {
  const asserted: ActingUser = { ...admin, tenantId: undefined, source: 'asserted' };
  const nobody: ActingUser = { ...admin, roles: [] };

  it.each<[string, Partial<Facts>]>([
    ['with a role of IT admins', {}],
    ['with another role of IT admins', { user: { ...admin, roles: ['reader', 'owner'] } }],
    ['of the registry', { user: nobody, registry: 'granted' }],
    ['of the registry, with a role as well', { registry: 'granted' }],
    ['that the client asserts', { user: asserted }],
  ])('%s is allowed', (_who, facts) => {
    expect(outcome(AS_ADMIN, facts)).toBe('allowed');
  });

  it.each<[string, string, Partial<Facts>]>([
    ['that nobody names', 'acting-user-required', { user: undefined }],
    ['without a role', 'it-admin-required', { user: nobody }],
    ['with another role', 'it-admin-required', { user: { ...admin, roles: ['reader'] } }],
    ['of another tenant', 'it-admin-required', { user: { ...admin, tenantId: 'globex' } }],
    [
      'of another tenant, granted in this one',
      'it-admin-required',
      { user: { ...admin, tenantId: 'globex' }, registry: 'granted' },
    ],
    ['denied by the registry', 'it-admin-required', { registry: 'denied' }],
    ['asserted and denied', 'it-admin-required', { user: asserted, registry: 'denied' }],
    ['of no tenant in the request', 'it-admin-required', { tenantId: undefined }],
    ['of a foreign tenant', 'tenant-not-found', { tenantId: 'globex' }],
  ])('%s is refused: %s', (_who, slug, facts) => {
    expect(outcome(AS_ADMIN, facts)).toBe(slug);
  });

  it('is checked once the object’s tenant is known, if the request names only the object', () => {
    const ofObject = { ...AS_ADMIN, tenantOf: 'object' } as const satisfies Requirement;

    expect(outcome(ofObject, { tenantId: undefined, user: nobody })).toBe('allowed');
    expect(outcome(ofObject, { tenantId: undefined, user: undefined })).toBe(
      'acting-user-required',
    );
    expect(outcome(ofObject, { user: nobody })).toBe('it-admin-required');
  });

  it('is not asked for where none is needed', () => {
    expect(outcome(READ, { user: nobody, registry: 'denied' })).toBe('allowed');
  });
});
