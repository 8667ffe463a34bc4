import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../src/dev/fake-workos/server.ts';
import { createCaller, type Answer, type Caller } from '../support/calls.ts';
import {
  bodyOf,
  callOf,
  resourceOperations,
  type GuardedOperation,
  type Operation,
} from '../support/operations.ts';
import { askWorkos, makeOwnThings, makeThings, namesFor } from '../support/resource-things.ts';
import { agePastDenial } from '../support/missing.ts';
import { organizationOf } from '../support/sign-in.ts';
import { until } from '../support/until.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/test-app.ts';

/** Of WorkOS's text, nothing may come through. */
const CANARY = 'canary-4711';

let gatehouse: TestApp;
let caller: Caller;
let platform: TestClient;
let made = 0;

beforeAll(async () => {
  gatehouse = await startTestApp();
  caller = createCaller(gatehouse.url);
  gatehouse.workos.redirectUris.add('https://gatehouse.example.com/sso/callback');
  platform = await gatehouse.createClient({ redirectUris: ['https://app.example.com/callback'] });
  await askWorkos(gatehouse, 'POST', '/audit_logs/actions/user.signed_in/schemas', {
    targets: [{ type: 'team' }],
  });
});
afterEach(() => gatehouse.workos.clearFaults());
afterAll(async () => {
  await caller.close();
  await gatehouse.stop();
});

interface Scene {
  readonly tenant: string;
  readonly call: (body?: object) => Promise<Answer>;
}

/** The operation, about a tenant of its own and things of it. */
async function sceneOf(operation: Operation): Promise<Scene> {
  made += 1;
  const tenant = `tenant-${made}`;
  await gatehouse.provision(tenant);
  const organization = await organizationOf(gatehouse, tenant);
  const owner = { clientId: platform.id, tenantId: tenant };
  const names = namesFor(operation, tenant, {
    ...(await makeThings(gatehouse, organization)),
    ...(await makeOwnThings(gatehouse, owner, organization)),
  });
  const headers = {
    authorization: `Bearer ${platform.key}`,
    'gatehouse-user-token': await gatehouse.userToken({ tenant_id: tenant }),
  };
  const call = callOf(operation, names, headers);
  return {
    tenant,
    call: (body) => {
      const given = JSON.parse((call.body as string | undefined) ?? '{}') as object;
      return caller.send(body ? { ...call, body: JSON.stringify({ ...given, ...body }) } : call);
    },
  };
}

function operationOf(id: string): GuardedOperation {
  const found = resourceOperations.find((operation) => operation.id === id);
  if (!found) throw new Error(`There is no ${id}.`);
  return found;
}

/** As the fake names it: the method and path that are WorkOS's too, a star for each id. */
const upstreamOf = ({ endpoint: { method, path } }: Operation): string =>
  `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '*')}`;

const statusOf = async (tenant: string) => {
  const res = await gatehouse.as(platform).get(`/v1/tenants/${tenant}`).expect(200);
  return (res.body as { status: string }).status;
};

/** One for each way to know whose something is. */
const EACH_WAY = [
  'createAuditLogEvent',
  'getConnection',
  'deleteDirectory',
  'listDirectoryUsers',
  'verifyOrganizationDomain',
  'getFactor',
  'getUser',
  'createPasswordlessSession',
];

describe.each(EACH_WAY)('%s when WorkOS refuses', (id) => {
  const operation = operationOf(id);
  const answerTo = async (call: Scene['call'], fault: Partial<Fault>) => {
    const body = { message: CANARY, code: 'their_code' };
    gatehouse.workos.fault(upstreamOf(operation), { kind: 'status', body, ...fault } as Fault);
    const answer = await call();
    gatehouse.workos.clearFaults();
    expect(answer.text).not.toMatch(/canary|their_code/);
    return [answer.status, answer.json.code, answer.headers['retry-after']];
  };

  it('Gatehouse, is not told so as if it were about the caller', async () => {
    const { call } = await sceneOf(operation);

    expect(await answerTo(call, { status: 401 })).toEqual([502, 'upstream_auth_failed', undefined]);
    expect(await answerTo(call, { status: 403 })).toEqual([502, 'upstream_forbidden', undefined]);
    expect(await answerTo(call, { status: 500 })).toEqual([502, 'upstream_error', undefined]);
    expect(await answerTo(call, { status: 429, retryAfter: 1 })).toEqual([
      503,
      'upstream_rate_limited',
      '1',
    ]);
    await until(async () => (await call()).status !== 503);
  });

  it('with a 404, the tenant stays what it was', async () => {
    const { call, tenant } = await sceneOf(operation);

    const [status, code] = await answerTo(call, { status: 404 });

    const isOfObject = !['createAuditLogEvent', 'createPasswordlessSession'].includes(id);
    expect([status, code]).toEqual(isOfObject ? [404, 'not_found'] : [502, 'upstream_rejected']);
    expect(await statusOf(tenant)).toBe('active');
  });
});

describe('an organization that WorkOS no longer knows', () => {
  it.each<[string, object?]>([
    ['createAuditLogEvent'],
    ['createOrganizationDomain', { domain: 'new.example' }],
    ['updateOrganization'],
    ['updateOrganization', { name: undefined, stripe_customer_id: 'cus_gone' }],
  ])('is a conflict to %s, and its tenant is orphaned by a later denial', async (id, body = {}) => {
    const { call, tenant } = await sceneOf(operationOf(id));
    gatehouse.workos.deleteOrganization(await organizationOf(gatehouse, tenant));

    const { status, json } = await call(body);

    expect([status, json.code]).toEqual([409, 'organization_missing']);
    expect(await statusOf(tenant)).toBe('active');
    await agePastDenial(gatehouse, tenant);
    expect([(await call(body)).status, await statusOf(tenant)]).toEqual([409, 'orphaned']);
  });
});

/** Arranges the refusal. @returns what the body is to say, if not the usual */
type Prepare = (tenant: string) => unknown;
interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly errors?: readonly object[];
}

const ofAnother = async (fields: object) => {
  made += 1;
  const email = `taken-${made}@people.example`;
  await askWorkos(gatehouse, 'POST', '/user_management/users', { email, ...fields });
  return email;
};
const takenDomain = async () => {
  made += 1;
  const domain = `taken-${made}.example`;
  await askWorkos(gatehouse, 'POST', '/organizations', {
    name: 'Another',
    domain_data: [{ domain, state: 'verified' }],
  });
  return domain;
};
const refuses = (operation: string, status: number, body: object): void =>
  gatehouse.workos.fault(operation, { kind: 'status', status, body });

const REFUSALS: readonly [id: string, Refusal, Prepare][] = [
  [
    'createOrganizationDomain',
    { status: 409, code: 'domain_already_exists' },
    async () => ({ domain: await takenDomain() }),
  ],
  [
    'verifyOrganizationDomain',
    { status: 400, code: 'domain_already_verified' },
    async (tenant) => {
      const organization = await organizationOf(gatehouse, tenant);
      for (const domain of gatehouse.workos.organizations.get(organization)?.domains ?? [])
        domain.state = 'verified';
    },
  ],
  [
    'updateOrganization',
    { status: 409, code: 'domain_already_exists' },
    async () => ({ domain_data: [{ domain: await takenDomain() }] }),
  ],
  [
    'updateOrganization',
    { status: 400, code: 'stripe_customer_id_already_used' },
    async () => {
      const { id } = await askWorkos(gatehouse, 'POST', '/organizations', { name: 'Another' });
      await askWorkos(gatehouse, 'PUT', `/organizations/${id}`, { stripe_customer_id: 'cus_2' });
      return { stripe_customer_id: 'cus_2' };
    },
  ],
  [
    'createAuditLogEvent',
    {
      status: 400,
      code: 'invalid_audit_log_event',
      errors: [{ field: '/action', code: 'invalid_value' }],
    },
    () => ({
      event: {
        ...(bodyOf(operationOf('createAuditLogEvent'))?.event as object),
        action: 'no.such',
      },
    }),
  ],
  [
    'createAuditLogExport',
    { status: 400, code: 'workos_refused' },
    () => ({ range_start: '2020-01-01T00:00:00Z', range_end: '2020-01-02T00:00:00Z' }),
  ],
  [
    'createAuditLogSchema',
    { status: 422, code: 'workos_unprocessable', errors: [{ field: 'metadata' }] },
    () => ({ metadata: { type: 'no such type' } }),
  ],
  [
    'enrollFactor',
    { status: 422, code: 'invalid_phone_number' },
    () => ({ type: 'sms', phone_number: '1' }),
  ],
  [
    'createUser',
    {
      status: 400,
      code: 'user_creation_error',
      errors: [{ field: '', code: 'email_not_available' }],
    },
    async () => ({ email: await ofAnother({}) }),
  ],
  [
    'createUser',
    { status: 400, code: 'password_strength_error' },
    () => ({ email: 'weak@people.example', password: 'weak' }),
  ],
  [
    'updateUser',
    { status: 400, code: 'email_not_available' },
    async () => ({ email: await ofAnother({}) }),
  ],
  [
    'updateUser',
    { status: 400, code: 'external_id_already_used' },
    async () => {
      await ofAnother({ external_id: 'taken' });
      return { external_id: 'taken' };
    },
  ],
  [
    'deleteUser',
    { status: 409, code: 'user_deletion_not_allowed' },
    () => {
      const body = { code: 'user_deletion_not_allowed', message: CANARY };
      refuses('DELETE /user_management/users/*', 409, body);
    },
  ],
  [
    'createPasswordlessSession',
    {
      status: 422,
      code: 'workos_unprocessable',
      errors: [{ field: 'email', code: 'email_invalid' }],
    },
    () => {
      const errors = [{ field: 'email', code: 'email_invalid' }];
      refuses('POST /passwordless/sessions', 422, { message: CANARY, errors });
    },
  ],
];

describe('what WorkOS says of what the caller gave', () => {
  const expectRefusal = ({ status, json, text }: Answer, { errors, ...refusal }: Refusal) => {
    expect([text, { status, code: json.code }]).toEqual([text, refusal]);
    if (errors) expect(json.errors).toMatchObject(errors);
    expect(json.detail).toMatch(/^WorkOS refused the request(: [\w./, -]+)?\.$/);
    expect(text).not.toContain(CANARY);
  };

  it.each(REFUSALS)('keeps status, code and fields: %s %j', async (id, refusal, prepare) => {
    const { call, tenant } = await sceneOf(operationOf(id));
    const body = (await prepare(tenant)) as object | undefined;

    expectRefusal(await call(body), refusal);
  });

  it('keeps them also where there were too many wrong codes', async () => {
    const { call } = await sceneOf(operationOf('verifyChallenge'));

    const answers: Answer[] = [];
    while (answers.at(-1)?.status !== 400 && answers.length < 10)
      answers.push(await call({ code: 'wrong' }));

    expect(answers[0]).toMatchObject({ status: 201, json: { valid: false } });
    expectRefusal(answers.at(-1) ?? ({} as Answer), {
      status: 400,
      code: 'one_time_code_too_many_attempts',
    });
  });

  it('is not passed on where it is about what Gatehouse added', async () => {
    const { call } = await sceneOf(operationOf('createPasswordlessSession'));
    gatehouse.workos.redirectUris.clear();
    gatehouse.workos.redirectUris.add('https://elsewhere.example');

    const { status, json } = await call();

    gatehouse.workos.redirectUris.clear();
    gatehouse.workos.redirectUris.add('https://gatehouse.example.com/sso/callback');
    expect([status, json.code]).toEqual([502, 'upstream_rejected']);
  });

  it.each(['put', 'patch'] as const)(
    'is passed on to %s of a tenant that is there',
    async (method) => {
      await gatehouse.provision(`native-${method}`);
      const domain = await takenDomain();
      const agent = gatehouse.as(platform);
      const change = (body: object) =>
        agent[method](`/v1/tenants/native-${method}`).send({ name: 'N', ...body });

      const conflict = await change({ domains: [{ domain }] });
      const errors = [{ field: 'name', code: 'name_invalid' }];
      refuses('PUT /organizations/*', 422, { message: CANARY, errors });
      const invalid = await change({ name: 'M' });

      expect([conflict.status, conflict.body]).toMatchObject([
        409,
        { code: 'domain_already_exists' },
      ]);
      expect([invalid.status, invalid.body]).toMatchObject([
        422,
        { code: 'workos_unprocessable', errors: [{ field: 'name', code: 'name_invalid' }] },
      ]);
      expect(invalid.text).not.toContain(CANARY);
      expect(await statusOf(`native-${method}`)).toBe('active');
      const tenant = await gatehouse.as(platform).get(`/v1/tenants/native-${method}`);
      expect(tenant.body).toMatchObject({ name: `Tenant native-${method}`, domains: [] });
    },
  );

  it('is not where Gatehouse makes the organization', async () => {
    const errors = [{ field: 'name', code: 'name_invalid' }];
    refuses('POST /organizations', 422, { message: CANARY, errors });

    const res = await gatehouse.as(platform).put('/v1/tenants/native-new').send({ name: 'N' });

    expect([res.status, res.body]).toMatchObject([502, { code: 'upstream_rejected' }]);
  });
});

describe('the audit trail', () => {
  const AUDITED = [
    'createOrganization',
    'updateOrganization',
    'deleteOrganization',
    'createOrganizationDomain',
    'deleteOrganizationDomain',
    'verifyOrganizationDomain',
    'deleteConnection',
    'deleteDirectory',
    'createAuditLogSchema',
    'createAuditLogExport',
    'getAuditLogExport',
    'enrollFactor',
    'deleteFactor',
    'createPasswordlessSession',
    'sendPasswordlessSession',
    'createUser',
    'updateUser',
    'deleteUser',
  ];
  const rowsOf = (requestId: string | undefined) =>
    gatehouse.database.superuser<{ operation: string; outcome: string; row: string }>(
      `select operation, outcome, tenant_id, audit_trail::text as row from audit_trail
       where request_id = $1 order by id`,
      [requestId],
    );
  const idOf = ({ headers }: Answer) => headers['x-request-id'] as string;
  const secretsIn = ({ json }: Answer): string[] => {
    const { totp = {}, link, url, code } = json as Record<string, Record<string, string>>;
    return [totp.secret, totp.uri, totp.qr_code, link, url, code].filter(
      (secret): secret is string => typeof secret === 'string',
    );
  };

  it.each(resourceOperations.map((operation) => [operation.id, operation] as const))(
    'tells of %s what it has to, and no secret',
    async (id, operation) => {
      const { call, tenant } = await sceneOf(operation);
      const isNew = operation.access.newTenant;
      const password = { password: 'correct horse battery staple' };
      const body = {
        ...(isNew && { external_id: `${tenant}-new` }),
        ...(/^(create|update)User$/.test(id) && { ...password, email: `${tenant}@people.example` }),
      };

      const answer = await call(Object.keys(body).length > 0 ? body : undefined);

      expect([[200, 201, 204].includes(answer.status), answer.text]).toEqual([true, answer.text]);
      const rows = await rowsOf(idOf(answer));
      expect(rows.map(({ operation: name, outcome }) => [name, outcome])).toEqual(
        AUDITED.includes(id)
          ? [
              [id, 'attempted'],
              [id, 'succeeded'],
            ]
          : [],
      );
      const secrets = [...secretsIn(answer), password.password];
      for (const { row } of rows) for (const secret of secrets) expect(row).not.toContain(secret);
    },
  );

  it.each(['deleteConnection', 'enrollFactor', 'updateUser', 'createPasswordlessSession'])(
    'tells of %s that failed',
    async (id) => {
      const operation = operationOf(id);
      const { call } = await sceneOf(operation);
      gatehouse.workos.fault(upstreamOf(operation), { kind: 'status', status: 422 });

      const answer = await call();

      expect(answer.status).toBe(422);
      const rows = await rowsOf(idOf(answer));
      expect(rows.map(({ outcome }) => outcome)).toEqual(['attempted', 'failed']);
    },
  );
});
