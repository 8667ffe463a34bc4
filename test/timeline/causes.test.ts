/** The causes of a verdict that other machines, clocks and the past bring about, planted in a database without a gateway. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createOccurrenceStore } from '../../src/timeline/occurrence-store.ts';
import { createRecorder } from '../../src/timeline/recorder.ts';
import type { Finding } from '../../src/timeline/verdict/facts.ts';
import { diagnose } from '../../src/timeline/verdict/verdict.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let made = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  await sql(
    `insert into clients (id, name, scopes, tenants, redirect_uris, return_origins) values ('shop', 'Shop', '{sso:login}', '{*}', '{https://shop.example/back}', '{}')`,
  );
});
afterAll(() => database.stop());

const sql = (text: string, values: readonly unknown[] = []) => database.superuser(text, values);
const DAY_MS = 86_400_000;
const ask = (tenant: string) =>
  diagnose(database.db, tenant, {
    since: new Date(Date.now() - 7 * DAY_MS),
    defaultSignInClient: undefined,
  });
const causeOf = async (tenant: string, cause: string): Promise<Finding | undefined> =>
  (await ask(tenant)).findings.find((one) => one.cause === cause);

async function newTenant(status = 'active'): Promise<string> {
  made += 1;
  await sql(
    `insert into tenants (id, name, status, organization_id, domains, metadata) values ($1, 'T', $2, $3, '[]', '{}')`,
    [`t-${made}`, status, `org_${made}`],
  );
  return `t-${made}`;
}
const inMirror = (tenant: string, kind: string, id: string, data: object) =>
  sql(
    `insert into mirror (kind, id, organization_id, data, updated_at)
     select $2, $3, organization_id, $4, now() from tenants where id = $1`,
    [tenant, kind, id, JSON.stringify(data)],
  );
const happened = (tenant: string, operation: string, outcome: string, ago: string, reason = '') =>
  sql(
    `insert into tenant_occurrences (tenant_id, at, operation, outcome, reason, client_id, count, last_at, request_id)
     select $1, date_bin('5 minutes', at, 'epoch'), $2, $3, $5, '', 1, at, 'r' from (select now() - $4::interval as at) one`,
    [tenant, operation, outcome, ago, reason],
  );
const certificate = async (days: number): Promise<string> => {
  const tenant = await newTenant();
  await inMirror(tenant, 'connection', `conn_${tenant}`, { name: 'C', state: 'active' });
  await inMirror(tenant, 'certificate', `conn_${tenant}:x`, {
    connection_id: `conn_${tenant}`,
    expires_at: new Date(Date.now() + days * DAY_MS).toISOString(),
  });
  return tenant;
};

/** How each cause is planted, and words that its finding must have. */
const PLANTED: readonly (readonly [
  cause: string,
  severity: Finding['severity'],
  words: RegExp,
  plant: () => Promise<string>,
])[] = [
  ['tenant_conflict', 'blocks', /adopt/i, () => newTenant('conflict')],
  ['certificate_expiring', 'warns', /certificate_renewal/, () => certificate(20)],
  [
    'login_never_returned',
    'may_block',
    /One login went to WorkOS.*sso\/callback/s,
    async () => {
      const tenant = await newTenant();
      await happened(tenant, 'authorizeSso', 'started', '20 minutes');
      return tenant;
    },
  ],
  [
    'sign_in_client_unusable',
    'may_block',
    /`gatehouse clients update '<client>' --initiate-login-uri/,
    async () => {
      const tenant = await newTenant();
      await happened(tenant, 'callbackSso', 'refused', '1 hour', 'sign_in_client_unusable');
      return tenant;
    },
  ],
  [
    'budget_exhausted',
    'warns',
    /upstream-budget/,
    async () => {
      await sql(`insert into upstream_buckets (name, level, updated_at) values ('all', 0.5, now())
        on conflict (name) do update set level = 0.5, updated_at = now()`);
      return newTenant();
    },
  ],
  [
    'workos_rate_limit',
    'warns',
    /holds back: createOrganization/,
    async () => {
      await sql(`insert into upstream_holds (operation, until) values ('createOrganization', now() + interval '2 minutes')
        on conflict (operation) do nothing`);
      return newTenant();
    },
  ],
  ['events_late', 'warns', /never read.*--live/s, () => newTenant()],
];

describe('a verdict', () => {
  it.each(PLANTED)('names %s, which %s', async (cause, severity, words, plant) => {
    const found = await causeOf(await plant(), cause);

    expect(found).toMatchObject({ cause, severity });
    expect(`${found?.sentence}\n${found?.remedy}`).toMatch(words);
  });

  it.each([
    ['certificate_expiring', () => certificate(40)],
    [
      'login_never_returned',
      async () => {
        const tenant = await newTenant();
        await happened(tenant, 'authorizeSso', 'started', '20 minutes');
        await happened(tenant, 'callbackSso', 'refused', '1 minute', 'login_expired');
        return tenant;
      },
    ],
    [
      'login_never_returned',
      async () => {
        const tenant = await newTenant();
        await happened(tenant, 'authorizeSso', 'started', '1 minute');
        return tenant;
      },
    ],
    [
      'budget_exhausted',
      async () => {
        await sql(`insert into upstream_buckets (name, level, updated_at) values ('all', 0, now() - interval '1 hour')
          on conflict (name) do update set level = 0, updated_at = now() - interval '1 hour'`);
        return newTenant();
      },
    ],
  ])('does not name %s once it is no trouble', async (cause, plant) => {
    expect(await causeOf(await plant(), cause)).toBeUndefined();
  });

  it('compares the clock of this machine with the database’s', async () => {
    const tenant = await newTenant();
    expect(await causeOf(tenant, 'clock_wrong')).toBeUndefined();
    const { now } = Date;
    Date.now = () => now() + 125_000;
    const found = await causeOf(tenant, 'clock_wrong').finally(() => {
      Date.now = now;
    });

    expect(found?.sentence).toMatch(/12\d seconds ahead of/);
  });

  it('says how far back it read, if more happened than it looks at', async () => {
    const tenant = await newTenant();
    const insert = (count: number) =>
      sql(
        `insert into audit_trail (operation, outcome, request_id, tenant_id, details, at)
         select 'putTenant', 'succeeded', 'r', $1, '{}', now() - n * interval '1 second' from generate_series(1, $2::int) n`,
        [tenant, count],
      );
    await insert(10);
    expect((await ask(tenant)).cutAt).toBeNull();

    await insert(20_000);

    expect((await ask(tenant)).cutAt?.getTime()).toBeLessThan(Date.now() - 19_000_000);
  });

  it('names a cause of many clients three times, and how many more have it', async () => {
    const tenant = await newTenant();
    await sql(
      `insert into audit_trail (operation, outcome, request_id, tenant_id, client_id, details)
       select 'putTenant', 'failed', 'r', $1, 'client-' || n, '{"reason": "upstream_error"}' from generate_series(1, 5) n`,
      [tenant],
    );

    const { findings } = await ask(tenant);

    const same = findings.filter(({ cause }) => cause === 'upstream_error');
    expect(same).toHaveLength(3);
    expect(same[2]?.sentence).toMatch(/ 2 more clients have the same trouble\.$/);
  });

  it('begins each sentence with a capital and ends it with a full stop', async () => {
    const findings: Finding[] = [];
    for (const [, , , plant] of PLANTED) findings.push(...(await ask(await plant())).findings);

    const wrong = findings.filter(
      ({ sentence, remedy }) => ![sentence, remedy].every((text) => /^[`\p{Lu}].*\.$/su.test(text)),
    );
    expect(wrong).toEqual([]);
    expect(findings.length).toBeGreaterThan(PLANTED.length);
  });
});

describe('the occurrences of a tenant', () => {
  it('are few rows, whichever clients strangers name, and none is lost', async () => {
    const tenant = await newTenant();
    const recorder = createRecorder(createOccurrenceStore(database.db));
    const refuse = (from: number, reason: string) => {
      for (let n = from; n < from + 50; n += 1)
        recorder.record({
          ...{ tenantId: tenant, operation: 'authorizeSso', outcome: 'refused', requestId: 'r' },
          ...{ reason, clientId: `client-${n}` },
        });
    };
    refuse(0, 'unknown_client');
    await recorder.flush();
    refuse(30, 'unknown_client');
    refuse(0, 'client_not_allowed');
    await recorder.flush();

    const rows = await database.superuser<{ count: number; client_id: string }>(
      'select count, client_id from tenant_occurrences where tenant_id = $1',
      [tenant],
    );
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(150);
    // They may fall into two periods of five minutes.
    expect(rows.length).toBeLessThanOrEqual(2 * 22);
    expect(rows.filter(({ client_id: id }) => id === '').length).toBeGreaterThanOrEqual(2);
  });
});
