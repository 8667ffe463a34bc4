/** WorkOS, or something before it, answers about another object than the one that was asked for. */
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { askWorkos, makeThings, type Things } from '../../support/resource-things.ts';
import { organizationOf } from '../../support/sign-in.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';

const USERS = '/user_management/users';
const MEMBERSHIPS = '/user_management/organization_memberships';

/** The objects that are read by their ids, and where. */
const READS: readonly (readonly [string, keyof Things])[] = [
  ['/connections', 'connection'],
  ['/directories', 'directory'],
  ['/directory_users', 'directoryUser'],
  ['/directory_groups', 'directoryGroup'],
  ['/organization_domains', 'domain'],
  [USERS, 'user'],
  [`${USERS}/external_id`, 'externalId'],
  [MEMBERSHIPS, 'membership'],
  ['/user_management/invitations', 'invitation'],
  ['/user_management/magic_auth', 'magicAuth'],
  ['/user_management/email_verification', 'emailVerification'],
];

const gatehouse = useGatehouse();
/** Every tenant. */
let platform: TestClient;
/** Only `acme`. */
let client: TestClient;
let ours: Things;
let theirs: Things;

beforeAll(async () => {
  platform = await gatehouse.createClient();
  client = await gatehouse.createClient({
    tenants: ['acme'],
    redirectUris: ['https://app.example.com/callback'],
  });
  for (const tenant of ['acme', 'globex']) await gatehouse.provision(tenant);
  ours = await makeThings(gatehouse, await organizationOf(gatehouse, 'acme'));
  theirs = await makeThings(gatehouse, await organizationOf(gatehouse, 'globex'));
});
afterEach(() => gatehouse.workos.clearFaults());

/** Answers an operation with what WorkOS says about another path. */
async function mixUp(operation: string, path: string): Promise<void> {
  const body = await askWorkos<object>(gatehouse, 'GET', path);
  gatehouse.workos.fault(operation, { kind: 'status', status: 200, body });
}
const codeOf = ({ status, body }: { status: number; body: unknown }) =>
  `${status} ${(body as { code?: string }).code ?? ''}`.trim();
const WRONG = '502 upstream_invalid_response';

describe('an answer about another object', () => {
  it.each(READS)('is a wrong answer for a read of %s', async (path, kind) => {
    await mixUp(`GET ${path}/${ours[kind]}`, `${path}/${theirs[kind]}`);

    const res = await gatehouse.as(platform).get(`${path}/${ours[kind]}`);

    expect(res.text).not.toContain(theirs[kind]);
    expect(codeOf(res)).toBe(WRONG);
  });

  it.each(READS.filter(([, kind]) => kind !== 'user' && kind !== 'externalId'))(
    'does not let a client read an object of others: %s',
    async (path, kind) => {
      await mixUp(`GET ${path}/${theirs[kind]}`, `${path}/${ours[kind]}`);

      const res = await gatehouse.as(client).get(`${path}/${theirs[kind]}`);

      expect(codeOf(res)).toBe(WRONG);
    },
  );

  it('does not let a client delete an object of others', async () => {
    const path = `${MEMBERSHIPS}/${theirs.otherMembership}`;
    await mixUp(`GET ${path}`, `${MEMBERSHIPS}/${ours.membership}`);

    const res = await gatehouse.as(client).delete(path);

    expect(codeOf(res)).toBe(WRONG);
    await expect(askWorkos(gatehouse, 'GET', path)).resolves.toBeDefined();
  });

  it('does not let a client list what belongs to a directory of others', async () => {
    await mixUp(`GET /directories/${theirs.directory}`, `/directories/${ours.directory}`);

    const res = await gatehouse.as(client).get(`/directory_users?directory=${theirs.directory}`);

    expect(codeOf(res)).toBe(WRONG);
  });

  it.each([
    ['PUT', USERS, 'user', { first_name: 'Ada' }, ''],
    ['PUT', MEMBERSHIPS, 'membership', { role_slug: 'member' }, ''],
    ['POST', '/user_management/invitations', 'invitation', undefined, '/revoke'],
  ] as const)('is not shown after a change: %s %s', async (method, path, kind, body, act) => {
    const changed = `${path}/${ours[kind]}${act}`;
    await mixUp(`${method} ${changed}`, `${path}/${theirs[kind]}`);
    const agent = gatehouse.as(client);

    const res = await (method === 'PUT' ? agent.put(changed) : agent.post(changed)).send(body);

    expect(res.text).not.toContain(theirs[kind]);
    expect(codeOf(res)).toBe(WRONG);
  });
});

async function answerWithOurMembership(): Promise<void> {
  const membership = await askWorkos(gatehouse, 'GET', `${MEMBERSHIPS}/${ours.membership}`);
  const list_metadata = { before: null, after: null };
  const body = { object: 'list', data: [membership], list_metadata };
  gatehouse.workos.fault(`GET ${MEMBERSHIPS}`, { kind: 'status', status: 200, body });
}

describe('memberships of another user', () => {
  it('make nobody visible', async () => {
    await answerWithOurMembership();

    const res = await gatehouse.as(client).get(`${USERS}/${theirs.user}`);

    expect(res.text).not.toContain(theirs.email);
    expect(codeOf(res)).toBe(WRONG);
  });

  it('let nobody be deleted', async () => {
    await answerWithOurMembership();

    const res = await gatehouse.as(client).delete(`${USERS}/${theirs.user}`);

    expect(codeOf(res)).toBe(WRONG);
    expect(gatehouse.workos.state.users.has(theirs.user)).toBe(true);
  });
});

/** Answers the creation of an object with one that exists. */
function createAnswers(operation: string, body: object | undefined): void {
  if (!body) throw new Error(`There is nothing for ${operation} to answer.`);
  gatehouse.workos.fault(operation, { kind: 'status', status: 201, body });
}

describe('an answer about another object than the one to be created', () => {
  const create = (path: string, body: object) => gatehouse.as(client).post(path).send(body);

  it('makes no user of others the client’s', async () => {
    const user = gatehouse.workos.state.users.get(theirs.user);
    createAnswers(`POST ${USERS}`, user);

    const res = await create(USERS, { email: 'new@acme.example' });

    expect(res.text).not.toContain(theirs.email);
    expect(codeOf(res)).toBe(WRONG);
    expect((await gatehouse.as(client).get(`${USERS}/${theirs.user}`)).status).toBe(404);
  });

  it.each([
    ['/user_management/magic_auth', 'magicAuth', 'code'],
    ['/user_management/password_reset', 'passwordReset', 'password_reset_token'],
  ] as const)('shows no secret of a user of others: %s', async (path, kind, secret) => {
    const other = await askWorkos<Record<string, string>>(
      gatehouse,
      'GET',
      `${path}/${theirs[kind]}`,
    );
    createAnswers(`POST ${path}`, other);

    const res = await create(path, { email: ours.email });

    expect(res.text).not.toContain(other[secret]);
    expect(codeOf(res)).toBe(WRONG);
  });

  it('makes no API key of others the tenant’s', async () => {
    const [acme, globex] = [
      await organizationOf(gatehouse, 'acme'),
      await organizationOf(gatehouse, 'globex'),
    ];
    const key = await askWorkos(gatehouse, 'POST', `/organizations/${globex}/api_keys`, {
      name: 'Key',
    });
    createAnswers(`POST /organizations/${acme}/api_keys`, key);

    const res = await create('/organizations/acme/api_keys', { name: 'Key' });

    expect(codeOf(res)).toBe(WRONG);
    expect((await gatehouse.as(client).delete(`/api_keys/${key.id}`)).status).toBe(404);
    expect(gatehouse.workos.state.apiKeys.has(key.id)).toBe(true);
  });

  it('is a wrong answer where the object names another tenant', async () => {
    const membership = gatehouse.workos.state.organizationMemberships.get(theirs.membership);
    createAnswers(`POST ${MEMBERSHIPS}`, membership);

    const res = await create(MEMBERSHIPS, { user_id: ours.user, organization_id: 'acme' });

    expect(codeOf(res)).toBe(WRONG);
  });

  it('makes no challenge of another factor the client’s', async () => {
    const enroll = { type: 'generic_otp' };
    const [own, foreign] = [
      await create('/auth/factors/enroll', enroll),
      await askWorkos(gatehouse, 'POST', '/auth/factors/enroll', enroll),
    ];
    const { id } = own.body as { id: string };
    const challenge = await askWorkos<{ id: string; code: string }>(
      gatehouse,
      'POST',
      `/auth/factors/${foreign.id}/challenge`,
      {},
    );
    createAnswers(`POST /auth/factors/${id}/challenge`, challenge);

    const res = await create(`/auth/factors/${id}/challenge`, {});

    expect(res.text).not.toContain(challenge.code);
    expect(codeOf(res)).toBe(WRONG);
  });

  it('shows no magic link of another person', async () => {
    const path = '/passwordless/sessions';
    const session = {
      type: 'MagicLink',
      redirect_uri: 'https://gatehouse.example.com/sso/callback',
    };
    gatehouse.workos.redirectUris.add(session.redirect_uri);
    const other = await askWorkos<{ link: string }>(gatehouse, 'POST', path, {
      ...session,
      email: theirs.email,
    });
    createAnswers(`POST ${path}`, other);

    const res = await create(path, {
      ...session,
      email: ours.email,
      redirect_uri: 'https://app.example.com/callback',
    });

    expect(res.text).not.toContain(other.link);
    expect(codeOf(res)).toBe(WRONG);
  });
});
