import { beforeAll, expect } from '@jest/globals';
import { createClientRegistry } from '../../src/clients/registry.ts';
import {
  connect,
  REDIRECT_URI,
  signIn,
  type Exchanged,
  type LoginOptions,
} from '../support/sign-in.ts';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

export let gatehouse: TestApp;
export let client: TestClient;
export let other: TestClient;
/** A separate replica, because the test reads its counters. */
export let counted: { readonly url: string; readonly adminUrl: string };

export const newCode = async (options?: LoginOptions) =>
  (await signIn(gatehouse, client, options)).code;

export const registry = () => createClientRegistry(gatehouse.database.db);

export const expectRefusal = (
  { status, headers, body }: Exchanged,
  error: string,
  expected = 400,
) => {
  expect(status).toBe(expected);
  expect(headers.get('content-type')).toBe('application/json');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({
    type: expect.stringMatching(/\/docs\/problems#[\w-]+$/),
    title: expect.any(String),
    status: expected,
    detail: expect.any(String),
    instance: expect.stringMatching(/^urn:uuid:/),
    code: expect.stringMatching(/^[a-z_]+$/),
    error,
    error_description: body.detail,
    message: body.detail,
  });
};

export function useTokenEndpoint(): void {
  gatehouse = useGatehouse();
  beforeAll(async () => {
    client = await gatehouse.createClient({
      redirectUris: [REDIRECT_URI],
      tokenIssuer: gatehouse.issuer.url,
      tokenSubject: 'system:serviceaccount:shop:web',
    });
    other = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
    await gatehouse.provision('acme');
    await connect(gatehouse, 'acme', 'GenericOIDC');
    const replica = await gatehouse.startReplica();
    counted = {
      url: `http://127.0.0.1:${replica.port}`,
      adminUrl: `http://127.0.0.1:${replica.adminPort}`,
    };
  });
}
