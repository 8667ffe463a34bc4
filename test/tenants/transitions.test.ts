/** The statuses of a tenant, as Postgres applies them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Tenant, TenantStatus } from '../../src/core/identity.ts';
import { Problem } from '../../src/core/problem.ts';
import * as status from '../../src/tenants/model/status.ts';
import {
  isProvisioned,
  isUnprovisioned,
  mayTransition,
  OWN_ORGANIZATION,
  OWNS_ORGANIZATION,
  RESUMED,
  type Transition,
} from '../../src/tenants/model/transitions.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const STATUSES = [
  'active',
  'conflict',
  'deleted',
  'deleting',
  'orphaned',
  'provisioning',
  'suspended',
] as const satisfies readonly TenantStatus[];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.stop());

/** The statuses for which Postgres finds a condition true. */
async function statusesWhere(condition: string): Promise<string[]> {
  const rows = await database.db.query<{ status: string }>(
    `select status from unnest($1::text[]) status where ${condition} order by status`,
    [STATUSES],
  );
  return rows.map((row) => row.status);
}

describe('a tenant', () => {
  const CLAIMABLE = ['conflict', 'orphaned', 'provisioning'];

  it.each<[Transition, readonly string[]]>([
    ['claim', CLAIMABLE],
    ['activate', ['provisioning']],
    ['conflict', ['provisioning']],
    ['setStatus', ['active', 'suspended']],
    ['setFormerStatus', CLAIMABLE],
    ['orphan', ['active', 'suspended']],
    ['restore', ['orphaned']],
    // A deletion that was cut off begins again.
    ['beginDelete', STATUSES.filter((one) => one !== 'deleted')],
    ['unlink', STATUSES.filter((one) => one !== 'deleted' && one !== 'deleting')],
    ['markDeleted', ['deleting']],
  ])('makes the transition %s only from %j', async (transition, from) => {
    expect(await statusesWhere(mayTransition(transition))).toEqual(from);
  });

  it('owns its organization unless it is only reserved for it', async () => {
    const owning = ['active', 'deleting', 'orphaned', 'suspended'];

    expect(await statusesWhere(OWNS_ORGANIZATION)).toEqual(owning);
    expect(
      await statusesWhere(
        `(select ${OWN_ORGANIZATION} from (select 'org_1' as organization_id) o) is not null`,
      ),
    ).toEqual(owning);
  });

  it.each([
    [null, 'active'],
    ['active', 'active'],
    ['suspended', 'suspended'],
  ])('that was %s resumes as %s', async (former, resumed) => {
    const [row] = await database.db.query<{ status: string }>(
      `select ${RESUMED} as status from (select $1::text as former_status) t`,
      [former],
    );
    expect(row?.status).toBe(resumed);
  });

  it('is provisioned, unprovisioned, or on its way to be deleted', () => {
    const of = (is: (tenant: { readonly status: TenantStatus }) => boolean) =>
      STATUSES.filter((one) => is({ status: one }));

    expect(of(isProvisioned)).toEqual(['active', 'suspended']);
    expect(of(isUnprovisioned)).toEqual(CLAIMABLE);
  });
});

describe('the organization of a tenant', () => {
  const tenant: Tenant = { id: 'acme', organizationId: 'org_1', status: 'active' };
  const refusalOf = (fields: Partial<Tenant>): readonly unknown[] => {
    try {
      status.organizationOf({ ...tenant, ...fields });
    } catch (error) {
      if (error instanceof Problem) return [error.slug, error.message, error.retryAfter];
      throw error;
    }
    return [];
  };

  it('is used only while the tenant is active', () => {
    expect(status.organizationOf(tenant)).toBe('org_1');
  });

  const SUSPENDED =
    'The tenant is suspended; only PATCH /v1/tenants/{id} with {"status": "active"} ends that.';
  it.each<[TenantStatus, string, string, number | undefined]>([
    [
      'provisioning',
      'provisioning-in-progress',
      'The tenant is being provisioned; try again in a moment.',
      2,
    ],
    [
      'orphaned',
      'organization-missing',
      'WorkOS no longer has the tenant’s organization; the platform team has to act.',
      undefined,
    ],
    [
      'conflict',
      'organization-conflict',
      'An organization with this tenant’s external id exists that Gatehouse did not create; adopt it by its id.',
      undefined,
    ],
    [
      'deleting',
      'tenant-deleted',
      'This tenant id belonged to a deleted tenant and is not used again.',
      undefined,
    ],
    [
      'deleted',
      'tenant-deleted',
      'This tenant id belonged to a deleted tenant and is not used again.',
      undefined,
    ],
    ['suspended', 'tenant-not-active', SUSPENDED, undefined],
  ])('is refused while it is %s: %s', (one, slug, text, retryAfter) => {
    expect(refusalOf({ status: one })).toEqual([slug, text, retryAfter]);
  });

  it('is refused if an active tenant has none', () => {
    expect(refusalOf({ organizationId: null })).toEqual([
      'tenant-not-active',
      SUSPENDED,
      undefined,
    ]);
  });

  it.each<[string, Problem, string, RegExp, number | undefined]>([
    [
      'being changed',
      status.deletionInProgress(),
      'provisioning-in-progress',
      /is being changed or deleted/,
      2,
    ],
    [
      'whose organization was just written',
      status.organizationStillWritten(),
      'provisioning-in-progress',
      /was changed a moment ago/,
      15,
    ],
    [
      'whose organization is taken',
      status.organizationTaken(),
      'organization-conflict',
      /is mapped to another tenant/,
      undefined,
    ],
    [
      'whose external id is used',
      status.alreadyUsed(),
      'external-id-already-used',
      /There is a tenant with this/,
      undefined,
    ],
  ])('of a tenant %s is refused', (_what, problem, slug, text, retryAfter) => {
    expect(problem.slug).toBe(slug);
    expect(problem.message).toMatch(text);
    expect(problem.retryAfter).toBe(retryAfter);
  });
});
