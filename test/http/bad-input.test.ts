import type { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INTENTS } from '../../src/core/intents.ts';
import { createCaller, type Answer, type Call, type Caller } from '../support/calls.ts';
import {
  callOf,
  guardedOperations,
  jsonOperations,
  NOTHING,
  operations,
  type Operation,
} from '../support/operations.ts';
import { stateOf } from '../support/state.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { problemType } from '../support/problem-type.ts';

type Headers = Record<string, string>;

let gatehouse: TestApp;
let caller: Caller;
let before: unknown;
let headers: Headers;
/** Milliseconds, of every request. */
const times: number[] = [];

beforeAll(async () => {
  gatehouse = await startTestApp();
  caller = createCaller(gatehouse.url);
  const client = await gatehouse.createClient();
  await gatehouse.provision('acme');
  headers = {
    authorization: `Bearer ${client.key}`,
    'gatehouse-user-token': await gatehouse.userToken(),
  };
  before = await stateOf(gatehouse);
});

afterAll(async () => {
  await caller.close();
  await gatehouse.stop();
});

async function send(call: Call): Promise<Answer> {
  const since = performance.now();
  const answer = await caller.send(call);
  times.push(performance.now() - since);
  return answer;
}

/** The operation as it should be, but for its body. */
const withBody = (operation: Operation, body: string | Buffer, more: Headers = {}) =>
  send({ ...callOf(operation, { tenant: 'acme' }, { ...headers, ...more }), body });

const withJson = (operation: Operation, body: unknown) => withBody(operation, JSON.stringify(body));

const operationOf = (id: string): Operation =>
  operations.find((operation) => operation.id === id) ?? ({} as Operation);

const isNative = ({ endpoint }: Operation) => endpoint.path.startsWith('/v1/');

/** What an error must have in any case, and what this one must be. */
function expectProblem(
  { status, headers: given, json, text }: Answer,
  expected: { status: number; code: string; type?: string; field?: string },
): void {
  expect([status, json.code]).toEqual([expected.status, expected.code]);
  expect(given['content-type']).toBe(expected.type ?? 'application/problem+json');
  expect(json).toMatchObject({
    type: problemType(expected.code.replaceAll('_', '-')),
    title: expect.stringMatching(/./),
    status: expected.status,
    detail: expect.stringMatching(/./),
    instance: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
    message: json.detail,
  });
  expect(json.instance).toBe(`urn:uuid:${String(given['x-request-id'])}`);
  expect(text.length).toBeLessThan(8_192);
  if (expected.field !== undefined)
    expect(json.errors?.map(({ field }) => field)).toContain(expected.field);
}

const typeOf = (operation: Operation) =>
  isNative(operation) ? 'application/problem+json' : 'application/json';

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const manyKeys = (count: number) =>
  `{${Array.from({ length: count }, (_, at) => `"k${at}":1`).join(',')}}`;

/** [what is sent, its bytes, status, code, field] */
const BODIES: [string, string | Buffer, number, string, string?][] = [
  ['nothing', '', 400, 'malformed_request'],
  ['white space', ' \r\n\t', 400, 'malformed_request'],
  ['what is no JSON', 'name=Acme', 400, 'malformed_request'],
  ['JSON without its end', '{"name":"Acme"', 400, 'malformed_request'],
  ['JSON and more', '{}{}', 400, 'malformed_request'],
  ['JSON with a comment', '{/**/}', 400, 'malformed_request'],
  ['JSON with a comma too many', '{"name":"Acme",}', 400, 'malformed_request'],
  ['NaN', '{"name":NaN}', 400, 'malformed_request'],
  ['a raw control character', '{"name":"a\u0000b"}', 400, 'malformed_request'],
  ['a byte order mark', '\ufeff{}', 400, 'malformed_request'],
  ['UTF-16', utf16('{"name":"Acme"}'), 400, 'malformed_request'],
  ['Latin-1', Buffer.from('{"name":"Acm\u00e9"}', 'latin1'), 400, 'malformed_request'],
  ['an overlong NUL', Buffer.from('{"name":"\xc0\x80"}', 'latin1'), 400, 'malformed_request'],
  ['a raw surrogate', Buffer.from('{"name":"\xed\xa0\x80"}', 'latin1'), 400, 'malformed_request'],
  ['one name twice', '{"name":"a","name":"b"}', 400, 'malformed_request'],
  ['one name twice, once escaped', '{"a":1,"\\u0061":2}', 400, 'malformed_request'],
  ['one name twice, deep down', '{"x":[{"y":{"a":1,"a":2}}]}', 400, 'malformed_request'],
  ['an empty name twice', '{"":1,"":2}', 400, 'malformed_request'],
  ['21 levels', nested(21), 400, 'malformed_request'],
  ['10,000 levels', nested(10_000), 400, 'malformed_request'],
  ['30,000 open brackets', '['.repeat(30_000), 400, 'malformed_request'],
  ['64 KB and a byte', `{"a":"${'x'.repeat(65_529)}"}`, 413, 'payload_too_large'],
  ['100,000 names', manyKeys(100_000), 413, 'payload_too_large'],
  ['a megabyte of white space', ' '.repeat(1_048_576), 413, 'payload_too_large'],
  ['as many names as fit', manyKeys(6_000), 422, 'invalid_request', 'k0'],
  ['64 KB to the byte', `{"a":"${'x'.repeat(65_528)}"}`, 422, 'invalid_request', 'a'],
  ['null', 'null', 422, 'invalid_request', 'body'],
  ['a list', '[]', 422, 'invalid_request', 'body'],
  ['a list of what was asked', '[{"name":"Acme"}]', 422, 'invalid_request', 'body'],
  ['a number', '1', 422, 'invalid_request', 'body'],
  ['a text', '"Acme"', 422, 'invalid_request', 'body'],
  ['true', 'true', 422, 'invalid_request', 'body'],
  ['an unknown field', '{"unknown":1}', 422, 'invalid_request', 'unknown'],
  ['an empty name', '{"":1}', 422, 'invalid_request'],
  ['__proto__', '{"__proto__":{"admin":true}}', 422, 'invalid_request', '__proto__'],
  ['__proto__, escaped', '{"\\u005f_proto__":1}', 422, 'invalid_request', '__proto__'],
  ['constructor', '{"constructor":{"prototype":{}}}', 422, 'invalid_request', 'constructor'],
  ['toString', '{"toString":"x","hasOwnProperty":1}', 422, 'invalid_request', 'toString'],
  ['NUL by an escape', '{"name":"a\\u0000b"}', 422, 'invalid_request', 'name'],
  ['a lone surrogate', '{"name":"\\ud800"}', 422, 'invalid_request', 'name'],
  ['a lone surrogate in a name', '{"\\udc00":1}', 422, 'invalid_request'],
  ['a name with control characters', '{"a\\r\\nb":1}', 422, 'invalid_request', 'a??b'],
];

/** [what is said of the body, the header] */
const TYPES: [string, Headers][] = [
  ['no media type', { 'content-type': '' }],
  ['text/plain', { 'content-type': 'text/plain' }],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['another JSON', { 'content-type': 'application/ld+json' }],
  ['another text in front', { 'content-type': 'x-application/json' }],
  ['two media types', { 'content-type': 'application/json, text/plain' }],
  ['UTF-16', { 'content-type': 'application/json; charset=utf-16' }],
  ['Latin-1', { 'content-type': 'application/json; charset="iso-8859-1"' }],
  ['gzip', { 'content-encoding': 'gzip' }],
  ['two encodings', { 'content-encoding': 'gzip, br' }],
];

// The token endpoint speaks RFC 6749, and is tested with single sign-on.
const bodied = jsonOperations.filter(({ endpoint }) => endpoint.access !== 'public');

describe.each(bodied.map((operation) => [operation.id, operation] as const))(
  '%s',
  (_id, operation) => {
    it.each(BODIES)('refuses %s', async (...[, body, status, code, field]) => {
      const answer = await withBody(operation, body);

      expectProblem(answer, {
        status,
        code,
        type: typeOf(operation),
        ...(field !== undefined && { field }),
      });
    });

    it.each(TYPES)('refuses a body said to be %s', async (_name, more) => {
      const answer = await withBody(operation, '{}', more);

      expectProblem(answer, {
        status: 415,
        code: 'unsupported_media_type',
        type: typeOf(operation),
      });
    });

    it('refuses every field of its example when it is of another type, and names it', async () => {
      for (const [name, value] of Object.entries(operation.endpoint.example ?? {})) {
        const others = [null, 7, true, [[]], {}, ''].filter((w) => typeof w !== typeof value);
        // Some fields may be null, to say that there is nothing.
        const shape: Record<string, z.ZodType | undefined> = operation.endpoint.body?.shape ?? {};
        for (const wrong of others.filter(
          (w) => w !== null || !shape[name]?.safeParse(null).success,
        )) {
          const answer = await withJson(operation, {
            ...operation.endpoint.example,
            [name]: wrong,
          });

          expectProblem(answer, {
            status: 422,
            code: 'invalid_request',
            type: typeOf(operation),
            field: name,
          });
          expect(answer.json.errors?.[0]?.code).not.toBe('required');
        }
      }
    });

    it('names what is missing as required', async () => {
      const optional = await withBody(operation, '{}');
      const required = Object.keys(operation.endpoint.example ?? {}).filter((name) =>
        optional.json.errors?.some(({ field }) => field === name),
      );

      for (const error of optional.json.errors ?? []) expect(error.code).toBe('required');
      expect([operation.id, required]).toEqual([operation.id, REQUIRED[operation.id] ?? []]);
    });
  },
);

/** Fields of the example that a body must have. */
const REQUIRED: Record<string, string[]> = {
  putTenant: ['name'],
  putItAdmin: ['state'],
  generatePortalLink: ['organization', 'intent'],
  createPortalLaunch: ['tenant_id', 'intent'],
  createOrganization: ['name', 'external_id'],
  createOrganizationDomain: ['domain', 'organization_id'],
  createAuditLogEvent: ['organization_id', 'event'],
  createAuditLogSchema: ['targets'],
  enrollFactor: ['type'],
  createPasswordlessSession: ['type', 'email'],
  createUser: ['email'],
};

const link = { organization: 'acme', intent: 'sso' };
const launch = { tenant_id: 'acme', intent: 'sso' };
const long = (length: number) => 'x'.repeat(length);

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
    'an option nobody knows',
    { ...link, intent_options: { sso: { unknown: 1 } } },
    'intent_options.sso.unknown',
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

describe('a tenant id', () => {
  const BAD = [
    ['of 65 characters', long(65)],
    ['that begins with a dot', '.acme'],
    ['that is a dot segment', '..'],
    ['that begins with a dash', '-acme'],
    ['with a slash', 'a/b'],
    ['with a space', 'a b'],
    ['with NUL', 'acme\0'],
    ['with a line break', 'acme\n'],
    ['with a percent sign', 'a%b'],
    ['not ASCII', 'äcme'],
    ['with a look-alike', 'аcme'],
    ['with a full-width letter', 'ａcme'],
    ['with an invisible character', 'acme\u200b'],
    ['that is WorkOS’s', 'org_01EHZNVPK3SFK441A1RGBFSHRT'],
    ['that begins as WorkOS’s', 'org_'],
    ['with SQL', "acme'--"],
    ['with a star', 'acme*'],
  ] as const;

  it.each(BAD)('%s is refused in a path', async (_name, id) => {
    const answer = await send(
      callOf(operationOf('getTenant'), { tenant: encodeURIComponent(id) }, headers),
    );

    expectProblem(answer, { status: 422, code: 'invalid_request', field: 'tenant_id' });
  });

  it.each(BAD)('%s is refused in a body', async (_name, id) => {
    const answer = await withJson(operationOf('createPortalLaunch'), { ...launch, tenant_id: id });

    expectProblem(answer, { status: 422, code: 'invalid_request', field: 'tenant_id' });
  });

  it.each(BAD)('%s is refused in a query', async (_name, id) => {
    const answer = await send({
      method: 'get',
      path: `/v1/audit-trail?tenant_id=${encodeURIComponent(id)}`,
      headers,
    });

    expectProblem(answer, { status: 422, code: 'invalid_request', field: 'tenant_id' });
  });

  it.each(['Acme', 'ACME', 'acme.', 'acme-', 'acm'])('%s is not acme', async (id) => {
    const answer = await send(callOf(operationOf('getTenant'), { tenant: id }, headers));

    expectProblem(answer, { status: 404, code: 'tenant_not_found' });
  });
});

describe('a user id', () => {
  it.each([
    ['too long', long(256)],
    ['with a space', 'a b'],
    ['with NUL', 'a\0'],
    ['not ASCII', 'ä'],
  ])('%s is refused in a path', async (_name, id) => {
    const answer = await send(
      callOf(operationOf('putItAdmin'), { tenant: 'acme', user: encodeURIComponent(id) }, headers),
    );

    expectProblem(answer, { status: 422, code: 'invalid_request', field: 'user_id' });
  });
});

describe('a launch id', () => {
  it.each(['launch_1', 'x', `launch_${'A'.repeat(32)}`, `launch_${'0'.repeat(33)}`])(
    '%s is refused in a path',
    async (id) => {
      for (const operation of ['getPortalLaunch', 'revokePortalLaunch'].map(operationOf)) {
        const answer = await send(callOf(operation, { tenant: 'acme', launch: id }, headers));

        expectProblem(answer, { status: 422, code: 'invalid_request', field: 'launch_id' });
      }
    },
  );
});

const listed = operations.filter(
  ({ endpoint }) => endpoint.query && 'limit' in endpoint.query.shape,
);

describe.each(listed.map((operation) => [operation.id, operation] as const))(
  'the query of %s',
  (_id, operation) => {
    const path = operation.endpoint.path.replaceAll(/\{\w+\}/g, NOTHING);

    it.each([
      ['limit=0', 'limit'],
      ['limit=101', 'limit'],
      ['limit=abc', 'limit'],
      ['limit=-1', 'limit'],
      ['limit=1.5', 'limit'],
      ['limit=1e2', 'limit'],
      ['limit=0x10', 'limit'],
      ['limit=', 'limit'],
      ['limit=%2010', 'limit'],
      ['limit=9999999999999999999999', 'limit'],
      ['limit=1&limit=1', 'limit'],
      ['limit[]=1', 'limit[]'],
      ['order=random', 'order'],
      ['order=DESC', 'order'],
      ['after=', 'after'],
      ['after=1&before=2', 'before'],
      ['after=1&after=2', 'after'],
      ['after=%00', 'after'],
      ['after=%ff', 'after'],
      [`after=${long(129)}`, 'after'],
      ['offset=10', 'offset'],
      ['__proto__=1', '__proto__'],
      ['constructor=1', 'constructor'],
      ['access_token=x', 'access_token'],
      [`${long(300)}=1`, long(100)],
    ])('is refused: %s', async (query, field) => {
      const answer = await send({ method: 'get', path: `${path}?${query}`, headers });

      expectProblem(answer, {
        status: 422,
        code: 'invalid_request',
        type: typeOf(operation),
        field,
      });
    });
  },
);

describe('the query of listAuditTrail', () => {
  it.each([
    ['since=yesterday', 'since'],
    ['since=2026-01-01', 'since'],
    ['since=2026-02-30T00:00:00Z', 'since'],
    ['since=0000-01-01T00:00:00Z', 'since'],
    ['until=9999-12-31T23:59:59-23:59', 'until'],
    ['until=2026-01-01T00:00:00%2B99:99', 'until'],
    ['after=abc', 'after'],
    ['after=9999999999999999999', 'after'],
    ['client_id=%20', 'client_id'],
    ['user_id=', 'user_id'],
  ])('is refused: %s', async (query, field) => {
    const answer = await send({ method: 'get', path: `/v1/audit-trail?${query}`, headers });

    expectProblem(answer, { status: 422, code: 'invalid_request', field });
  });

  it.each(['since=2026-01-01T00:00:00%2B23:59', 'since=0001-01-01T00:00:00Z'])(
    'is accepted as far as time goes: %s',
    async (query) => {
      const { status } = await send({ method: 'get', path: `/v1/audit-trail?${query}`, headers });

      expect(status).toBe(200);
    },
  );
});

describe('a header', () => {
  const LAUNCH = JSON.stringify(launch);
  const withHeaders = (...more: string[]) =>
    send({
      method: 'post',
      path: '/v1/portal-launches',
      headers: [...Object.entries(headers).flat(), 'content-type', 'application/json', ...more],
      body: LAUNCH,
    });

  it.each([
    ['authorization', 'Bearer x'],
    ['gatehouse-user-token', 'x'],
    ['content-type', 'application/json'],
    ['Content-Type', 'text/plain'],
  ])('%s is refused twice', async (name, value) => {
    const answer = await withHeaders(name, value);

    expectProblem(answer, {
      status: 400,
      code: 'duplicate_header',
      field: name.toLowerCase(),
    });
  });

  it.each([
    'gatehouse-user-id',
    'gatehouse-user-roles',
    'idempotency-key',
    'x-request-id',
    'cookie',
  ])('%s is refused twice, also with one value', async (name) => {
    const answer = await withHeaders(name, 'one', name, 'one');

    expect([answer.status, answer.json.code]).toEqual([400, 'duplicate_header']);
  });

  it.each([
    ['empty', ''],
    ['too long', long(256)],
    ['not ASCII', 'ä'],
    ['a quoted string without its end', '"abc'],
    ['an empty quoted string', '""'],
    ['a list', 'a, b'],
  ])('Idempotency-Key is refused %s', async (_name, key) => {
    const answer = await withHeaders('idempotency-key', key);

    expectProblem(answer, {
      status: 400,
      code: 'invalid_idempotency_key',
      field: 'idempotency-key',
    });
  });

  it('Accept makes an error problem+json on a path of WorkOS as well', async () => {
    const answer = await withBody(operationOf('generatePortalLink'), '{', {
      accept: 'application/problem+json',
    });

    expectProblem(answer, { status: 400, code: 'malformed_request' });
  });
});

describe('a path', () => {
  const get = (path: string) => send({ method: 'get', path, headers });

  it.each([
    '/v1/tenants/%',
    '/v1/tenants/%f',
    '/v1/tenants/%FF',
    '/v1/tenants/%C0%80',
    '/v1/tenants/%ED%A0%80',
    '/v1/tenants/acme/it-admins/%zz',
  ])('that is not well-formed is malformed: %s', async (path) => {
    expectProblem(await get(path), { status: 400, code: 'malformed_request' });
  });

  it.each([
    ['/', 'application/json'],
    ['/v1', 'application/problem+json'],
    ['/v1/', 'application/problem+json'],
    ['/v1/nothing', 'application/problem+json'],
    ['/v1/tenants/', 'application/problem+json'],
    ['/v1/tenants/acme/', 'application/problem+json'],
    ['/v1//tenants', 'application/problem+json'],
    ['/V1/tenants', 'application/json'],
    ['/v1/Tenants', 'application/problem+json'],
    ['/v1/%74enants/acme/x', 'application/problem+json'],
    ['/../v1/tenants', 'application/json'],
    ['/v1/tenants/acme/it-admins/ada/more', 'application/problem+json'],
    ['/.env', 'application/json'],
    ['/metrics', 'application/json'],
    ['/livez', 'application/json'],
    ['/admin', 'application/json'],
    ['/portal', 'application/json'],
    ['/organizations/', 'application/json'],
    ['/connections/a/b', 'application/json'],
  ])('%s leads nowhere', async (path, type) => {
    expectProblem(await get(path), { status: 404, code: 'not_found', type });
  });

  it.each([
    '/user_management/authenticate',
    '/fga/v1/check',
    '/vault/v1/kv',
    '/widgets/token',
    '/authorization/roles',
    '/organizations/acme/groups',
    '/sso/jwks/client_1',
    '/user_management/users/user_1/sessions',
  ])('of WorkOS that is not offered says so: %s', async (path) => {
    expectProblem(await get(path), {
      status: 501,
      code: 'not_implemented',
      type: 'application/json',
    });
  });

  it.each(['HEAD', 'OPTIONS', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'PUT'])(
    'does not have the method %s unless it says so',
    async (method) => {
      const { status, headers: given } = await send({
        method,
        path: '/v1/portal-launches',
        headers,
      });

      expect([status, given.allow]).toEqual([405, 'POST, GET']);
    },
  );

  it.each(guardedOperations.map(({ endpoint }) => [endpoint.method.toUpperCase(), endpoint.path]))(
    'answers %s %s by another method with Allow',
    async (_method, template) => {
      const { status, headers: given } = await send({
        method: 'TRACE',
        path: template.replaceAll(/\{\w+\}/g, 'x'),
        headers,
      });

      const methods = operations
        .filter(({ endpoint }) => endpoint.path === template)
        .map(({ endpoint }) => endpoint.method.toUpperCase());
      expect([status, given.allow]).toEqual([405, methods.join(', ')]);
    },
  );

  it('is never echoed, nor is a query', async () => {
    const answers = await Promise.all(
      [
        '/canary-path?x=canary-query',
        '/v1/canary-path',
        '/sso/canary-path',
        '/v1/tenants/%ff/canary',
      ].map(get),
    );

    for (const { text, headers: given } of answers)
      expect(text + JSON.stringify(given)).not.toContain('canary');
  });
});

describe('the form of the door', () => {
  it.each([
    ['JSON', '{"ticket":"x"}', 'application/json', 415],
    ['one field twice', 'ticket=a&ticket=b', 'application/x-www-form-urlencoded', 422],
    ['64 KB and a byte', `ticket=${long(65_530)}`, 'application/x-www-form-urlencoded', 413],
    ['a ticket too long', `ticket=${long(201)}`, 'application/x-www-form-urlencoded', 422],
    [
      'invalid UTF-8',
      Buffer.from('ticket=\xff', 'latin1'),
      'application/x-www-form-urlencoded',
      400,
    ],
  ])('is refused with a page: %s', async (_name, body, type, status) => {
    const answer = await send({
      method: 'post',
      path: '/launch-portal',
      headers: { 'content-type': type },
      body,
    });

    expect([answer.status, answer.headers['content-type']]).toEqual([
      status,
      'text/html; charset=utf-8',
    ]);
  });
});

describe('all of these', () => {
  it('changed nothing, here or at WorkOS', async () => {
    expect(withoutTries(await stateOf(gatehouse))).toEqual(withoutTries(before));
  });

  it('were answered in a moment', () => {
    const slowest = times.toSorted((a, b) => b - a);

    // The first of its kind may have met a collection of garbage, or a busy machine.
    expect(slowest[5]).toBeLessThan(200);
  });

  it('left the service as it was', async () => {
    const answer = await withJson(operationOf('createPortalLaunch'), launch);

    expect(answer.status).toBe(201);
  });
});

/** Whether a user exists is found out by asking WorkOS, which leaves rows of its own. */
function withoutTries(state: unknown): unknown {
  const { audit_trail: rows, ...rest } = state as State;
  const others = rows.filter(({ operation }) => !['updateUser', 'deleteUser'].includes(operation));
  return { ...rest, audit_trail: others, requestsToWorkos: undefined };
}

interface State {
  readonly audit_trail: readonly { readonly operation: string }[];
}
