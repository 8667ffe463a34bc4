import { describe, expect, it } from '@jest/globals';
import { signed, withSignature, withUnknownKey } from '../../support/forged-tokens.ts';
import {
  gatehouse,
  user,
  workload,
  launchAs,
  callWith,
  withProcess,
  useTokens,
} from '../../auth/tokens-setup.ts';

useTokens();

describe('the keys of an issuer', () => {
  it('are fetched at most twice for 2,000 tokens of unknown keys', async () => {
    const token = await signed(gatehouse.issuer.privateKey, user());
    await launchAs(token);
    const before = gatehouse.issuer.fetches();

    const answers = await Promise.all(
      Array.from({ length: 2_000 }, (_, at) =>
        launchAs(withUnknownKey({ ...user(), jti: at }, `key-${at}-${Math.random()}`)),
      ),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(gatehouse.issuer.fetches() - before).toBeLessThanOrEqual(2);
    expect((await launchAs(token)).status).toBe(201);
  });

  it('are fetched once for many tokens that arrive at the same time', async () => {
    const tokens = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        signed(gatehouse.issuer.privateKey, { ...user(), jti: at }),
      ),
    );

    await withProcess(
      () => ({}),
      async (caller) => {
        const before = gatehouse.issuer.fetches();
        const answers = await Promise.all(tokens.map((token) => launchAs(token, caller)));

        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
        expect(gatehouse.issuer.fetches() - before).toBe(1);
      },
    );
  });

  it('stay in use while the issuer is down', async () => {
    const { issuer } = gatehouse;
    await launchAs(await signed(issuer.privateKey, user()));
    issuer.setDown(true);
    try {
      const known = await launchAs(await signed(issuer.privateKey, { ...user(), jti: 'new' }));
      const unknown = await launchAs(withUnknownKey(user(), 'key-2'));

      expect(known.status).toBe(201);
      expect([unknown.status, unknown.json.code]).toEqual([401, 'invalid_user_token']);
    } finally {
      issuer.setDown(false);
    }
  });

  it('that were never fetched cause 503 with Retry-After, not 401', async () => {
    const { issuer } = gatehouse;
    issuer.setDown(true);
    try {
      await withProcess(
        () => ({}),
        async (caller) => {
          const before = issuer.fetches();
          const answers = await Promise.all([
            ...Array.from({ length: 20 }, async (_, at) =>
              launchAs(await signed(issuer.privateKey, { ...user(), jti: at }), caller),
            ),
            callWith(await signed(issuer.privateKey, workload()), caller),
          ]);
          const forged = await launchAs(withSignature(user(), { alg: 'none' }, ''), caller);

          for (const { status, headers, json } of answers) {
            expect([status, json.code]).toEqual([503, 'dependency_unavailable']);
            expect(`${String(json.title)}: ${String(json.detail)}`).toBe(
              'A dependency of Gatehouse is not available: The keys of the token’s issuer are not available.',
            );
            expect(Number(headers['retry-after'])).toBeGreaterThan(0);
          }
          expect(forged.status).toBe(401);
          // One fetch for user tokens, one for client tokens.
          expect(issuer.fetches() - before).toBe(2);
        },
      );
    } finally {
      issuer.setDown(false);
    }
  });
});
