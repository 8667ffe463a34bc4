import { beforeAll } from '@jest/globals';
import supertest from 'supertest';
import type { TestApp, TestAppOptions, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

export let gatehouse: TestApp;
let client: TestClient;
export const LOOKUP = 'GET /organizations/external_id/*';
export const CREATE = 'POST /organizations';

export const agentOf = (replica: number, app = gatehouse, by = client) =>
  supertest.agent(app.urls[replica] ?? '').set('authorization', `Bearer ${by.key}`);

export const put = (id: string, body: object = { name: id }, replica = 0) =>
  agentOf(replica).put(`/v1/tenants/${id}`).send(body);

export const get = (id: string) => agentOf(0).get(`/v1/tenants/${id}`);

export const organizationsOf = (id: string, { workos } = gatehouse) =>
  [...workos.organizations.values()].filter(({ external_id }) => external_id === `gh:test:${id}`);

export const auditOf = (id: string) =>
  gatehouse.database.superuser<{ outcome: string; operation: string }>(
    'select operation, outcome from audit_trail where tenant_id = $1 order by id',
    [id],
  );

export function useProvisioning(options: TestAppOptions = {}): void {
  gatehouse = useGatehouse({ replicas: 3, ...options });
  beforeAll(async () => {
    client = await gatehouse.createClient();
  });
}
