import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { createCaller, type Answer, type Caller } from '../support/http-caller.ts';
import {
  callOf,
  resourceOperations,
  type GuardedOperation,
  type Operation,
} from '../support/operations.ts';
import { askWorkos, makeOwnThings, makeThings, namesFor } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

/** Of WorkOS's text, nothing may come through. */
export const CANARY = 'canary-4711';
export let gatehouse: TestApp;
let caller: Caller;
export let platform: TestClient;
let made = 0;
/** A number that no object of this file has yet. */
export const nextNumber = (): number => (made += 1);

export interface Scene {
  readonly tenant: string;
  readonly call: (body?: object) => Promise<Answer>;
}

/** The operation, about a tenant of its own and things of it. */
export async function sceneOf(operation: Operation): Promise<Scene> {
  const tenant = `tenant-${nextNumber()}`;
  await gatehouse.provision(tenant);
  const organization = await organizationOf(gatehouse, tenant);
  const owner = { clientId: platform.id, tenantId: tenant };
  const names = namesFor(operation, tenant, {
    ...(await makeThings(gatehouse, organization)),
    ...(await makeOwnThings(gatehouse, owner, organization)),
  });
  const headers = {
    authorization: `Bearer ${platform.key}`,
    'gatehouse-user-token': await gatehouse.userToken({ tenant_id: tenant }),
  };
  const call = callOf(operation, names, headers);
  return {
    tenant,
    call: (body) => {
      const given = JSON.parse((call.body as string | undefined) ?? '{}') as object;
      return caller.send(body ? { ...call, body: JSON.stringify({ ...given, ...body }) } : call);
    },
  };
}

export function operationOf(id: string): GuardedOperation {
  const found = resourceOperations.find((operation) => operation.id === id);
  if (!found) throw new Error(`There is no ${id}.`);
  return found;
}

export const statusOf = async (tenant: string) => {
  const res = await gatehouse.as(platform).get(`/v1/tenants/${tenant}`).expect(200);
  return (res.body as { status: string }).status;
};

export function useResourceFaults(): void {
  beforeAll(async () => {
    gatehouse = await startTestApp();
    caller = createCaller(gatehouse.url);
    gatehouse.workos.redirectUris.add('https://gatehouse.example.com/sso/callback');
    platform = await gatehouse.createClient({ redirectUris: ['https://app.example.com/callback'] });
    await askWorkos(gatehouse, 'POST', '/audit_logs/actions/user.signed_in/schemas', {
      targets: [{ type: 'team' }],
    });
  });
  afterEach(() => gatehouse.workos.clearFaults());
  afterAll(async () => {
    await caller.close();
    await gatehouse.stop();
  });
}
