/** What the proofs of docs/differences.md share. */
import { beforeAll, describe, it } from '@jest/globals';
import type { Response } from 'supertest';
import { makeSharedThings } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

export const ORIGIN = 'https://app.example.com';
export let gatehouse: TestApp;
export const USERS = '/user_management';
export let platform: TestClient;
/** May use some tenants only, and has every scope but those that go beyond them. */
export let client: TestClient;
export let admin: string;
export let acme: string;
export let globex: string;

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export const ask = async (
  [method, path, fields = {}]: readonly [Method, string, object?],
  { as = client, token }: { readonly as?: TestClient; readonly token?: string } = {},
): Promise<Response> => {
  const request = gatehouse.as(as, token)[method](path);
  return method === 'get' || method === 'delete' ? request.query(fields) : request.send(fields);
};
export const outcomeOf = ({ status, body }: Response) => [status, (body as { code?: string }).code];
export const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
export const idOf = ({ body }: Response) => (body as { id: string }).id;
export const dataOf = ({ body }: Response) => (body as { data: readonly { id: string }[] }).data;
export const lastAt = (operation: string) => gatehouse.workos.requestsTo(operation).at(-1);
export const withoutScope = (scope: string) =>
  gatehouse.createClient({
    tenants: ['acme'],
    scopes: ['tenants:write', 'audit_logs:write', 'roles:write'].filter(
      (one) => one !== scope,
    ) as never,
  });

/** Each line is a request: a line without its proof does not compile. */
export function prove<Line extends string>(
  lines: Readonly<Record<Line, string>>,
  proofs: Readonly<Record<Line, () => Promise<void>>>,
): void {
  gatehouse = useGatehouse({ env: { WEBHOOK_ENDPOINT_ORIGINS: ORIGIN } });
  beforeAll(async () => {
    platform = await gatehouse.createClient();
    client = await gatehouse.createClient({
      ...{ tenants: ['acme', 'initech*'], returnOrigins: [ORIGIN] },
      redirectUris: [`${ORIGIN}/callback`],
    });
    admin = await gatehouse.userToken();
    for (const tenant of ['acme', 'globex', 'initech']) await gatehouse.provision(tenant);
    [acme, globex] = [
      await organizationOf(gatehouse, 'acme'),
      await organizationOf(gatehouse, 'globex'),
    ];
    makeSharedThings(gatehouse);
  });

  describe('docs/differences.md', () => {
    it.each(Object.keys(lines) as Line[])('is right about %s', async (line) => {
      await proofs[line]();
    });
  });
}
