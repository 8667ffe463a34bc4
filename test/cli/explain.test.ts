import { describe, expect, it } from '@jest/globals';
import { clientsCommand } from '../../src/cli/clients.ts';
import { redirectsCommand } from '../../src/cli/redirects.ts';
import { runHere } from '../support/command-here.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();

interface Explained {
  readonly allowed: boolean;
  readonly conditions: readonly { condition: string; holds: boolean; remedy?: string }[];
}

async function explain(...args: string[]) {
  const { db } = gatehouse.database;
  const { code, out, err } = await runHere(
    (terminal) => clientsCommand(['explain', ...args], { db, terminal, development: true }),
    {},
  );
  const { allowed, conditions } = (out ? JSON.parse(out) : { conditions: [] }) as Explained;
  const refused = conditions.filter(({ holds }) => !holds);
  expect(conditions.filter(({ holds, remedy }) => holds === (remedy !== undefined))).toEqual([]);
  return { code, err, allowed, refused };
}

describe('gatehouse clients explain', () => {
  it('says that a client may call an operation, as the gateway does', async () => {
    const client = await gatehouse.createClient();
    await gatehouse.provision('acme');

    expect(await explain(client.id, 'getTenant', 'acme')).toMatchObject({
      code: 0,
      allowed: true,
      refused: [],
    });
  });

  it('names each condition that does not hold, and what to do', async () => {
    const client = await gatehouse.createClient({
      scopes: ['tenants:read'],
      tenants: ['globex'],
      disabled: true,
    });
    const { code, refused } = await explain(client.id, 'generatePortalLink', 'acme');

    expect(code).toBe(1);
    expect(refused.map(({ condition }) => condition)).toEqual([
      'is enabled',
      'has the scope portal:launch',
      'may use the tenant acme',
      'the acting user is an IT admin of the tenant',
    ]);
    expect(refused[1]?.remedy).toBe(
      `gatehouse clients update ${client.id} --scopes tenants:read,portal:launch`,
    );
  });

  it('says what POST /mcp needs of a client, which is no scope', async () => {
    const client = await gatehouse.createClient({ scopes: [] });
    const disabled = await gatehouse.createClient({ disabled: true });

    expect(await explain(client.id, 'sendMcpMessage')).toMatchObject({ code: 0, allowed: true });
    expect((await explain(disabled.id, 'sendMcpMessage')).refused).toEqual([
      expect.objectContaining({ condition: 'is enabled' }),
    ]);
  });

  it('judges the acting user by roles and by the registry', async () => {
    const client = await gatehouse.createClient();
    const ask = (...user: string[]) => explain(client.id, 'generatePortalLink', 'acme', ...user);
    await gatehouse.database.superuser(
      `insert into it_admins (tenant_id, user_id, state) values ('acme', 'ada', 'denied')`,
    );

    expect((await ask('--user', 'max', '--roles', 'it_admin')).code).toBe(0);
    expect((await ask('--user', 'max', '--roles', 'member')).refused).toHaveLength(1);
    expect((await ask('--user', 'ada', '--roles', 'it_admin')).refused[0]?.remedy).toMatch(
      /denies/,
    );
  });

  it('says that a tenant does not exist, or that an operation is for clients of every tenant', async () => {
    const client = await gatehouse.createClient({ tenants: ['acme', 'nowhere'] });

    expect((await explain(client.id, 'getTenant', 'nowhere')).refused).toEqual([
      expect.objectContaining({ condition: 'the tenant nowhere exists' }),
    ]);
    expect((await explain(client.id, 'createPermission')).refused).toEqual([
      expect.objectContaining({ condition: expect.stringMatching(/^may use every tenant/) }),
    ]);
  });

  it('names the operation that was probably meant', async () => {
    const { code, err } = await explain('client-1', 'generatePortalLinks', 'acme');

    expect(code).toBe(2);
    expect(err).toContain(
      'unknown operation "generatePortalLinks"; did you mean "generatePortalLink"?',
    );
  });
});

describe('gatehouse redirects test', () => {
  const settings = () => ({
    NODE_ENV: 'test',
    PUBLIC_URL: gatehouse.url,
    WORKOS_API_BASE_URL: gatehouse.workos.url,
    WORKOS_CLIENT_ID: gatehouse.workos.clientId,
  });
  async function test(uri: string) {
    const { db } = gatehouse.database;
    const { code, out } = await runHere(
      (terminal) => redirectsCommand(['test', uri], { db, terminal }),
      settings(),
    );
    const answer = JSON.parse(out) as {
      clients: string[];
      problems: string[];
      workos: { accepted: boolean; says: string };
    };
    return { code, ...answer };
  }

  it('names the clients for which a redirect URI is accepted; the port of a loopback address may differ', async () => {
    const { id } = await gatehouse.createClient({
      redirectUris: ['https://shop.example.com/callback', 'http://127.0.0.1:1/cli'],
    });

    expect(await test('https://shop.example.com/callback')).toMatchObject({
      code: 0,
      clients: [id],
      problems: [],
    });
    expect((await test('http://127.0.0.1:9/cli')).clients).toEqual([id]);
  });

  it.each([
    [
      'https://shop.example.com/callback/',
      /nearest is https:\/\/shop.example.com\/callback .* differs in its path/,
    ],
    ['http://shop.example.com/callback', /must be https/],
    ['https://shop.example.com/callback#x', /must not have a fragment/],
    ['https://shop.example.com/*', /must not have a wildcard/],
    ['/callback', /is not an absolute URL/],
    ['https://unrelated.test/', /no client has registered it/],
  ])('says why %s is not accepted', async (uri, why) => {
    const { code, problems } = await test(uri);

    expect(code).toBe(1);
    expect(problems.join('\n')).toMatch(why);
  });

  it('advises to register what can be registered alone', async () => {
    const advised = async (uri: string) =>
      (await test(uri)).problems.join('\n').includes('gatehouse clients update');

    expect(await advised('https://unrelated.test/')).toBe(true);
    expect(await advised('notaurl')).toBe(false);
    expect(await advised('https://shop.example.com/callback#x')).toBe(false);
  });

  it('tries Gatehouse’s own redirect URI at WorkOS', async () => {
    const own = `${gatehouse.url}/sso/callback`;
    expect(await test(own)).toMatchObject({ code: 0, workos: { accepted: true } });

    gatehouse.workos.redirectUris.add('https://other.example.com/sso/callback');
    const { code, workos } = await test(own);
    gatehouse.workos.redirectUris.clear();

    expect({ code, accepted: workos.accepted }).toEqual({ code: 1, accepted: false });
    expect(workos.says).toContain('is not registered');
  });
});
