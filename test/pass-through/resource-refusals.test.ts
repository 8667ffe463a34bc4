import { describe, expect, it } from '@jest/globals';
import { type Answer } from '../support/http-caller.ts';
import { bodyOf } from '../support/operations.ts';
import { askWorkos } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import {
  CANARY,
  gatehouse,
  platform,
  nextNumber,
  sceneOf,
  operationOf,
  statusOf,
  useResourceFaults,
} from './resource-faults-setup.ts';

useResourceFaults();

/** Arranges the refusal. @returns what the body is to say, if not the usual */
type Prepare = (tenant: string) => unknown;

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly errors?: readonly object[];
}

const ofAnother = async (fields: object) => {
  const email = `taken-${nextNumber()}@people.example`;
  await askWorkos(gatehouse, 'POST', '/user_management/users', { email, ...fields });
  return email;
};

const takenDomain = async () => {
  const domain = `taken-${nextNumber()}.example`;
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
      errors: [{ field: 'event.action', code: 'invalid_value' }],
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
      errors: [
        {
          field: 'email',
          code: 'email_not_available',
          message: 'This email is not available.',
        },
      ],
    },
    async () => ({ email: await ofAnother({}) }),
  ],
  [
    'createUser',
    { status: 400, code: 'password_strength_error' },
    () => ({ email: 'weak@people.example', password: 'weak' }),
  ],
  [
    'confirmPasswordReset',
    {
      status: 400,
      code: 'password_reset_error',
      errors: [{ field: 'new_password', code: 'password_too_short' }],
    },
    () => ({ new_password: 'short' }),
  ],
  [
    'sendEmailChange',
    {
      status: 400,
      code: 'email_not_available',
      errors: [{ field: 'new_email' }, { field: 'new_email', code: 'new_at_workos' }],
    },
    () => {
      const codes = ['email_not_available', 'new_at_workos'];
      const errors = codes.map((code) => ({ code, message: CANARY }));
      const body = { code: 'email_not_available', message: CANARY, errors };
      refuses('POST /user_management/users/*/email_change/send', 400, body);
    },
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

describe('WorkOS’s refusal of the caller’s input', () => {
  const expectRefusal = ({ status, json, text }: Answer, { errors, ...refusal }: Refusal) => {
    expect([text, { status, code: json.code }]).toEqual([text, refusal]);
    if (errors) expect(json.errors).toMatchObject(errors);
    expect(json.detail).toMatch(/^[A-Z][\w:;., -]+\.$/);
    expect(text).not.toContain(CANARY);
  };

  it.each(REFUSALS)('keeps status, code and fields: %s %j', async (id, refusal, prepare) => {
    const { call, tenant } = await sceneOf(operationOf(id));
    const body = (await prepare(tenant)) as object | undefined;

    expectRefusal(await call(body), refusal);
  });

  it('is told in WorkOS’s words if the code is new and they quote nothing', async () => {
    const { call } = await sceneOf(operationOf('verifyOrganizationDomain'));
    const told = async (message: string) => {
      refuses('POST /organization_domains/*/verify', 400, { message, code: 'new_at_workos' });
      return (await call()).json.message;
    };

    for (const words of [
      'The range must not start more than 3 months ago.',
      'User is already a member of the organization',
    ])
      expect(await told(words)).toBe(words);
    for (const quoting of [
      "The role 'org-editor' is not known.",
      'The user user_01M8HWJ45G4W0NFGFAEBDTAGCC is not known.',
      'The domain globex.example is in use.',
      'The domain is in use by Globex.',
      'The code 123456 is incorrect.',
      'Validation failed.',
    ])
      expect(await told(quoting)).toBe('WorkOS refused the request: new_at_workos.');
  });

  it('quotes no id of WorkOS, whatever it calls the field or the error', async () => {
    const { call } = await sceneOf(operationOf('verifyOrganizationDomain'));
    const id = 'org_01HBCDEFGHJKMNPQRSTVWXYZAB';
    const errors = [
      { field: id, code: id, message: id },
      { field: `organizations.${id}.domain`, code: 'taken' },
      { instancePath: `/organizations/${id}`, code: `taken_by_${id}` },
    ];
    refuses('POST /organization_domains/*/verify', 422, { message: id, code: id, errors });

    const { status, json, text } = await call();

    expect([status, json.code]).toEqual([422, 'workos_unprocessable']);
    expect(text).not.toContain(id);
    expect(json.errors).toMatchObject([
      { field: 'organizations', code: 'taken' },
      { field: 'organizations', code: 'invalid_value' },
    ]);
  });

  it('keeps them even after too many wrong codes', async () => {
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

  it('is not passed on if it concerns a value that Gatehouse added', async () => {
    const { call } = await sceneOf(operationOf('createPasswordlessSession'));
    gatehouse.workos.redirectUris.clear();
    gatehouse.workos.redirectUris.add('https://elsewhere.example');

    const { status, json } = await call();

    gatehouse.workos.redirectUris.clear();
    gatehouse.workos.redirectUris.add('https://gatehouse.example.com/sso/callback');
    expect([status, json.code]).toEqual([502, 'upstream_rejected']);
  });

  it.each(['put', 'patch'] as const)('is passed on to %s of an existing tenant', async (method) => {
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
  });

  it('is not passed on when Gatehouse creates the organization', async () => {
    const errors = [{ field: 'name', code: 'name_invalid' }];
    refuses('POST /organizations', 422, { message: CANARY, errors });

    const res = await gatehouse.as(platform).put('/v1/tenants/native-new').send({ name: 'N' });

    expect([res.status, res.body]).toMatchObject([502, { code: 'upstream_rejected' }]);
  });
});
