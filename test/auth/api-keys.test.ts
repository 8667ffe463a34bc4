import { describe, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { Secret } from '../../src/core/secret.ts';
import { waitForAnswer } from '../support/wait-for.ts';
import {
  gatehouse,
  callers,
  registry,
  client,
  callWith,
  withProcess,
  useTokens,
} from './tokens-setup.ts';
import { within } from '../support/within.ts';

useTokens();

const OPERATOR = operator('test');

describe('an API key', () => {
  const everywhere = (key: string) =>
    Promise.all(callers.map(async (caller) => (await callWith(key, caller)).status));
  const keyId = (key: string) => key.split('_')[1] ?? '';

  /** Returns the time until every replica refuses the key. */
  async function timeUntilRefused(key: string): Promise<number> {
    const since = performance.now();
    await waitForAnswer(
      () => everywhere(key),
      (statuses) => statuses.every((status) => status === 401),
      30_000,
      5,
    );
    return performance.now() - since;
  }

  it('is rotated without downtime, and revoked on every replica within a second', async () => {
    const { id, key: old } = await gatehouse.createClient();
    const { key: next } = await registry.rotateKey(OPERATOR, id, { seconds: null });
    expect(await everywhere(old)).toEqual([200, 200, 200]);
    expect(await everywhere(next.reveal())).toEqual([200, 200, 200]);

    await registry.revokeKey(OPERATOR, id, keyId(old));

    expect(await timeUntilRefused(old)).toBeLessThan(within(1_000));
    expect(await everywhere(next.reveal())).toEqual([200, 200, 200]);
  });

  it.each([
    ['disabled', (id: string) => registry.update(OPERATOR, id, { disabled: true })],
    ['deleted', (id: string) => registry.delete(OPERATOR, id)],
  ])('of a client that was %s is refused everywhere within a second', async (_name, act) => {
    const { id, key } = await gatehouse.createClient();
    expect(await everywhere(key)).toEqual([200, 200, 200]);

    await act(id);

    expect(await timeUntilRefused(key)).toBeLessThan(within(1_000));
  });

  it.each([
    ['scope', { scopes: ['users:assert' as const] }, 403],
    ['tenant', { tenants: ['globex'] }, 404],
  ])('loses a %s everywhere within a second', async (_name, change, status) => {
    const { id, key } = await gatehouse.createClient();
    expect(await everywhere(key)).toEqual([200, 200, 200]);

    await registry.update(OPERATOR, id, change);

    const since = performance.now();
    await waitForAnswer(
      () => everywhere(key),
      (statuses) => statuses.every((given) => given === status),
      30_000,
      5,
    );
    expect(performance.now() - since).toBeLessThan(within(1_000));
  });

  it('is refused within a second even when notifications do not arrive', async () => {
    const { id, key } = await gatehouse.createClient();
    const nowhere = new Secret('postgres://nobody@127.0.0.1:1/nothing');

    await withProcess(
      ({ database }) => ({ database: { ...database, directUrl: nowhere } }),
      async (caller) => {
        expect((await callWith(key, caller)).status).toBe(200);
        await registry.revokeKey(OPERATOR, id, keyId(key));
        const since = performance.now();

        await waitForAnswer(
          () => callWith(key, caller),
          ({ status }) => status === 401,
          30_000,
          5,
        );

        expect(performance.now() - since).toBeLessThan(within(1_000));
      },
    );
  });

  it('is refused from the moment it expires', async () => {
    const { id } = await gatehouse.createClient();
    const { key } = await registry.rotateKey(OPERATOR, id, { seconds: 1 });
    expect(await everywhere(key.reveal())).toEqual([200, 200, 200]);

    expect(await timeUntilRefused(key.reveal())).toBeLessThan(within(2_000));
  });

  it('has its last use recorded, once for many calls', async () => {
    const { key } = await gatehouse.createClient();
    const lastUse = async () =>
      (
        await gatehouse.database.superuser<{ last_used_at: Date | null }>(
          'select last_used_at from client_keys where id = $1',
          [keyId(key)],
        )
      )[0]?.last_used_at;

    await withProcess(
      () => ({}),
      async (caller) => {
        await Promise.all(Array.from({ length: 20 }, () => callWith(key, caller)));
        expect(await lastUse()).toBeNull();
      },
    );

    // A process that shuts down writes the uses it has not stored yet.
    expect(Date.now() - ((await lastUse())?.getTime() ?? 0)).toBeLessThan(10_000);
  });

  it('is not in the database, and neither is its secret', async () => {
    const rows = await gatehouse.database.superuser<{ row: string }>(
      `select to_jsonb(k)::text as row from client_keys k union all
       select to_jsonb(c)::text from clients c union all select to_jsonb(a)::text from audit_trail a`,
    );

    const all = rows.map(({ row }) => row).join('\n');
    expect(all).toContain(keyId(client.key));
    expect(all).not.toContain(client.key.slice(-43));
  });
});
