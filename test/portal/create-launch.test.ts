import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operator } from '../../src/cli/operator.ts';
import { createClientRegistry } from '../../src/clients/registry.ts';
import { INTENTS } from '../../src/core/intents.ts';
import { HOSTILE_URLS } from '../support/hostile-urls.ts';
import { createLaunch, linkRequests, pressButton } from '../support/portal-calls.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { problemType } from '../support/problem-type.ts';
import { gatehouse, client, admin, useLaunches, itLeavesNoTicket } from './launches-setup.ts';

useLaunches();

const DAY = 86_400;

const create = (fields: object = {}, { userToken = admin, as = client, key = '' } = {}) => {
  const request = gatehouse.as(as, userToken).post('/v1/portal-launches');
  if (key !== '') void request.set('idempotency-key', key);
  return request.send({ tenant_id: 'acme', intent: 'sso', ...fields });
};

const secondsToLive = ({ body }: { body: unknown }) => {
  const { created_at: made, expires_at: ends } = body as { created_at: string; expires_at: string };
  return (Date.parse(ends) - Date.parse(made)) / 1_000;
};

/** Returns a user to whom the registry of `acme` grants the role. */
const granted = async (sub: string): Promise<string> => {
  await gatehouse.as(client).put(`/v1/tenants/acme/it-admins/${sub}`).send({ state: 'granted' });
  return gatehouse.userToken({ sub, roles: [] });
};

describe('createPortalLaunch', () => {
  it('returns a ticket for /launch-portal without a call to WorkOS', async () => {
    const before = gatehouse.workos.requests.length;

    const res = await create();

    expect(res.status).toBe(201);
    expect(res.headers['cache-control']).toBe('no-store');
    expect(res.body).toEqual({
      object: 'portal_launch',
      id: expect.stringMatching(/^launch_[0-9a-f]{32}$/),
      url: expect.stringMatching(
        /^https:\/\/gatehouse\.example\.com\/launch-portal\?ticket=[A-Za-z0-9_-]{43}$/,
      ),
      tenant_id: 'acme',
      user_id: 'ada',
      intent: 'sso',
      mode: 'redirect',
      setup_launch_id: null,
      status: 'created',
      mail: null,
      mail_reason: null,
      created_at: expect.any(String),
      expires_at: expect.any(String),
      opened_at: null,
      redirected_at: null,
      returned_at: null,
      configured_at: null,
    });
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('creates a hundred different tickets without a call to WorkOS', async () => {
    const before = gatehouse.workos.requests.length;

    const launches = await Promise.all(
      Array.from({ length: 100 }, () => createLaunch(gatehouse, client, { userToken: admin })),
    );

    expect(new Set(launches.map(({ ticket }) => ticket)).size).toBe(100);
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it.each(INTENTS)('accepts the intent %s', async (intent) => {
    const res = await create({ intent });

    expect([res.status, res.body]).toEqual([201, expect.objectContaining({ intent })]);
  });

  it.each([
    ['redirect', undefined, 60],
    ['redirect', 1, 1],
    ['redirect', 60, 60],
    ['confirm', undefined, 900],
    ['confirm', 60, 60],
    ['confirm', 900, 900],
  ])('lets a %s ticket with expires_in %s live for %i s', async (mode, expiresIn, seconds) => {
    const res = await create({ mode, expires_in: expiresIn });

    expect(res.status).toBe(201);
    expect(secondsToLive(res)).toBe(seconds);
  });

  it.each([901, 7 * DAY])('lets a ticket live for %i s with a grant', async (seconds) => {
    const res = await create(
      { mode: 'confirm', expires_in: seconds },
      { userToken: await granted('ida') },
    );

    expect(res.status).toBe(201);
    expect(secondsToLive(res)).toBe(seconds);
  });

  it.each([
    ['redirect', 0],
    ['redirect', 61],
    ['redirect', -1],
    ['redirect', 1.5],
    ['redirect', '60'],
    ['confirm', 59],
    ['confirm', 7 * DAY + 1],
  ])('refuses a %s ticket with expires_in %s', async (mode, expiresIn) => {
    const res = await create({ mode, expires_in: expiresIn }, { userToken: await granted('ida') });

    expect(res.status).toBe(422);
    expect(res.body).toMatchObject({ errors: [{ field: 'expires_in' }] });
  });

  it('refuses a long ticket for a role that only a token asserts', async () => {
    const res = await create({ mode: 'confirm', expires_in: 901 });

    expect(res.status).toBe(422);
    expect(res.headers['content-type']).toBe('application/problem+json');
    expect(res.body).toMatchObject({
      type: problemType('registry-grant-required'),
      code: 'registry_grant_required',
      errors: [{ field: 'expires_in', code: 'registry_grant_required' }],
    });
  });

  it('needs no portal:invite for a long ticket when USER_TOKEN_COOKIE is set', async () => {
    const as = await gatehouse.createClient({ scopes: ['portal:launch'] });

    const res = await create(
      { mode: 'confirm', expires_in: DAY },
      { as, userToken: await granted('ida') },
    );

    expect(res.status).toBe(201);
  });

  it.each<[string, object, string]>([
    ['an unknown mode', { mode: 'direct' }, 'mode'],
    ['an unknown intent', { intent: 'saml' }, 'intent'],
    ['an unknown field', { organization: 'acme' }, 'organization'],
    ['twenty-one addresses', { it_contact_emails: Array(21).fill('a@b.example') }, 'it_contact_'],
    ['a return_page that is no boolean', { return_page: 'no' }, 'return_page'],
    ['an organization id', { tenant_id: 'org_01ABC' }, 'tenant_id'],
  ])('refuses %s by naming the field', async (_case, fields, field) => {
    const res = await create(fields);

    expect(res.status).toBe(422);
    expect(res.body).toMatchObject({ errors: [{ field: expect.stringContaining(field) }] });
  });

  it.each(['return_url', 'success_url'])('refuses every hostile %s', async (field) => {
    const statuses = await Promise.all(
      HOSTILE_URLS.map(async (url) => [url, (await create({ [field]: url })).status]),
    );

    expect(statuses).toEqual(HOSTILE_URLS.map((url) => [url, 422]));
  });

  it.each([
    ['suspended', 409, 'tenant_not_active'],
    ['orphaned', 409, 'organization_missing'],
    ['conflict', 409, 'organization_conflict'],
    ['provisioning', 409, 'provisioning_in_progress'],
  ])('refuses a tenant that is %s', async (status, expected, code) => {
    const tenantId = `tenant-${status}`;
    await gatehouse.database.superuser(
      `insert into tenants (id, status, name, domains, metadata) values ($1, $2, 'T', '[]', '{}')`,
      [tenantId, status],
    );
    const userToken = await gatehouse.userToken({ tenant_id: tenantId });

    const res = await create({ tenant_id: tenantId }, { userToken });

    expect([res.status, (res.body as { code: string }).code]).toEqual([expected, code]);
  });

  type Fields = Parameters<TestApp['createClient']>[0];
  it.each<[string, Record<string, unknown> | undefined, Fields, number, string]>([
    ['no user', undefined, {}, 403, 'acting_user_required'],
    ['a member', { roles: ['member'] }, {}, 403, 'it_admin_required'],
    ['a user of another tenant', { tenant_id: 'globex' }, {}, 403, 'it_admin_required'],
    ['a client without the scope', {}, { scopes: ['portal:invite'] }, 403, 'insufficient_scope'],
    ['a client without the tenant', {}, { tenants: ['globex'] }, 404, 'tenant_not_found'],
  ])('refuses %s', async (_case, claims, fields, status, code) => {
    const as = await gatehouse.createClient(fields);
    const agent = gatehouse.as(as, claims && (await gatehouse.userToken(claims)));

    const res = await agent.post('/v1/portal-launches').send({ tenant_id: 'acme', intent: 'sso' });

    expect([res.status, (res.body as { code: string }).code]).toEqual([status, code]);
  });

  it('refuses a denied user whatever their token says', async () => {
    const userToken = await gatehouse.userToken({ sub: 'dan' });
    await gatehouse.as(client).put('/v1/tenants/acme/it-admins/dan').send({ state: 'denied' });

    const res = await create({}, { userToken });

    expect([res.status, (res.body as { code: string }).code]).toEqual([403, 'it_admin_required']);
  });

  it('writes an audit row that names the launch', async () => {
    const res = await create({ mode: 'confirm' });

    const rows = await gatehouse.database.superuser(
      'select operation, outcome, tenant_id, user_id, details from audit_trail where request_id = $1',
      [res.headers['x-request-id']],
    );
    expect(rows).toEqual([
      {
        operation: 'createPortalLaunch',
        outcome: 'succeeded',
        tenant_id: 'acme',
        user_id: 'ada',
        details: {
          launch: (res.body as { id: string }).id,
          intent: 'sso',
          mode: 'confirm',
          expires_in: 900,
        },
      },
    ]);
  });

  describe('with an Idempotency-Key', () => {
    it('answers a replay with the id of the first launch, and never with its ticket', async () => {
      const first = await create({}, { key: 'launch-1' });

      const replay = await create({}, { key: 'launch-1' });

      expect(first.status).toBe(201);
      expect(replay.status).toBe(409);
      expect(replay.body).toMatchObject({
        code: 'idempotent_replay',
        id: (first.body as { id: string }).id,
      });
      expect(replay.text).not.toContain('ticket=');
    });

    it('refuses the key for another request', async () => {
      await create({}, { key: 'launch-2' });

      const res = await create({ intent: 'dsync' }, { key: 'launch-2' });

      expect([res.status, (res.body as { code: string }).code]).toEqual([
        422,
        'idempotency_key_reused',
      ]);
    });

    it('checks permission again before it answers a replay', async () => {
      const userToken = await gatehouse.userToken({ sub: 'zoe' });
      await create({}, { key: 'launch-3', userToken });
      await gatehouse.as(client).put('/v1/tenants/acme/it-admins/zoe').send({ state: 'denied' });

      const res = await create({}, { key: 'launch-3', userToken });

      expect([res.status, (res.body as { code: string }).code]).toEqual([403, 'it_admin_required']);
    });
  });
});

describe('createPortalLaunch without USER_TOKEN_COOKIE', () => {
  let other: TestApp;

  beforeAll(async () => {
    other = await startTestApp({ env: { USER_TOKEN_COOKIE: '' } });
    await other.provision('acme');
    await other.database.superuser(
      `insert into it_admins (tenant_id, user_id, state) values ('acme', 'ada', 'granted')`,
    );
  });
  afterAll(() => other.stop());

  const long = async (as: TestClient) =>
    other
      .as(as, await other.userToken())
      .post('/v1/portal-launches')
      .send({ tenant_id: 'acme', intent: 'sso', mode: 'confirm', expires_in: DAY });

  it('refuses a long ticket to a client without portal:invite', async () => {
    const res = await long(await other.createClient({ scopes: ['portal:launch'] }));

    expect([res.status, (res.body as { code: string }).code]).toEqual([403, 'insufficient_scope']);
  });

  it('lets a client with portal:invite create a long ticket, which opens for anyone who has it', async () => {
    const res = await long(
      await other.createClient({ scopes: ['portal:launch', 'portal:invite'] }),
    );
    const ticket = new URL((res.body as { url: string }).url).searchParams.get('ticket') ?? '';

    const opened = await pressButton(other.url, { ticket });

    expect([res.status, opened.status]).toEqual([201, 303]);
  });

  it('refuses a long ticket once its client has lost portal:invite', async () => {
    const invited = await other.createClient({ scopes: ['portal:launch', 'portal:invite'] });
    const res = await long(invited);
    const ticket = new URL((res.body as { url: string }).url).searchParams.get('ticket') ?? '';
    await createClientRegistry(other.database.db).update(operator('test'), invited.id, {
      scopes: ['portal:launch'],
    });
    const before = linkRequests(other);

    const opened = await pressButton(other.url, { ticket });

    expect(opened.status).toBe(403);
    expect(linkRequests(other)).toBe(before);
  });
});

itLeavesNoTicket();
