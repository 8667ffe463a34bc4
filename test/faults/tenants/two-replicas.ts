/** Two replicas, a client of every tenant, and requests about tenants to either of them. */
import { beforeAll } from '@jest/globals';
import type { TestApp, TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';

export let gatehouse: TestApp;
export let client: TestClient;

/** Call it once at the top of a file. */
export function useTwoReplicas(): void {
  gatehouse = useGatehouse({ replicas: 2 });
  beforeAll(async () => {
    client = await gatehouse.createClient();
  });
}

/** Names a change of an organization to the fake WorkOS. */
export const UPDATE = 'PUT /organizations/*';

export const on = (replica: number) => gatehouse.as(client, undefined, replica);
export const patch = (id: string, body: object, replica = 0) =>
  on(replica).patch(`/v1/tenants/${id}`).send(body);
export const get = async (id: string) => (await on(0).get(`/v1/tenants/${id}`)).body as object;
export const sql = (statement: string, ...values: unknown[]) =>
  gatehouse.database.superuser(statement, values);
