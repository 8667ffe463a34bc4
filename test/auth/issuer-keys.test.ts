import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKeySet, KeysUnavailable, type KeySet } from '../../src/auth/key-set.ts';
import { waitForAnswer } from '../support/wait-for.ts';
import { signed, withSignature, withUnknownKey } from '../support/forged-tokens.ts';
import { startIssuer, type Issuer } from '../support/issuer.ts';
import {
  gatehouse,
  user,
  workload,
  launchAs,
  callWith,
  withProcess,
  useTokens,
} from './tokens-setup.ts';

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

describe('createKeySet', () => {
  let issuer: Issuer;
  let time = 0;
  const outcomes: string[] = [];
  const keySet = () => {
    time = Date.now();
    outcomes.length = 0;
    return createKeySet({
      url: new URL(issuer.jwksUrl),
      now: () => time,
      onFetch: (outcome) => outcomes.push(outcome),
    });
  };
  const known = { alg: 'ES256', kid: 'key-1' };
  const unknown = { alg: 'ES256', kid: 'key-2' };
  /** Looks up the key for a token with this header. */
  async function find(keys: KeySet, header: { alg: string; kid: string }): Promise<unknown> {
    const token = { payload: '', signature: '' };
    const current = await keys.current();
    try {
      return await current(header, token);
    } catch (error) {
      const newer = await keys.newerThan(current);
      if (!newer) throw error;
      return newer(header, token);
    }
  }

  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterAll(() => issuer.stop());

  it('looks for an unknown key again only after 30 seconds', async () => {
    const keys = keySet();
    await find(keys, known);

    const asked = [];
    for (const seconds of [1, 28, 2, 1, 28, 2]) {
      time += seconds * 1_000;
      await expect(find(keys, unknown)).rejects.toThrow();
      asked.push(outcomes.length);
    }

    expect(asked).toEqual([1, 1, 2, 2, 2, 3]);
  });

  it('refreshes known keys in the background after ten minutes', async () => {
    const keys = keySet();
    await find(keys, known);
    time += 11 * 60_000;

    await find(keys, known);

    await waitForAnswer(
      () => Promise.resolve(outcomes.length),
      (fetches) => fetches === 2,
      2_000,
    );
  });

  it('uses known keys for a day while the issuer is down, retrying twice a minute', async () => {
    const keys = keySet();
    await find(keys, known);
    issuer.setDown(true);
    try {
      for (let minutes = 0; minutes < 15; minutes += 1) {
        time += 60_000;
        await expect(find(keys, known)).resolves.toBeDefined();
        await expect(find(keys, unknown)).rejects.toThrow('no applicable key found');
      }
      const inFifteenMinutes = outcomes.length;
      time += 23 * 60 * 60_000;
      await expect(find(keys, known)).resolves.toBeDefined();
      time += 60 * 60_000;

      await expect(find(keys, known)).rejects.toThrow(KeysUnavailable);
      expect(inFifteenMinutes).toBeLessThanOrEqual(31);
    } finally {
      issuer.setDown(false);
    }
  });

  it('recovers within seconds once the issuer is back', async () => {
    issuer.setDown(true);
    const keys = keySet();
    await expect(find(keys, known)).rejects.toThrow(KeysUnavailable);
    issuer.setDown(false);
    await expect(find(keys, known)).rejects.toThrow(KeysUnavailable);
    time += 5_001;

    await expect(find(keys, known)).resolves.toBeDefined();
    expect(outcomes).toEqual(['failed', 'ok']);
  });
});
