import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INTENTS } from '../../src/core/intents.ts';
import { createCaller, type Caller } from '../support/http-caller.ts';
import { ENCODINGS, HOSTILE_URLS } from '../support/hostile-urls.ts';
import { lastLinkRequest, linkRequests } from '../support/portal-calls.ts';
import { problemType } from '../support/problem-type.ts';
import {
  gatehouse,
  client,
  admin,
  generateLink,
  lastLinkHeaders,
  organizationOf,
  usePortal,
  itLeavesNoSecrets,
} from './portal-setup.ts';

usePortal();

describe('generatePortalLink', () => {
  it('returns a link of WorkOS for the tenant’s organization', async () => {
    const res = await gatehouse
      .as(client, admin)
      .post('/portal/generate_link')
      .send({ organization: 'acme', intent: 'sso' });

    expect(res.status).toBe(201);
    expect(res.body).toEqual({ link: expect.stringMatching(/^http:\/\/127\.0\.0\.1/) });
  });

  it('answers in JSON with no-store', async () => {
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
    expect(lastLinkRequest(gatehouse)).toEqual({ organization: organizationOf('acme'), intent });
    expect((await fetch(link)).status).toBe(200);
  });

  it('sends WorkOS its key and organization id, and returns neither to the caller', async () => {
    const res = await generateLink({});

    expect(lastLinkHeaders()?.authorization).toBe(`Bearer ${gatehouse.workos.apiKey}`);
    expect(lastLinkHeaders()).not.toHaveProperty('gatehouse-user-token');
    expect(res.text + JSON.stringify(res.headers)).not.toMatch(/org_|sk_/);
  });

  it('sends no Idempotency-Key, which would replay an expired link', async () => {
    await gatehouse
      .as(client, admin)
      .post('/portal/generate_link')
      .set('idempotency-key', 'k-1')
      .send({ organization: 'acme', intent: 'sso' });

    expect(lastLinkHeaders()).not.toHaveProperty('idempotency-key');
  });

  it('creates another link every time', async () => {
    const links = await Promise.all([1, 2, 3].map(() => generateLink({})));

    expect(new Set(links.map(({ body }) => (body as { link: string }).link)).size).toBe(3);
  });

  it.each(['it_contact_emails', 'admin_emails'])(
    'passes %s on under the name that the caller used',
    async (name) => {
      const emails = ['it@acme.example', 'r&d@acme.example', 'it/security@acme.example'];

      await generateLink({ [name]: emails });

      expect(lastLinkRequest(gatehouse)).toEqual({
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

    expect(lastLinkRequest(gatehouse)).toMatchObject({ intent_options: options });
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

    expect(lastLinkRequest(gatehouse)).toMatchObject({
      return_url: serialised,
      success_url: serialised,
    });
  });

  it.each<[string, object, string, string]>([
    ['no intent', { intent: undefined }, 'intent', 'intent_required'],
    ['an unknown intent', { intent: 'saml' }, 'intent', 'intent_invalid'],
    ['no tenant', { organization: undefined }, 'organization', 'organization_required'],
    [
      'an organization id',
      { organization: 'org_01ABC' },
      'organization',
      'organization_is_a_workos_id',
    ],
    [
      'another tenant by an unknown name',
      { organization_id: 'globex' },
      'organization_id',
      'organization_id_unknown',
    ],
    [
      'twenty-one addresses',
      { it_contact_emails: many(21) },
      'it_contact_emails',
      'it_contact_emails_invalid',
    ],
    [
      'twenty-one old addresses',
      { admin_emails: many(21) },
      'admin_emails',
      'admin_emails_invalid',
    ],
    ['no e-mail', { admin_emails: ['nobody'] }, 'admin_emails.0', 'admin_emails_invalid'],
    [
      'both names of the contacts',
      { admin_emails: [], it_contact_emails: [] },
      'admin_emails',
      'admin_emails_invalid',
    ],
    [
      'a foreign return_url',
      { return_url: 'https://evil.example' },
      'return_url',
      'return_url_not_registered',
    ],
    [
      'an http success_url',
      { success_url: 'http://app.example.com' },
      'success_url',
      'success_url_invalid',
    ],
  ])('refuses %s by naming the field', async (_case, body, field, code) => {
    const before = linkRequests(gatehouse);

    const res = await generateLink(body);

    expect(res.status).toBe(422);
    expect(res.body).toMatchObject({
      code: 'invalid_request',
      errors: [expect.objectContaining({ field, code })],
    });
    expect(linkRequests(gatehouse)).toBe(before);
  });

  it('names the seven intents when it refuses one', async () => {
    const res = await generateLink({ intent: 'saml' });

    for (const intent of INTENTS) expect((res.body as { detail: string }).detail).toContain(intent);
  });

  it('accepts twenty addresses', async () => {
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

  it('answers organization_missing for a 404 of WorkOS, but does not orphan the tenant after one', async () => {
    await gatehouse.provision('lost');
    gatehouse.workos.deleteOrganization(organizationOf('lost'));
    const userToken = await gatehouse.userToken({ tenant_id: 'lost' });

    const first = await generateLink({ organization: 'lost' }, { userToken });
    const before = linkRequests(gatehouse);
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
    expect(linkRequests(gatehouse)).toBeLessThanOrEqual(before + 1);
  });

  describe.each(['return_url', 'success_url'])('with a hostile %s', (field) => {
    let caller: Caller;
    beforeAll(() => {
      caller = createCaller(gatehouse.url);
    });
    afterAll(() => caller.close());

    // An empty URL is none.
    const hostile = HOSTILE_URLS.filter(Boolean);

    it.each(ENCODINGS)(`refuses ${hostile.length} forms, %s`, async (_encoding, encode) => {
      const before = linkRequests(gatehouse);

      const answers = await Promise.all(
        hostile.map(async (url) => {
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

      expect(answers).toEqual(hostile.map((url) => ({ url, status: 422, field })));
      expect(linkRequests(gatehouse)).toBe(before);
    });
  });
});

function many(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `person-${index}@acme.example`);
}

const withoutRequestId = (body: unknown) => ({ ...(body as object), instance: undefined });

itLeavesNoSecrets();
