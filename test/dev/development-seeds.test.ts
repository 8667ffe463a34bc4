import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operator } from '../../src/cli/operator.ts';
import { createClientCredentials } from '../../src/clients/credentials.ts';
import { newClient } from '../../src/clients/registration.ts';
import { createClientRegistry, type ClientRegistry } from '../../src/clients/registry.ts';
import { createClientStore } from '../../src/clients/store.ts';
import { CLIENT_ID, ensureClientKey } from '../../src/dev/seeds.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const ORIGIN = 'http://127.0.0.1:3000';

let database: TestDatabase;
let registry: ClientRegistry;
let directory: string;

beforeAll(async () => {
  database = await createTestDatabase();
  registry = createClientRegistry(database.db);
});
afterAll(() => database.stop());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-seeds-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const file = () => join(directory, 'client-key');
const ready = (origin = ORIGIN) => ensureClientKey(database.db, file(), origin);
const clientBehind = (key: string) =>
  createClientCredentials(createClientStore(database.db), undefined).byKey(key);
const registered = () => registry.get(CLIENT_ID);

describe('the key of the development client', () => {
  it('opens for a client that may sign users in and back at the product', async () => {
    const key = await ready();

    expect(await clientBehind(key)).toMatchObject({
      id: CLIENT_ID,
      scopes: expect.arrayContaining(['portal:launch', 'sso:login']),
      tenants: ['*'],
      redirectUris: [`${ORIGIN}/sso/callback`],
      returnOrigins: [ORIGIN],
      initiateLoginUri: `${ORIGIN}/sso/start`,
    });
    expect(readFileSync(file(), 'utf8')).toBe(key);
  });

  it('stays the same in the next run, which changes nothing', async () => {
    const key = await ready();
    const before = await registered();

    expect(await ready()).toBe(key);
    expect((await registered()).updatedAt).toEqual(before.updatedAt);
  });

  it('stays the same when an earlier version registered less', async () => {
    const key = await ready();
    await registry.update(operator('test'), CLIENT_ID, {
      scopes: ['portal:launch'],
      redirectUris: [],
      initiateLoginUri: null,
    });

    expect(await ready()).toBe(key);
    expect(await registered()).toMatchObject({
      scopes: expect.arrayContaining(['sso:login']),
      redirectUris: [`${ORIGIN}/sso/callback`],
      initiateLoginUri: `${ORIGIN}/sso/start`,
    });
  });

  it('stays the same when the product moves to another port', async () => {
    const key = await ready();

    expect(await ready('http://127.0.0.1:3999')).toBe(key);
    expect(await registered()).toMatchObject({
      redirectUris: ['http://127.0.0.1:3999/sso/callback'],
      returnOrigins: ['http://127.0.0.1:3999'],
      initiateLoginUri: 'http://127.0.0.1:3999/sso/start',
    });
  });

  it.each([
    ['is revoked', async (id: string) => registry.revokeKey(operator('test'), CLIENT_ID, id)],
    ['is lost', async () => writeFile(file(), '')],
    ['belongs to a client that was deleted', () => registry.delete(operator('test'), CLIENT_ID)],
  ])('is replaced when the known one %s', async (_what, happens) => {
    const key = await ready();
    await happens((await registered()).keys[0]?.id ?? '');

    const other = await ready();

    expect(other).not.toBe(key);
    expect(readFileSync(file(), 'utf8')).toBe(other);
    expect(await clientBehind(other)).toMatchObject({ id: CLIENT_ID });
  });

  it('is never that of another client, whatever the file says', async () => {
    const other = newClient(true).parse({
      id: 'other',
      name: 'Other',
      scopes: ['sso:login'],
      tenants: ['*'],
      returnOrigins: [ORIGIN],
    });
    const issued = await registry.create(operator('test'), other, { seconds: null });
    writeFileSync(file(), issued?.key.reveal() ?? '');

    expect(await clientBehind(await ready())).toMatchObject({ id: CLIENT_ID });
  });
});
