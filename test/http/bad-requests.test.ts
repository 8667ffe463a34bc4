import { describe, expect, it } from '@jest/globals';
import { isOfWorkos } from '../../src/http/endpoint.ts';
import { callOf, guardedOperations, NOTHING, operations } from '../support/operations.ts';
import {
  headers,
  send,
  withBody,
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

/** WorkOS's own operations leave these out. */
const UNKNOWN = [
  ['limit=', 'limit'],
  ['after=', 'after'],
  ['offset=10', 'offset'],
  ['__proto__=1', '__proto__'],
  ['constructor=1', 'constructor'],
  ['access_token=x', 'access_token'],
  [`${long(300)}=1`, long(100)],
] as const;

const listed = operations.filter(
  ({ endpoint }) => endpoint.query && 'limit' in endpoint.query.shape,
);

describe.each(listed.map((operation) => [operation.id, operation] as const))(
  'the query of %s',
  (_id, operation) => {
    const path = operation.endpoint.path.replaceAll(/\{\w+\}/g, NOTHING);

    const isTolerant = isOfWorkos(operation.endpoint);

    it.each([
      ['limit=0', 'limit'],
      ['limit=101', 'limit'],
      ['limit=abc', 'limit'],
      ['limit=-1', 'limit'],
      ['limit=1.5', 'limit'],
      ['limit=1e2', 'limit'],
      ['limit=0x10', 'limit'],
      ['limit=%2010', 'limit'],
      ['limit=9999999999999999999999', 'limit'],
      ['limit=1&limit=1', 'limit'],
      ['limit[]=1', 'limit[]'],
      ['limit[0][value]=1', 'limit[0][value]'],
      ['order=random', 'order'],
      ['order=DESC', 'order'],
      ['after=1&after=2', 'after'],
      ['after=%00', 'after'],
      ['after=%ff', 'after'],
      [`after=${long(129)}`, 'after'],
      ['tenant=acme', 'tenant'],
      ['orgId=acme', 'orgId'],
      ['tenant=acme&tenant=acme', 'tenant'],
      ['tenant_ids[]=acme&tenant_ids[]=', 'tenant_ids[]'],
      ['filter[organization_id]=acme', 'filter[organization_id]'],
      ...(isTolerant ? [] : [['after=1&before=2', 'before'] as const, ...UNKNOWN]),
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

describe('a list in the query', () => {
  it.each([
    'statuses[0][name]=Active',
    'statuses[0][label]=active',
    'statuses[0][value][value]=active',
    'statuses[a][value]=active',
    'statuses[][value]=active',
    'statuses[0][value]=active&statuses[0][value]=inactive',
    'statuses[0][value]=active&statuses[1]=inactive',
    'statuses[0][name]=Active&statuses=inactive',
  ])('is refused where its values could be read in two ways: %s', async (query) => {
    const path = `/user_management/organization_memberships?organization_id=acme&${query}`;
    const answer = await send({ method: 'get', path, headers });

    expectProblem(answer, {
      ...{ status: 422, code: 'invalid_request', type: 'application/json' },
      field: query.split('=')[0],
    });
  });
});

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
    '/connect/applications',
    '/authorization/resources',
    '/organizations/acme/roles',
    '/sso/jwks/client_1',
    '/user_management/users/user_1/sessions',
  ])('of WorkOS that is not offered says so: %s', async (path) => {
    expectProblem(await get(path), {
      status: 501,
      code: 'not_implemented',
      type: 'application/json',
    });
  });

  it.each(['OPTIONS', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'PUT'])(
    'does not have the method %s unless it says so',
    async (method) => {
      const { status, headers: given } = await send({
        method,
        path: '/v1/portal-launches',
        headers,
      });

      expect([status, given.allow]).toEqual([405, 'POST, GET, HEAD']);
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
        .flatMap(({ endpoint: { method } }) =>
          method === 'get' ? ['GET', 'HEAD'] : method.toUpperCase(),
        );
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

itChangedNothing();
