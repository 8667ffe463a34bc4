import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp, type TestClient } from './support/test-app.ts';

let gatehouse: TestApp;
let client: TestClient;
let admin: string;

beforeAll(async () => {
  gatehouse = await startTestApp();
  client = await gatehouse.createClient();
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
});
afterAll(() => gatehouse.stop());

describe('generatePortalLink', () => {
  it('answers a link of WorkOS for the organization of the tenant', async () => {
    const res = await gatehouse
      .as(client, admin)
      .post('/portal/generate_link')
      .send({ organization: 'acme', intent: 'sso' });

    expect(res.status).toBe(201);
    expect(res.body).toEqual({ link: expect.stringMatching(/^http:\/\/127\.0\.0\.1/) });
  });
});
