import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../src/dev/fake-workos/server.ts';
import { type Answer } from '../../support/http-caller.ts';
import { resourceOperations, type Operation } from '../../support/operations.ts';
import { agePastDenial } from '../../support/missing.ts';
import { organizationOf } from '../../support/sign-in.ts';
import { waitFor } from '../../support/wait-for.ts';
import {
  CANARY,
  gatehouse,
  type Scene,
  sceneOf,
  operationOf,
  statusOf,
  useResourceFaults,
} from '../../pass-through/resource-faults-setup.ts';

useResourceFaults();

/** As the fake names it: the method and path that are WorkOS's too, a star for each id. */
const upstreamOf = ({ endpoint: { method, path } }: Operation): string =>
  `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '*')}`;

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

  it('Gatehouse, is not reported as the caller’s error', async () => {
    const { call } = await sceneOf(operation);

    expect(await answerTo(call, { status: 401 })).toEqual([502, 'upstream_auth_failed', undefined]);
    expect(await answerTo(call, { status: 403 })).toEqual([502, 'upstream_forbidden', undefined]);
    expect(await answerTo(call, { status: 500 })).toEqual([502, 'upstream_error', undefined]);
    expect(await answerTo(call, { status: 429, retryAfter: 1 })).toEqual([
      503,
      'upstream_rate_limited',
      '1',
    ]);
    await waitFor(async () => (await call()).status !== 503);
  });

  it('with a 404, the tenant keeps its status', async () => {
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
    ['updateGroup'],
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

describe('the audit trail', () => {
  /** Changes that leave no row: they are frequent, and WorkOS or the sibling keeps them. */
  const UNAUDITED = ['createAuditLogEvent', 'challengeFactor', 'verifyChallenge', 'validateApiKey'];
  const isAudited = ({ id, endpoint }: (typeof resourceOperations)[number]): boolean =>
    id === 'getAuditLogExport' || (endpoint.method !== 'get' && !UNAUDITED.includes(id));
  const rowsOf = (requestId: string | undefined) =>
    gatehouse.database.superuser<{ operation: string; outcome: string; row: string }>(
      `select operation, outcome, tenant_id, audit_trail::text as row from audit_trail
       where request_id = $1 order by id`,
      [requestId],
    );
  const idOf = ({ headers }: Answer) => headers['x-request-id'] as string;
  const SECRET = /^(link|url|code|value|token|password_reset_(token|url)|accept_invitation_url)$/;
  const secretsIn = ({ json }: Answer): string[] => {
    const { totp = {}, ...rest } = json as Record<string, Record<string, string>>;
    const named = Object.entries(rest).filter(([name]) => SECRET.test(name));
    return [totp.secret, totp.uri, totp.qr_code, ...named.map(([, value]) => value)].filter(
      (secret): secret is string => typeof secret === 'string',
    );
  };

  it.each(resourceOperations.map((operation) => [operation.id, operation] as const))(
    'records %s with the required fields, and no secret',
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
        isAudited(operation)
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
    'records a failed %s',
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
