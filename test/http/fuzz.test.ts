import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { callsTo, type FuzzedCall, type Pools } from '../support/arbitraries.ts';
import { createCaller, type Answer, type Caller } from '../support/http-caller.ts';
import {
  createContractValidator,
  operationsOf,
  readContract,
} from '../support/contract-validator.ts';
import { NOTHING, resourceOperations } from '../support/operations.ts';
import { makeOwnThings, makeThings, namesFor } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';

/** Another seed, or more runs: `FUZZ_SEED`, `FUZZ_RUNS`. What failed is printed with its seed. */
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_122);
const RUNS = Number(process.env.FUZZ_RUNS ?? 100);
/** Of our own kind, of Postgres, of Node, of WorkOS: nothing of it belongs in an answer. */
const INSIDES =
  /sk_test|\bselect\b.*\bfrom\b|insert into|violates|syntax error|node:internal|node_modules|\.ts:\d|\bat \S+ \([^)]*:\d+:\d+\)|ZodError|TypeError/i;
const contract = readContract();
const documented = operationsOf(contract);
const validator = createContractValidator(contract);

let gatehouse: TestApp;
let caller: Caller;
let pools: Pools;

beforeAll(async () => {
  gatehouse = await startTestApp({
    env: {
      WORKOS_WEBHOOK_SECRETS: 'fuzz-secret',
      WEBHOOK_ENDPOINT_ORIGINS: 'https://*.internal.example',
    },
  });
  caller = createCaller(gatehouse.url);
  const client = await gatehouse.createClient({
    tenants: ['acme', 'fuzz-*'],
    redirectUris: ['https://app.example.com/callback'],
  });
  const foreign = await gatehouse.createClient({ tenants: ['globex'], scopes: ['tenants:read'] });
  await Promise.all(['acme', 'globex', 'fuzz-1'].map(gatehouse.provision));
  const admin = await gatehouse.userToken();
  const res = await gatehouse
    .as(client, admin)
    .post('/v1/portal-launches')
    .send({ tenant_id: 'acme', intent: 'sso' });
  const { id: launch } = res.body as { id: string };
  const [kept, spent] = [await thingsFor(client.id), await thingsFor(client.id)];
  pools = {
    names: (operationId) => ({
      tenant_id: [...(TENANTS[operationId] ?? ['acme', 'acme', 'fuzz-1', 'fuzz-2']), 'globex'],
      user_id: ['ada', 'bob%40acme.test', 'cy'],
      launch_id: [launch, `launch_${'0'.repeat(32)}`],
      organization_id: ['acme', 'globex'],
      directory: [kept.directory],
      group: [kept.directoryGroup],
      user: [kept.directoryUser],
      ...paramsOf(operationId, operationId.startsWith('delete') ? spent : kept),
    }),
    usual: {
      authorization: [
        `Bearer ${client.key}`,
        `Bearer ${foreign.key}`,
        'Bearer x',
        'Basic eDp5',
        '',
      ],
      'gatehouse-user-token': [
        admin,
        await gatehouse.userToken({ tenant_id: 'globex' }),
        'x.y.z',
        '',
      ],
    },
    seldom: {
      'gatehouse-user-id': ['ada', '', 'ä', 'a b'],
      'gatehouse-user-roles': ['it_admin', 'member, it_admin', ',', ''],
      'idempotency-key': ['a', '"b"', 'c', 'd', '', '"', 'ä', 'x'.repeat(256)],
      'x-request-id': ['fuzz', 'a b', 'x'.repeat(129), '../../..'],
      accept: ['application/json', 'text/html', '*/*;q=0.1'],
      'content-type': ['text/plain', 'application/json; charset=latin1'],
      'content-encoding': ['gzip'],
      'sec-fetch-mode': ['navigate', 'cors'],
      cookie: ['session=x', 'session=x; session=y', '='],
    },
  };
});

afterAll(async () => {
  await caller.close();
  await gatehouse.stop();
});

/** What some change for good, others have to find as it was. */
const TENANTS: Readonly<Record<string, string[]>> = {
  putTenant: ['fuzz-1', 'fuzz-2', 'fuzz-3', 'fuzz-4'],
  patchTenant: ['fuzz-1'],
  updateOrganization: ['fuzz-1'],
  deleteTenant: ['fuzz-3', 'fuzz-4'],
  deleteOrganization: ['fuzz-3', 'fuzz-4'],
};

const thingsFor = async (clientId: string) => {
  const organization = await organizationOf(gatehouse, 'acme');
  const owner = { clientId, tenantId: 'acme' };
  return {
    ...(await makeThings(gatehouse, organization)),
    ...(await makeOwnThings(gatehouse, owner, organization)),
  };
};

/** What the paths of resources may name. */
function paramsOf(
  operationId: string,
  things: Awaited<ReturnType<typeof thingsFor>>,
): Record<string, string[]> {
  const operation = resourceOperations.find(({ id }) => id === operationId);
  if (!operation) return {};
  if (operation.access.tenant?.startsWith('params.')) {
    const tenants = TENANTS[operationId] ?? ['acme', 'acme', 'globex'];
    return { id: tenants, external_id: tenants };
  }
  const names = namesFor(operation, 'acme', things).params ?? {};
  return Object.fromEntries(
    Object.entries(names).map(([name, value]) => [name, [value, value, value, NOTHING]]),
  );
}

const calls = () => fc.oneof(...documented.map((one) => callsTo(one, contract, pools)));

function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path.replace(/\?.*/s, '')) !== '';
  } catch {
    return false;
  }
}

function faultsOf(call: FuzzedCall, answer: Answer): string[] {
  const { status, json, text } = answer;
  const contentType = answer.headers['content-type'] as string | undefined;
  const about = documented.find(({ operation }) => operation.operationId === call.operationId);
  // A path that cannot be decoded is of no operation, and a browser gets a page about it.
  if (!isDecodable(call.path) && status === 400 && contentType?.includes('html')) return [];
  const faults = [
    ...(status >= 500 ? [`came to ${status}`] : []),
    ...(INSIDES.test(text) ? ['shows its insides'] : []),
    ...(about ? validator.ofAnswer(about, { status, contentType, text }) : ['is of no operation']),
  ];
  const isProblem = contentType?.includes('json') && !('jsonrpc' in json);
  if (status >= 400 && isProblem && json.status !== status)
    faults.push(`says ${String(json.status)} instead of ${status}`);
  return faults;
}

describe('every operation', () => {
  it(`answers ${RUNS} requests, from good to absurd, as the contract says`, async () => {
    let successes = 0;

    await fc.assert(
      fc.asyncProperty(calls(), async (call) => {
        const answer = await caller.send(call);
        if (answer.status < 300) successes += 1;

        expect([answer.text, faultsOf(call, answer)]).toEqual([answer.text, []]);
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );

    // Otherwise it would only have been shown the door.
    expect(successes).toBeGreaterThan(RUNS / 20);
  }, 300_000);

  it('works afterwards as before', async () => {
    const survivor = await gatehouse.createClient();
    const res = await gatehouse
      .as(survivor, await gatehouse.userToken({ tenant_id: 'globex' }))
      .post('/portal/generate_link')
      .send({ organization: 'globex', intent: 'sso' });

    expect(res.status).toBe(201);
  });
});
