/** The keys of an issuer, on a clock of the test's own. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKeySet, KeysUnavailable, type KeySet } from '../../src/auth/key-set.ts';
import { MINUTE_MS, withClocks } from '../support/clock.ts';
import { startIssuer, type Issuer } from '../support/issuer.ts';
import { waitForAnswer } from '../support/wait-for.ts';

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

  it('looks for a new key although the clock was set back ten minutes', async () => {
    const keys = createKeySet({ url: new URL(issuer.jwksUrl) });
    await keys.current();
    const before = issuer.fetches();

    await withClocks({ aheadMs: -10 * MINUTE_MS, passedMs: 31_000 }, async () => {
      await expect(find(keys, unknown)).rejects.toThrow();
    });

    expect(issuer.fetches()).toBe(before + 1);
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

describe('the answer of an issuer', () => {
  let answer: RequestListener = () => undefined;
  const server = createServer((req, res) => {
    answer(req, res);
  });
  let url: URL;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Answers each fetch with the next body. */
  const answers = (...bodies: readonly unknown[]): void => {
    const rest = [...bodies];
    answer = (_req, res) => {
      const body = rest.shift();
      res.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
  };
  const KEY = {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  };
  const filler = (bytes: number) => ({ keys: [KEY], filler: 'x'.repeat(bytes) });

  interface Failure {
    readonly message: string;
  }
  function watched(start = 1_000_000) {
    const clock = { at: start };
    const fetches: (string | undefined)[] = [];
    const keys = createKeySet({
      url,
      now: () => clock.at,
      onFetch: (outcome, error) =>
        fetches.push(outcome === 'ok' ? 'ok' : (error as Failure).message),
    });
    return { clock, fetches, keys };
  }

  it.each([
    ['an empty set', { keys: [] }, 'The key set is empty.'],
    ['no set', {}, 'The key set is empty.'],
    ['an object instead of a list', { keys: { length: 1 } }, 'The key set is empty.'],
    ['more than 256 KB', filler(262_144), 'The key set is too large.'],
  ])('with %s gives no keys', async (_what, body, message) => {
    answers(body);
    const { keys, fetches } = watched();

    await expect(keys.current()).rejects.toThrow('No keys of the issuer are known.');
    await expect(keys.isUsable()).resolves.toBe(false);
    expect(fetches).toEqual([message]);
  });

  it('with a status other than 200, or no JSON, gives no keys', async () => {
    answer = (_req, res) => {
      res.statusCode = 201;
      res.end(JSON.stringify({ keys: [KEY] }));
    };
    const created = watched();
    await expect(created.keys.current()).rejects.toThrow(KeysUnavailable);
    answers('{');
    const broken = watched();
    await expect(broken.keys.current()).rejects.toThrow(KeysUnavailable);

    expect(created.fetches).toEqual(['The key set answered 201.']);
    expect(broken.fetches[0]).toMatch(/JSON/);
  });

  it('may have 256 KB, in several parts', async () => {
    const size = JSON.stringify(filler(0)).length;
    answer = (_req, res) => {
      const text = JSON.stringify(filler(262_144 - size));
      res.write(text.slice(0, 10), () => res.end(text.slice(10)));
    };
    const { keys, fetches } = watched();

    await expect(keys.current()).resolves.toBeDefined();
    expect(fetches).toEqual(['ok']);
  });

  it('is asked for as JSON', async () => {
    let accept: string | undefined;
    answer = (req, res) => {
      ({ accept } = req.headers);
      res.end(JSON.stringify({ keys: [KEY] }));
    };
    await watched().keys.current();

    expect(accept).toBe('application/json');
  });

  it.each([
    ['a key', [KEY], true],
    ['a key for signatures', [{ ...KEY, use: 'sig' }], true],
    ['a key for encryption only', [{ ...KEY, use: 'enc' }], false],
    ['a symmetric key only', [{ kty: 'oct', k: 'AAAA' }], false],
    ['a key for encryption beside one for signatures', [{ ...KEY, use: 'enc' }, KEY], true],
  ])('with %s makes the process ready or not', async (_what, list, isUsable) => {
    answers({ keys: list });
    const { keys, fetches } = watched();

    await expect(keys.isUsable()).resolves.toBe(isUsable);
    await expect(keys.isUsable()).resolves.toBe(isUsable);
    expect(fetches).toEqual(['ok']);
  });

  it('is no longer enough to be ready after a day', async () => {
    answers({ keys: [KEY] });
    const { keys, clock } = watched();
    await keys.isUsable();

    clock.at += 24 * 60 * 60_000;
    await expect(keys.isUsable()).resolves.toBe(true);
    clock.at += 1;
    await expect(keys.isUsable()).resolves.toBe(false);
  });

  it('makes new keys only if it differs', async () => {
    const other = { ...KEY, kid: 'other' };
    answers({ keys: [KEY] }, { keys: [KEY], more: 1 }, { keys: [other] });
    const { keys, clock } = watched();
    const first = await keys.current();

    clock.at += 30_000;
    await expect(keys.newerThan(first)).resolves.toBeUndefined();
    clock.at += 30_000;
    const newer = await keys.newerThan(first);
    expect(newer).toBeDefined();
    expect(newer).not.toBe(first);
    // Whoever still has the first keys gets these without another fetch.
    await expect(keys.newerThan(first)).resolves.toBe(newer);
  });

  it('is fetched again after five minutes in the background, and after ten before use', async () => {
    const fives = [KEY, { ...KEY, kid: 'b' }, { ...KEY, kid: 'c' }];
    answers(...fives.map((key) => ({ keys: [key] })));
    const { keys, clock, fetches } = watched();
    const first = await keys.current();

    clock.at += 5 * 60_000;
    await keys.current();
    expect(fetches).toHaveLength(1);
    clock.at += 1;
    expect(await keys.current()).toBe(first);
    await waitForAnswer(
      () => Promise.resolve(fetches.length),
      (count) => count === 2,
    );
    clock.at += 10 * 60_000 + 1;
    const second = await keys.current();
    expect(second).not.toBe(first);
    expect(fetches).toHaveLength(3);
  });

  it('is waited for at ten minutes only once while the issuer is down, and not before every use', async () => {
    answers({ keys: [KEY] });
    const { keys, clock, fetches } = watched();
    const first = await keys.current();
    answer = (_req, res) => {
      res.statusCode = 503;
      res.end();
    };

    clock.at += 10 * 60_000 + 1;
    expect(await keys.current()).toBe(first);
    expect(fetches).toHaveLength(2);
    clock.at += 29_999;
    expect(await keys.current()).toBe(first);
    expect(fetches).toHaveLength(2);
  });

  it('is not waited for by two at once: they share it', async () => {
    let asked = 0;
    let send: () => void = () => undefined;
    answer = (_req, res) => {
      asked += 1;
      send = () => res.end(JSON.stringify({ keys: [KEY] }));
    };
    const { keys } = watched();
    const both = [keys.current(), keys.current()];
    await waitForAnswer(
      () => Promise.resolve(asked),
      (count) => count > 0,
    );
    send();
    const [one, other] = await Promise.all(both);

    expect(one).toBe(other);
    expect(asked).toBe(1);
  });
});
