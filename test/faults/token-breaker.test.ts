import { describe, expect, it } from '@jest/globals';
import { client, expectRefusal, gatehouse, newCode, useTokenEndpoint } from '../sso/token-setup.ts';
import { exchange, grant, signIn, TOKEN } from '../support/sign-in.ts';
import { waitForAnswer } from '../support/wait-for.ts';

useTokenEndpoint();

describe('exchangeSsoCode while calls to WorkOS are refused locally', () => {
  /** A separate replica, because back-off and circuit breaker outlast the test. */
  const newReplica = async () => {
    const { port } = await gatehouse.startReplica();
    return { url: `http://127.0.0.1:${port}` };
  };
  const expectGoodLater = async (
    { code, upstreamCode }: { code: string; upstreamCode: string },
    replica: { url: string },
  ) => {
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(0);
    await waitForAnswer(
      () => exchange(gatehouse, grant(client, code), replica),
      ({ status }) => status === 200,
      10_000,
      100,
    );
    expect(gatehouse.workos.tokenCalls(upstreamCode)).toBe(1);
  };

  it('spends no code while calls are held back after a 429', async () => {
    const replica = await newReplica();
    const waiting = await signIn(gatehouse, client);
    gatehouse.workos.fault(TOKEN, { kind: 'status', status: 429, retryAfter: 2 }, { times: 1 });
    await exchange(gatehouse, grant(client, await newCode()), replica);

    const held = await exchange(gatehouse, grant(client, waiting.code), replica);

    expectRefusal(held, 'temporarily_unavailable', 503);
    expect(held.body).toMatchObject({ code: 'upstream_rate_limited' });
    expect(held.headers.get('retry-after')).toMatch(/^[12]$/);
    await expectGoodLater(waiting, replica);
  });

  it('spends no code while the circuit breaker is open', async () => {
    const replica = await newReplica();
    const waiting = await signIn(gatehouse, client);
    const codes = await Promise.all(Array.from({ length: 20 }, () => newCode()));
    gatehouse.workos.fault(TOKEN, { kind: 'status', status: 503 }, { times: 20 });
    await Promise.all(codes.map((code) => exchange(gatehouse, grant(client, code), replica)));

    const refused = await exchange(gatehouse, grant(client, waiting.code), replica);

    expectRefusal(refused, 'temporarily_unavailable', 503);
    expect(refused.body).toMatchObject({ code: 'upstream_unavailable' });
    expect(refused.headers.get('retry-after')).toBe('5');
    await expectGoodLater(waiting, replica);
  });
});
