import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLaunch, pressButton } from '../support/portal-calls.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse({ env: { USER_TOKEN_AZP_CLAIM: 'azp' } });
let client: TestClient;

beforeAll(async () => {
  client = await gatehouse.createClient();
  await gatehouse.provision('acme');
  await gatehouse.as(client).put('/v1/tenants/acme/it-admins/ada').send({ state: 'granted' });
});

describe('a long ticket', () => {
  it.each([
    ['another client', 'somebody-else', 401],
    ['no client', undefined, 401],
    ['its client', 'client-1', 303],
  ])('is redeemed only by a sign-in for its own client: %s', async (_case, azp, status) => {
    const userToken = await gatehouse.userToken({ azp: client.id });
    const { ticket } = await createLaunch(gatehouse, client, {
      mode: 'confirm',
      expires_in: 86_400,
      userToken,
    });

    const res = await pressButton(
      gatehouse.url,
      { ticket },
      { cookie: `session=${await gatehouse.userToken({ azp })}` },
    );

    expect(client.id).toBe('client-1');
    expect(res.status).toBe(status);
  });
});
