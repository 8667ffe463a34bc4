import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isOfWorkos } from '../../src/http/endpoint.ts';
import { OPERATIONS } from '../../src/openapi/operations.ts';
import { openApiDocument } from '../../src/openapi/document.ts';
import { asYaml } from '../../src/openapi/yaml.ts';
import { createCaller, type Answer, type Caller } from '../support/http-caller.ts';
import {
  createContractValidator,
  operationsOf,
  readContract,
  type Documented,
  type Schema,
} from '../support/contract-validator.ts';
import { operations, resourceOperations, type Names } from '../support/operations.ts';
import {
  forwardingOf,
  makeOwnThings,
  makeThings,
  namesFor,
  type OwnThings,
  type Things,
} from '../support/resource-things.ts';
import { organizationOf, REDIRECT_URI } from '../support/sign-in.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

const contract = readContract();
const committed = readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8');
const documented = operationsOf(contract);
const validator = createContractValidator(contract);
const named = documented.map((one) => [one.operation.operationId, one] as const);

/** The operations that leave out fields they do not have. */
const COMPATIBLE: ReadonlySet<string> = new Set(
  Object.values(OPERATIONS)
    .flatMap(({ contract: ofSlice }) => Object.entries(ofSlice))
    .filter(([, endpoint]) => isOfWorkos(endpoint))
    .map(([id]) => id),
);

describe('openapi.yaml', () => {
  it('is what the contracts generate: npm run openapi', () => {
    expect(committed.trimEnd()).toBe(asYaml(openApiDocument(OPERATIONS)).trimEnd());
  });

  it('has every operation, by its name', () => {
    const names = documented.map(({ operation }) => operation.operationId);

    expect(names.sort()).toEqual(operations.map(({ id }) => id).sort());
  });

  it.each(named)('says of %s what it is, who may call it and what it may come to', (_id, one) => {
    const { operation } = one;
    const statuses = Object.keys(operation.responses);

    expect(operation.summary).toMatch(/^[A-Z][^.]+$/);
    expect(operation.description).toMatch(/\.$/);
    expect(operation.tags).toHaveLength(1);
    expect(operation.security).toBeDefined();
    expect(statuses.some((status) => status.startsWith('2') || status.startsWith('3'))).toBe(true);
    for (const needed of ['400', '500', '503']) expect(statuses).toContain(needed);
    for (const [status, response] of Object.entries(operation.responses)) {
      expect([status, response.description]).toEqual([status, expect.stringMatching(/./)]);
      expect([status, response.headers]).toEqual([
        status,
        expect.objectContaining({ 'X-Request-ID': expect.anything() }),
      ]);
      expect(status !== '503' || response.headers?.['Retry-After'] !== undefined).toBe(true);
    }
  });

  it.each(named)('says of %s if it names the fields that it leaves out', (_id, { operation }) => {
    const isCompatible = COMPATIBLE.has(operation.operationId);
    const successes = Object.entries(operation.responses).filter(([status]) =>
      /^[23]/.test(status),
    );

    for (const [, { headers }] of successes)
      expect('Gatehouse-Ignored' in (headers ?? {})).toBe(isCompatible);
  });

  const forwarded = named.filter(([id]) =>
    operations.some((operation) => operation.id === id && forwardingOf(operation)),
  );
  it.each(forwarded)('says of %s that a refusal of WorkOS is passed on', (_id, { operation }) => {
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['400', '409', '422']));
  });

  it.each(named)('describes every parameter of %s', (_id, { operation }) => {
    for (const { name, schema, description = schema.description } of operation.parameters ?? [])
      expect([name, description]).toEqual([name, expect.stringMatching(/\.$/)]);
  });

  it.each(named)('describes every field that %s takes and gives', (id, { operation }) => {
    const media = [
      ...Object.values(operation.requestBody?.content ?? {}),
      ...Object.values(operation.responses).flatMap(({ content = {} }) => Object.values(content)),
    ];

    expect(media.flatMap(({ schema }) => undescribed(schema, id))).toEqual([]);
  });

  it.each(Object.entries(contract.components.schemas))(
    'describes the schema %s and every field of it',
    (name, schema) => {
      expect(schema.description).toMatch(/\.$/);
      expect(undescribed(schema, name)).toEqual([]);
    },
  );
});

/** Paths to fields without a description, be it their own or that of the schema they refer to. */
function undescribed(schema: Schema, at: string): string[] {
  const {
    properties = {},
    items,
    anyOf = [],
  } = schema as {
    properties?: Record<string, Schema>;
    items?: Schema;
    anyOf?: Schema[];
  };
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      ...(isDescribed(field) ? [] : [`${at}.${name}`]),
      ...undescribed(field, `${at}.${name}`),
    ]),
    ...(items ? undescribed(items, `${at}[]`) : []),
    ...anyOf.flatMap((one) => undescribed(one, at)),
  ];
}

function isDescribed({ description, $ref: ref }: Schema): boolean {
  if (typeof description === 'string') return description !== '';
  return (
    typeof ref === 'string' &&
    contract.components.schemas[ref.slice(ref.lastIndexOf('/') + 1)]?.description !== undefined
  );
}

describe('on a running service', () => {
  let gatehouse: TestApp;
  let caller: Caller;
  let headers: Record<string, string>;
  let launch: string;
  let clientId: string;
  /** Made anew only for the examples that redeem a code: it may have been replaced by a later one. */
  let things: (Things & OwnThings) | undefined;

  beforeAll(async () => {
    gatehouse = await startTestApp();
    caller = createCaller(gatehouse.url);
    const client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
    clientId = client.id;
    headers = {
      authorization: `Bearer ${client.key}`,
      'gatehouse-user-token': await gatehouse.userToken(),
    };
    await gatehouse.provision('acme');
    launch = String((await call(operationOf('createPortalLaunch'))).json.id);
    await call(operationOf('createAuditLogSchema'));
  });

  afterAll(async () => {
    await caller.close();
    await gatehouse.stop();
  });

  const operationOf = (id: string): Documented =>
    documented.find(({ operation }) => operation.operationId === id) ?? ({} as Documented);

  const exampleOf = ({ operation }: Documented): object | undefined =>
    operation.requestBody?.content['application/json']?.example as object | undefined;

  /** The operation as its example shows it. */
  async function call(one: Documented, path = one.path): Promise<Answer> {
    const example = exampleOf(one);
    const { params = {}, body } = await namesOf(one);
    return caller.send({
      method: one.method,
      path: path
        .replace('{organization_id}', 'acme')
        .replaceAll(/\{(\w+)\}/g, (name, key: string) => params[key] ?? name)
        .replace('{tenant_id}', 'acme')
        .replace('{user_id}', 'ada')
        .replace('{launch_id}', launch)
        .replace('{action}', 'user.signed_in'),
      headers: example ? { ...headers, 'content-type': 'application/json' } : headers,
      body: example ? JSON.stringify({ ...example, ...body }) : undefined,
    });
  }

  async function makeAll(): Promise<Things & OwnThings> {
    const organization = await organizationOf(gatehouse, 'acme');
    return {
      ...(await makeThings(gatehouse, organization)),
      ...(await makeOwnThings(gatehouse, { clientId, tenantId: 'acme' }, organization)),
    };
  }

  /** Of objects that exist, for the operations that are about some. */
  async function namesOf({ path, operation }: Documented): Promise<Names> {
    const id = operation.operationId;
    const found = resourceOperations.find((one) => one.id === id);
    if (!found || !path.includes('{') || path.startsWith('/audit_logs')) return { tenant: 'acme' };
    if (!things || id.startsWith('confirm')) things = await makeAll();
    const names = namesFor(found, 'acme', things);
    const { tenant } = found.access;
    return tenant === 'params.id' ? { ...names, params: { ...names.params, id: 'acme' } } : names;
  }

  const faultsOf = (one: Documented, { status, headers: given, text }: Answer) =>
    validator.ofAnswer(one, { status, contentType: given['content-type'] as string, text });

  it.each(named.filter(([, one]) => exampleOf(one)))(
    'the example of %s is accepted by its schema, and works',
    async (id, one) => {
      const faults = validator.ofBody(one, 'application/json', exampleOf(one));
      const answer = await call(one);
      // One example suspends the tenant that the others are about.
      await caller.send({
        method: 'patch',
        path: '/v1/tenants/acme',
        headers: { ...headers, 'content-type': 'application/json' },
        body: '{"status":"active"}',
      });

      expect([id, faults]).toEqual([id, []]);
      expect([200, 201]).toContain(answer.status);
      expect(faultsOf(one, answer)).toEqual([]);
    },
  );

  // In this order: what the last ones delete, the others look at.
  it.each([
    ['putItAdmin', '/v1/tenants/acme/it-admins/bob'],
    ['listTenants', '/v1/tenants?limit=1&status=active'],
    ['getTenant'],
    ['listItAdmins'],
    ['getItAdmin', '/v1/tenants/acme/it-admins/bob'],
    ['listPortalLaunches'],
    ['getPortalLaunch'],
    ['revokePortalLaunch'],
    ['listAuditTrail'],
    ['launchPortal', '/launch-portal?ticket=x'],
    ['returnFromPortal', '/portal/return?launch=x'],
    ['oauthMetadata'],
    ['deleteItAdmin', '/v1/tenants/acme/it-admins/bob'],
    ['deleteTenant', '/v1/tenants/acme?delete_organization=true'],
    ['getTenant'],
  ])('%s answers as documented: %s', async (...[id, path]) => {
    const one = operationOf(id);

    const answer = await call(one, path ?? one.path);

    expect(faultsOf(one, answer)).toEqual([]);
  });

  it('is served as JSON and as YAML, the same', async () => {
    const [json, yaml] = await Promise.all(
      ['/openapi.json', '/openapi.yaml'].map((path) => caller.send({ method: 'get', path })),
    );

    expect(json?.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(yaml?.headers['content-type']).toBe('application/yaml; charset=utf-8');
    expect(json?.json).toEqual(contract);
    // The same bytes as the file that `contract` was read from.
    expect(yaml?.text).toBe(committed);
  });

  it.each(['br', 'gzip'])(
    'is served compressed with %s, and not again to who has it',
    async (encoding) => {
      const get = (headers: Record<string, string>) =>
        gatehouse.anonymous.get('/openapi.json').set('accept-encoding', encoding).set(headers);
      const [first, plain] = [await get({}), await get({ 'accept-encoding': 'br;q=0' })];

      expect(first.headers['content-encoding']).toBe(encoding);
      expect(Number(first.headers['content-length'])).toBeLessThan(60_000);
      expect(first.body).toEqual(contract);
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect((await get({ 'if-none-match': String(first.headers.etag) })).status).toBe(304);
    },
  );

  it('is shown to people at /docs, from this origin alone', async () => {
    const page = await caller.send({ method: 'get', path: '/docs' });
    const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '');
    const answers = await Promise.all(files.map((path) => caller.send({ method: 'get', path })));

    expect(files.length).toBeGreaterThan(2);
    expect(files.every((file) => file.startsWith('/'))).toBe(true);
    expect(answers.map(({ status }) => status)).toEqual(files.map(() => 200));
  });
});
