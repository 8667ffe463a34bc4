import { describe, expect, it } from '@jest/globals';
import { INTENTS } from '../../src/core/intents.ts';
import {
  headers,
  send,
  withJson,
  operationOf,
  expectProblem,
  typeOf,
  launch,
  long,
  useBadInput,
  itChangedNothing,
} from './bad-input-setup.ts';

useBadInput();

const link = { organization: 'acme', intent: 'sso' };

/** [operation, what is wrong, body, field] */
const FIELDS: [string, string, unknown, string][] = [
  ['putTenant', 'an empty name', { name: '' }, 'name'],
  ['putTenant', 'a name too long', { name: long(256) }, 'name'],
  ['putTenant', 'a name of two lines', { name: 'a\nb' }, 'name'],
  ['putTenant', 'a name with an escape sequence', { name: '\u001b[31mAcme' }, 'name'],
  ['putTenant', 'a name with a C1 control', { name: 'a\u009bb' }, 'name'],
  ['putTenant', 'domains as text', { name: 'Acme', domains: 'acme.com' }, 'domains'],
  ['putTenant', 'domains as a list of text', { name: 'Acme', domains: ['acme.com'] }, 'domains.0'],
  [
    'putTenant',
    'no domain name',
    { name: 'Acme', domains: [{ domain: 'https://acme.com' }] },
    'domains.0.domain',
  ],
  [
    'putTenant',
    'a domain of one label',
    { name: 'Acme', domains: [{ domain: 'localhost' }] },
    'domains.0.domain',
  ],
  [
    'putTenant',
    'a state nobody knows',
    { name: 'Acme', domains: [{ domain: 'acme.com', state: 'failed' }] },
    'domains.0.state',
  ],
  [
    'putTenant',
    'an unknown field of a domain',
    { name: 'Acme', domains: [{ domain: 'acme.com', id: 1 }] },
    'domains.0.id',
  ],
  [
    'putTenant',
    'one domain twice',
    { name: 'Acme', domains: [{ domain: 'acme.com' }, { domain: 'ACME.com' }] },
    'domains',
  ],
  [
    'putTenant',
    '51 domains',
    { name: 'Acme', domains: Array.from({ length: 51 }, (_, at) => ({ domain: `a${at}.com` })) },
    'domains',
  ],
  ['putTenant', 'metadata as a list', { name: 'Acme', metadata: [] }, 'metadata'],
  ['putTenant', 'metadata that is no text', { name: 'Acme', metadata: { a: 1 } }, 'metadata.a'],
  ['putTenant', 'metadata too long', { name: 'Acme', metadata: { a: long(601) } }, 'metadata.a'],
  ['putTenant', 'a metadata key not ASCII', { name: 'Acme', metadata: { ä: '1' } }, 'metadata.ä'],
  [
    'putTenant',
    'a metadata key of two lines',
    { name: 'Acme', metadata: { 'a\nb': '1' } },
    'metadata.a?b',
  ],
  [
    'putTenant',
    'a metadata key too long',
    { name: 'Acme', metadata: { [long(41)]: '1' } },
    `metadata.${long(41)}`,
  ],
  [
    'putTenant',
    'a metadata key of 60 KB',
    { name: 'Acme', metadata: { [long(60_000)]: '1' } },
    `metadata.${long(91)}`,
  ],
  ['putTenant', 'metadata with NUL', { name: 'Acme', metadata: { a: 'b\0' } }, 'metadata.a'],
  [
    'putTenant',
    'metadata with a lone surrogate',
    { name: 'Acme', metadata: { a: '\udfff' } },
    'metadata.a',
  ],
  [
    'generatePortalLink',
    'an option with NUL',
    { ...link, intent_options: { sso: { bookmark_slug: 'a\0' } } },
    'intent_options.sso.bookmark_slug',
  ],
  [
    'putTenant',
    'a metadata key that would be lost',
    JSON.parse('{"name":"Acme","metadata":{"__proto__":"x"}}'),
    '__proto__',
  ],
  [
    'putTenant',
    'a metadata key of ours',
    { name: 'Acme', metadata: { gatehouse_tenant: 'globex' } },
    'metadata',
  ],
  [
    'putTenant',
    '50 metadata keys',
    { name: 'A', metadata: Object.fromEntries(Array.from({ length: 50 }, (_, at) => [at, 'v'])) },
    'metadata',
  ],
  [
    'putTenant',
    'a tenant id for an organization',
    { name: 'Acme', workos_organization_id: 'acme' },
    'workos_organization_id',
  ],
  [
    'putTenant',
    'an organization id with a path in it',
    { name: 'Acme', workos_organization_id: 'org_1/../org_2' },
    'workos_organization_id',
  ],
  [
    'putTenant',
    'a client nobody knows',
    { name: 'Acme', sign_in_client_id: 'nobody' },
    'sign_in_client_id',
  ],
  ['patchTenant', 'a status that is ours to set', { status: 'deleting' }, 'status'],
  ['patchTenant', 'an adoption', { workos_organization_id: 'org_1' }, 'workos_organization_id'],
  ['putItAdmin', 'a state nobody knows', { state: 'revoked' }, 'state'],
  ['putItAdmin', 'a state in upper case', { state: 'GRANTED' }, 'state'],
  [
    'generatePortalLink',
    'an organization id',
    { ...link, organization: 'org_01H' },
    'organization',
  ],
  ['generatePortalLink', 'an unknown intent', { ...link, intent: 'scim' }, 'intent'],
  ['generatePortalLink', 'no intent', { organization: 'acme' }, 'intent'],
  [
    'generatePortalLink',
    '21 addresses',
    { ...link, it_contact_emails: Array(21).fill('ada@acme.test') },
    'it_contact_emails',
  ],
  [
    'generatePortalLink',
    '21 addresses by the older name',
    { ...link, admin_emails: Array(21).fill('ada@acme.test') },
    'admin_emails',
  ],
  [
    'generatePortalLink',
    'what is no address',
    { ...link, admin_emails: ['ada@acme.test', 'Ada <ada@acme.test>'] },
    'admin_emails.1',
  ],
  [
    'generatePortalLink',
    'both names at once',
    { ...link, admin_emails: ['a@acme.test'], it_contact_emails: ['b@acme.test'] },
    'admin_emails',
  ],
  [
    'generatePortalLink',
    'another organization by an unknown name',
    { ...link, intent_options: { sso: { orgId: 'globex' } } },
    'intent_options.sso.orgId',
  ],
  ['generatePortalLink', 'an http address', { ...link, return_url: 'http://a.test' }, 'return_url'],
  ['createPortalLaunch', 'an organization id', { ...launch, tenant_id: 'org_01H' }, 'tenant_id'],
  ['createPortalLaunch', 'an unknown intent', { ...launch, intent: '' }, 'intent'],
  ['createPortalLaunch', 'an unknown mode', { ...launch, mode: 'direct' }, 'mode'],
  ['createPortalLaunch', 'no time', { ...launch, expires_in: 0 }, 'expires_in'],
  ['createPortalLaunch', 'half a second', { ...launch, expires_in: 1.5 }, 'expires_in'],
  ['createPortalLaunch', 'a negative time', { ...launch, expires_in: -1 }, 'expires_in'],
  ['createPortalLaunch', 'a time as text', { ...launch, expires_in: '60' }, 'expires_in'],
  [
    'createPortalLaunch',
    'a time too long for its mode',
    { ...launch, expires_in: 61 },
    'expires_in',
  ],
  [
    'createPortalLaunch',
    'a time too short for its mode',
    { ...launch, mode: 'confirm', expires_in: 59 },
    'expires_in',
  ],
  [
    'createPortalLaunch',
    'a time too long for any',
    { ...launch, mode: 'confirm', expires_in: 604_801 },
    'expires_in',
  ],
  ['createPortalLaunch', 'a page that is text', { ...launch, return_page: 'false' }, 'return_page'],
  [
    'createPortalLaunch',
    '21 addresses',
    { ...launch, it_contact_emails: Array(21).fill('ada@acme.test') },
    'it_contact_emails',
  ],
];

describe('a field', () => {
  it.each(FIELDS)('of %s is refused: %s', async (id, _name, body, field) => {
    const operation = operationOf(id);

    const answer = await withJson(operation, body);

    expectProblem(answer, {
      status: 422,
      code: 'invalid_request',
      type: typeOf(operation),
      field,
    });
  });

  it.each(['generatePortalLink', 'createPortalLaunch'])(
    'intent of %s is refused with the names of all seven',
    async (id) => {
      const answer = await withJson(operationOf(id), { ...link, ...launch, intent: 'portal' });

      for (const intent of INTENTS) expect(answer.json.message).toContain(intent);
    },
  );

  it('that is refused does not hide the others', async () => {
    const { json } = await withJson(operationOf('putTenant'), {
      name: 7,
      domains: [{ domain: '-' }],
      more: 1,
    });

    expect(json.errors?.map(({ field }) => field)).toEqual(['name', 'domains.0.domain', 'more']);
  });

  it('is not accepted in the query instead', async () => {
    const { status } = await send({
      method: 'put',
      path: '/v1/tenants/acme?name=Acme',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{}',
    });

    expect(status).toBe(422);
  });
});

itChangedNothing();
