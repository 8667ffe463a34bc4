import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import { startTestApp, type TestApp, type TestClient } from './support/test-app.ts';

const REDIRECT_URI = 'https://app.example.com/callback';

let gatehouse: TestApp;
let client: TestClient;

beforeAll(async () => {
  gatehouse = await startTestApp();
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  const [organization] = gatehouse.workos.organizations.values();
  gatehouse.workos.addConnection(organization?.id ?? '', { state: 'active' });
});
afterAll(() => gatehouse.stop());

const sdk = (key = client.key) => {
  const { hostname, port } = new URL(gatehouse.url);
  return new WorkOS(key, { apiHostname: hostname, port: Number(port), https: false, maxRetries: 0 });
};

describe('signing in', () => {
  it('walks from the authorization URL of the SDK to the profile, with the tenant id', async () => {
    const url = sdk().sso.getAuthorizationUrl({ clientId: client.id, redirectUri: REDIRECT_URI, organization: 'acme', state: 'st-1' });
    const started = await gatehouse.anonymous.get(url.slice(gatehouse.url.length));
    expect(started.status).toBe(302);
    const back = await gatehouse.workos.signIn(started.headers['location'] ?? '');
    const cookies = (started.headers['set-cookie'] as unknown as string[]).map((cookie) => cookie.split(';')[0]).join('; ');
    const returned = await gatehouse.anonymous.get(back.pathname + back.search).set('cookie', cookies);
    expect(returned.status).toBe(302);
    const onward = new URL(returned.headers['location'] ?? '');
    expect(onward.searchParams.get('state')).toBe('st-1');

    const { profile, accessToken } = await sdk().sso.getProfileAndToken({ clientId: client.id, code: onward.searchParams.get('code') ?? '' });
    expect(profile.organizationId).toBe('acme');
    expect(await sdk().sso.getProfile({ accessToken })).toEqual(profile);
  });
});
