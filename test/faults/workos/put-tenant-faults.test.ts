import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../src/dev/fake-workos/server.ts';
import {
  LOOK_UP,
  CREATE,
  gatehouse,
  client,
  elsewhere,
  tenants,
  putTenant,
  expectProblem,
  newTenant,
  organizationsOf,
  status,
  type Row,
  ANSWERS,
  OUTAGES,
  NONSENSE,
  redirect,
  useUpstreamFaults,
  itLeaksNothing,
} from './upstream-faults-setup.ts';

useUpstreamFaults();

const requestsFor = (tenantId: string) =>
  gatehouse.workos.requests.filter(
    ({ path, body }) =>
      decodeURIComponent(path).endsWith(`/gh:test:${tenantId}`) ||
      (body as { external_id?: string } | undefined)?.external_id === `gh:test:${tenantId}`,
  );

describe('putTenant when WorkOS answers', () => {
  /** @returns how often WorkOS was asked for the operation */
  const refused = async (operation: string, fault: Fault, code: number, slug: string) => {
    const tenantId = newTenant();
    gatehouse.workos.fault(operation, fault);

    const answer = await putTenant(tenantId);

    const method = operation.split(' ')[0];
    const asked = requestsFor(tenantId).filter((request) => request.method === method).length;
    expectProblem(answer, code, slug);
    expect(answer.type).toBe('application/problem+json');
    const tenant = await gatehouse.as(client).get(`/v1/tenants/${tenantId}`);
    expect(tenant.body).toMatchObject({ status: 'provisioning' });
    gatehouse.workos.clearFaults();
    // Whatever happened, there is one organization in the end.
    expect((await putTenant(tenantId)).status).toBe(200);
    expect(organizationsOf(tenantId)).toHaveLength(1);
    // Also to keep the circuit breaker closed.
    expect((await putTenant('acme', { name: `Acme ${tenants}` })).status).toBe(200);
    return asked;
  };

  it.each(ANSWERS)(
    '%s to the creation: is reported, without a retry',
    async (_case, fault, code, slug) => {
      expect(await refused(CREATE, fault(), code, slug)).toBe(1);
    },
  );

  it.each([
    ...OUTAGES,
    [
      'a reset after the creation',
      () => ({ kind: 'after-effect-reset' }) as const,
      502,
      'upstream-unreachable',
    ] as const,
    [
      'a reset after headers',
      () => ({ kind: 'reset', when: 'after-headers' }) as const,
      502,
      'upstream-unreachable',
    ] as const,
  ])(
    '%s to the creation: is reported, and nothing is created twice',
    async (_case, fault, code, slug) => {
      expect(await refused(CREATE, fault(), code, slug)).toBe(1);
    },
  );

  it.each(NONSENSE)(
    '%s to the creation: is reported, without a retry',
    async (_case, fault, code, slug) => {
      expect(await refused(CREATE, fault(), code, slug)).toBe(1);
      expect(elsewhere.requests).toBe(0);
    },
  );

  it.each([
    ['401', () => status(401), 502, 'upstream-auth-failed'],
    ['422', () => status(422), 502, 'upstream-rejected'],
    ['302', () => redirect(302), 502, 'upstream-invalid-response'],
    ['an empty object', () => status(200, { body: {} }), 502, 'upstream-invalid-response'],
    ['an empty array', () => status(200, { body: [] }), 502, 'upstream-invalid-response'],
  ] satisfies Row[])('%s to the look-up: creates nothing', async (_case, fault, code, slug) => {
    expect(await refused(LOOK_UP, fault(), code, slug)).toBe(1);
    expect(elsewhere.requests).toBe(0);
  });

  it.each([
    ['500', () => status(500), 502, 'upstream-error'],
    ['a reset', () => ({ kind: 'reset', when: 'before-headers' }), 502, 'upstream-unreachable'],
  ] satisfies Row[])('%s to the look-up: retries once', async (_case, fault, code, slug) => {
    expect(await refused(LOOK_UP, fault(), code, slug)).toBeLessThanOrEqual(2);
  });

  it('the external id is taken: finds the organization that has it', async () => {
    const tenantId = newTenant();
    gatehouse.workos.fault(CREATE, { kind: 'after-effect-reset' }, { times: 1 });
    await putTenant(tenantId);
    gatehouse.workos.fault(LOOK_UP, status(404), { times: 1 });

    const answer = await putTenant(tenantId);

    expect(answer.status).toBe(200);
    expect(organizationsOf(tenantId)).toHaveLength(1);
    const asked = requestsFor(tenantId).map(({ method }) => method);
    expect(asked).toEqual(['GET', 'POST', 'GET', 'POST', 'GET']);
  });

  it('a conflict with another code: finds the existing organization', async () => {
    const tenantId = newTenant();
    gatehouse.workos.fault(CREATE, { kind: 'after-effect-reset' }, { times: 1 });
    await putTenant(tenantId);
    gatehouse.workos.fault(LOOK_UP, status(404), { times: 1 });
    gatehouse.workos.fault(CREATE, status(409), { times: 1 });

    const answer = await putTenant(tenantId);

    expect(answer.status).toBe(200);
    expect(organizationsOf(tenantId)).toHaveLength(1);
  });

  it('a conflict about another field: reports a refusal by WorkOS', async () => {
    expect(await refused(CREATE, status(409), 502, 'upstream-rejected')).toBe(1);
  });

  it('the organization is gone: a change of the tenant reports it', async () => {
    const tenantId = newTenant();
    await putTenant(tenantId);
    for (const { id } of organizationsOf(tenantId)) gatehouse.workos.deleteOrganization(id);

    const answer = await putTenant(tenantId, { name: 'Renamed' });

    expectProblem(answer, 409, 'organization-missing');
    const tenant = await gatehouse.as(client).get(`/v1/tenants/${tenantId}`);
    expect(tenant.body).toMatchObject({ status: 'active' });
    expect(organizationsOf(tenantId)).toHaveLength(0);
  });
});

itLeaksNothing();
