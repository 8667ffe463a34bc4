import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkOS as WorkOS11 } from '@workos-inc/node';
import { WorkOS as WorkOS7 } from 'workos-node-7';
import { WorkOS as WorkOS8 } from 'workos-node-8';
import { INTENTS } from '../../src/core/intents.ts';
import { createCaller, type Caller } from '../support/calls.ts';
import { ENCODINGS, HOSTILE_URLS } from '../support/hostile-urls.ts';
import { leaksInDatabase, leaksInLogs } from '../support/leaks.ts';
import { mints } from '../support/portal-calls.ts';
import { RETURN_ORIGIN, startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';
import { problemType } from '../support/problem-type.ts';

let gatehouse: TestApp;
let client: TestClient;
let admin: string;

beforeAll(async () => {
  gatehouse = await startTestApp();
  client = await gatehouse.createClient();
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
});
afterEach(() => gatehouse.workos.clearFaults());
afterAll(() => gatehouse.stop());

const generateLink = (body: object, { as = client, userToken = admin } = {}) =>
  gatehouse
    .as(as, userToken)
    .post('/portal/generate_link')
    .send({ organization: 'acme', intent: 'sso', ...body });

/** What the fake WorkOS was asked last. */
const lastMint = () => gatehouse.workos.requestsTo('POST /portal/generate_link').at(-1);

const organizationOf = (tenantId: string): string =>
  [...gatehouse.workos.organizations.values()].find(
    ({ external_id: externalId }) => externalId === `gh:test:${tenantId}`,
  )?.id ?? '';

const auditOf = (requestId: string | undefined) =>
  gatehouse.database.superuser(
    `select operation, outcome, client_id, user_id, tenant_id, details from audit_trail
     where request_id = $1 order by id`,
    [requestId],
  );

describe('generatePortalLink', () => {
  it('answers a link of WorkOS for the organization of the tenant', async () => {
    const res = await gatehouse
      .as(client, admin)
      .post('/portal/generate_link')
      .send({ organization: 'acme', intent: 'sso' });

    expect(res.status).toBe(201);
    expect(res.body).toEqual({ link: expect.stringMatching(/^http:\/\/127\.0\.0\.1/) });
  });

  it('answers in JSON that nobody may keep', async () => {
    const res = await generateLink({});

    expect(res.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(res.headers).not.toHaveProperty('etag');
  });

  it.each(INTENTS)('takes the IT admin to the portal for %s', async (intent) => {
    const res = await generateLink({ intent });

    const { link } = res.body as { link: string };
    expect(lastMint()?.body).toEqual({ organization: organizationOf('acme'), intent });
    expect((await fetch(link)).status).toBe(200);
  });

  it('gives WorkOS its key and organization, and the caller neither', async () => {
    const res = await generateLink({});

    expect(lastMint()?.headers.authorization).toBe(`Bearer ${gatehouse.workos.apiKey}`);
    expect(lastMint()?.headers).not.toHaveProperty('gatehouse-user-token');
    expect(res.text + JSON.stringify(res.headers)).not.toMatch(/org_|sk_/);
  });

  it('sends no Idempotency-Key, which would replay an expired link', async () => {
    await gatehouse
      .as(client, admin)
      .post('/portal/generate_link')
      .set('idempotency-key', 'k-1')
      .send({ organization: 'acme', intent: 'sso' });

    expect(lastMint()?.headers).not.toHaveProperty('idempotency-key');
  });

  it('mints another link every time', async () => {
    const links = await Promise.all([1, 2, 3].map(() => generateLink({})));

    expect(new Set(links.map(({ body }) => (body as { link: string }).link)).size).toBe(3);
  });

  it.each(['it_contact_emails', 'admin_emails'])(
    'passes %s on under the name that the caller used',
    async (name) => {
      const emails = ['it@acme.example', 'security@acme.example'];

      await generateLink({ [name]: emails });

      expect(lastMint()?.body).toEqual({
        organization: organizationOf('acme'),
        intent: 'sso',
        [name]: emails,
      });
    },
  );

  it('passes intent_options on', async () => {
    const options = {
      sso: { bookmark_slug: 'wiki', provider_type: 'GoogleSAML' },
      domain_verification: { domain_name: 'acme.example' },
    };

    await generateLink({ intent_options: options });

    expect(lastMint()?.body).toMatchObject({ intent_options: options });
  });

  it.each([
    ['https://app.example.com', 'https://app.example.com/'],
    ['https://app.example.com/a?b=c#d', 'https://app.example.com/a?b=c#d'],
    ['https://APP.example.com:443/a/../b', 'https://app.example.com/b'],
    ['https://ａｐｐ.example.com/', 'https://app.example.com/'],
    ['https://app.example.com/ä', 'https://app.example.com/%C3%A4'],
    ['https://app.example.com//evil.example', 'https://app.example.com//evil.example'],
  ])('passes on only the serialised form of %s', async (given, serialised) => {
    await generateLink({ return_url: given, success_url: given });

    expect(lastMint()?.body).toMatchObject({ return_url: serialised, success_url: serialised });
  });

  it.each<[string, object, string, string]>([
    ['no intent', { intent: undefined }, 'intent', 'required'],
    ['an unknown intent', { intent: 'saml' }, 'intent', 'invalid_value'],
    ['no tenant', { organization: undefined }, 'organization', 'required'],
    ['an organization id', { organization: 'org_01ABC' }, 'organization', 'invalid_value'],
    ['an unknown field', { organization_id: 'acme' }, 'organization_id', 'unknown_field'],
    ['twenty-one addresses', { it_contact_emails: many(21) }, 'it_contact_emails', 'too_big'],
    ['twenty-one old addresses', { admin_emails: many(21) }, 'admin_emails', 'too_big'],
    ['no e-mail', { admin_emails: ['nobody'] }, 'admin_emails.0', 'invalid_format'],
    [
      'both names of the contacts',
      { admin_emails: [], it_contact_emails: [] },
      'admin_emails',
      'invalid_value',
    ],
    ['an unknown option', { intent_options: { saml: {} } }, 'intent_options.saml', 'unknown_field'],
    ['a foreign return_url', { return_url: 'https://evil.example' }, 'return_url', 'invalid_url'],
    [
      'an http success_url',
      { success_url: 'http://app.example.com' },
      'success_url',
      'invalid_url',
    ],
  ])('refuses %s by naming the field', async (_case, body, field, code) => {
    const before = mints(gatehouse);

    const res = await generateLink(body);

    expect(res.status).toBe(422);
    expect(res.body).toMatchObject({
      code: 'invalid_request',
      errors: [expect.objectContaining({ field, code })],
    });
    expect(mints(gatehouse)).toBe(before);
  });

  it('names the seven intents when it does not know one', async () => {
    const res = await generateLink({ intent: 'saml' });

    for (const intent of INTENTS) expect((res.body as { detail: string }).detail).toContain(intent);
  });

  it('takes twenty addresses', async () => {
    const res = await generateLink({ it_contact_emails: many(20) });

    expect(res.status).toBe(201);
  });

  it('answers the same for a tenant that is foreign and one that does not exist', async () => {
    await gatehouse.provision('foreign');
    const narrow = await gatehouse.createClient({ tenants: ['acme'] });
    const userToken = await gatehouse.userToken({ tenant_id: 'foreign' });

    const foreign = await generateLink({ organization: 'foreign' }, { as: narrow, userToken });
    const unknown = await generateLink({ organization: 'unknown' }, { as: narrow, userToken });

    expect(foreign.status).toBe(404);
    expect(withoutRequestId(foreign.body)).toEqual(withoutRequestId(unknown.body));
  });

  it.each(['application/json', 'application/problem+json'])(
    'words a refusal in %s where it is asked for',
    async (type) => {
      const res = await gatehouse
        .as(client)
        .post('/portal/generate_link')
        .set('accept', type)
        .send({ organization: 'acme', intent: 'sso' });

      expect(res.status).toBe(403);
      expect(res.headers['content-type']).toBe(type);
      expect(res.body).toMatchObject({
        type: problemType('acting-user-required'),
        status: 403,
        code: 'acting_user_required',
        message: (res.body as { detail: string }).detail,
      });
    },
  );

  it('refuses a suspended tenant without asking WorkOS', async () => {
    await gatehouse.provision('asleep');
    await gatehouse.as(client).patch('/v1/tenants/asleep').send({ status: 'suspended' });
    const before = gatehouse.workos.requests.length;
    const userToken = await gatehouse.userToken({ tenant_id: 'asleep' });

    const res = await generateLink({ organization: 'asleep' }, { userToken });

    expect([res.status, (res.body as { code: string }).code]).toEqual([409, 'tenant_not_active']);
    expect(gatehouse.workos.requests).toHaveLength(before);
  });

  it('says that the organization is gone at WorkOS, and believes no single denial', async () => {
    await gatehouse.provision('lost');
    gatehouse.workos.deleteOrganization(organizationOf('lost'));
    const userToken = await gatehouse.userToken({ tenant_id: 'lost' });

    const first = await generateLink({ organization: 'lost' }, { userToken });
    const before = mints(gatehouse);
    const second = await generateLink({ organization: 'lost' }, { userToken });

    for (const res of [first, second]) {
      expect([res.status, (res.body as { code: string }).code]).toEqual([
        409,
        'organization_missing',
      ]);
      expect(res.text).not.toContain('org_');
    }
    const tenant = await gatehouse.as(client).get('/v1/tenants/lost');
    expect((tenant.body as { status: string }).status).toBe('active');
    expect(mints(gatehouse)).toBeLessThanOrEqual(before + 1);
  });

  describe.each(['return_url', 'success_url'])('with a hostile %s', (field) => {
    let caller: Caller;
    beforeAll(() => {
      caller = createCaller(gatehouse.url);
    });
    afterAll(() => caller.close());

    it.each(ENCODINGS)(`refuses ${HOSTILE_URLS.length} forms, %s`, async (_encoding, encode) => {
      const before = mints(gatehouse);

      const answers = await Promise.all(
        HOSTILE_URLS.map(async (url) => {
          const { status, json } = await caller.send({
            method: 'POST',
            path: '/portal/generate_link',
            headers: {
              authorization: `Bearer ${client.key}`,
              'gatehouse-user-token': admin,
              'content-type': 'application/json',
            },
            body: JSON.stringify({ organization: 'acme', intent: 'sso', [field]: encode(url) }),
          });
          return { url, status, field: json.errors?.[0]?.field };
        }),
      );

      expect(answers).toEqual(HOSTILE_URLS.map((url) => ({ url, status: 422, field })));
      expect(mints(gatehouse)).toBe(before);
    });
  });
});

describe('generatePortalLink in the audit trail', () => {
  const refuseRows = (outcome: string) =>
    gatehouse.database.superuser(`
      create function refuse_row() returns trigger language plpgsql as
        $$ begin raise exception 'No space left on device' using errcode = '53100'; end $$;
      create trigger refuse_row before insert on audit_trail for each row
        when (new.outcome = '${outcome}') execute function refuse_row()`);
  const acceptRows = () =>
    gatehouse.database.superuser('drop function if exists refuse_row cascade');
  afterEach(acceptRows);

  it('is attempted, then succeeded', async () => {
    const res = await generateLink({});

    const row = {
      operation: 'generatePortalLink',
      client_id: client.id,
      user_id: 'ada',
      tenant_id: 'acme',
      details: { intent: 'sso' },
    };
    expect(await auditOf(res.headers['x-request-id'])).toEqual([
      { ...row, outcome: 'attempted' },
      { ...row, outcome: 'succeeded' },
    ]);
  });

  it('is attempted, then failed', async () => {
    gatehouse.workos.fault('POST /portal/generate_link', { kind: 'status', status: 422 });

    const res = await generateLink({});

    expect(await auditOf(res.headers['x-request-id'])).toMatchObject([
      { outcome: 'attempted' },
      { outcome: 'failed' },
    ]);
  });

  it('is not asked of WorkOS where the attempt cannot be recorded', async () => {
    await refuseRows('attempted');
    const before = mints(gatehouse);

    const res = await generateLink({});

    expect(res.status).toBe(503);
    expect(res.headers['retry-after']).toMatch(/^\d+$/);
    expect(mints(gatehouse)).toBe(before);
  });

  it('keeps a link to itself whose success cannot be recorded', async () => {
    await refuseRows('succeeded');

    const res = await generateLink({});

    expect(res.status).toBe(503);
    expect(res.text).not.toContain('http://127.0.0.1');
  });

  it('says when a client only asserted the user', async () => {
    const res = await gatehouse
      .as(client)
      .post('/portal/generate_link')
      .set({ 'gatehouse-user-id': 'eve', 'gatehouse-user-roles': 'it_admin' })
      .send({ organization: 'acme', intent: 'sso' });

    expect(res.status).toBe(201);
    expect(await auditOf(res.headers['x-request-id'])).toMatchObject([
      { user_id: 'eve', details: { user_asserted: true } },
      { user_id: 'eve', details: { user_asserted: true } },
    ]);
  });
});

/** As much of an SDK as every version has. */
interface Sdk {
  portal: Pick<WorkOS7['portal'], 'generateLink'>;
  post(path: string, entity: object): Promise<{ data: unknown }>;
}
interface SdkOptions {
  apiHostname: string;
  port: number;
  https: boolean;
  config?: { headers: Record<string, string> };
  fetchFn?: typeof fetch;
}

describe.each<[string, (key: string, options: SdkOptions) => Sdk]>([
  [
    '11',
    (key, options) => {
      const workos = new WorkOS11(key, options);
      return { portal: workos.adminPortal, post: workos.post.bind(workos) };
    },
  ],
  ['8', (key, options) => new WorkOS8(key, options)],
  ['7', (key, options) => new WorkOS7(key, options)],
])('the Node SDK %s', (_version, build) => {
  const sdk = (options: Partial<SdkOptions>) =>
    build(client.key, {
      apiHostname: '127.0.0.1',
      port: Number(new URL(gatehouse.url).port),
      https: false,
      ...options,
    });
  const asAdmin = () => sdk({ config: { headers: { 'Gatehouse-User-Token': admin } } });

  it.each(INTENTS)('generates a link for %s with a tenant id', async (intent) => {
    const { link } = await asAdmin().portal.generateLink({
      organization: 'acme',
      intent: intent as never, // older SDKs do not list the newest intents
      returnUrl: `${RETURN_ORIGIN}/settings`,
      successUrl: `${RETURN_ORIGIN}/done`,
    });

    expect(link).toContain('/portal/setup?token=');
    expect(lastMint()?.body).toEqual({
      organization: organizationOf('acme'),
      intent,
      return_url: `${RETURN_ORIGIN}/settings`,
      success_url: `${RETURN_ORIGIN}/done`,
    });
  });

  it.each(['it_contact_emails', 'admin_emails'])('sends %s by its post', async (name) => {
    const body = { organization: 'acme', intent: 'sso', [name]: ['it@acme.example'] };

    const { data } = await asAdmin().post('/portal/generate_link', body);

    expect(data).toEqual({ link: expect.stringContaining('/portal/setup?token=') });
    expect(lastMint()?.body).toMatchObject({ [name]: ['it@acme.example'] });
  });

  it('acts for one user per request by fetchFn and AsyncLocalStorage', async () => {
    const actingUser = new AsyncLocalStorage<string>();
    const workos = sdk({
      fetchFn: (input, init) => {
        const headers = new Headers(init?.headers);
        headers.set('Gatehouse-User-Token', actingUser.getStore() ?? '');
        return fetch(input, { ...init, headers });
      },
    });
    const names = Array.from({ length: 8 }, (_, index) => `admin-${index}`);
    const [{ last } = { last: 0 }] = await gatehouse.database.superuser<{ last: string }>(
      'select max(id) as last from audit_trail',
    );

    await Promise.all(
      names.map(async (sub) => {
        const token = await gatehouse.userToken({ sub });
        return actingUser.run(token, () =>
          workos.portal.generateLink({ organization: 'acme', intent: 'sso' as never }),
        );
      }),
    );

    const rows = await gatehouse.database.superuser<{ user_id: string }>(
      `select user_id from audit_trail where id > $1 and outcome = 'succeeded' order by user_id`,
      [last],
    );
    expect(rows.map((row) => row.user_id)).toEqual(names);
  });

  it.each([
    ['a member', { roles: ['member'] }, 'acme', 403, /not an IT admin/],
    ['an unknown tenant', {}, 'nowhere', 404, /no such tenant/i],
    ['an organization id', {}, 'org_01ABC', 422, /invalid_value/],
  ])('understands the refusal of %s', async (_case, claims, organization, status, words) => {
    const token = await gatehouse.userToken(claims);
    const workos = sdk({ config: { headers: { 'Gatehouse-User-Token': token } } });

    const error: unknown = await workos.portal
      .generateLink({ organization, intent: 'sso' as never })
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject({ status, message: expect.stringMatching(words) });
  });
});

describe('after all this', () => {
  it('no link and no key of WorkOS stands in a log line or in the database', async () => {
    expect(gatehouse.workos.state.portalSessions.size).toBeGreaterThan(30);
    expect(leaksInLogs(gatehouse, [client.key, admin])).toEqual([]);
    expect(await leaksInDatabase(gatehouse, [client.key, admin])).toEqual([]);
  });
});

function many(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `person-${index}@acme.example`);
}

const withoutRequestId = (body: unknown) => ({ ...(body as object), instance: undefined });
