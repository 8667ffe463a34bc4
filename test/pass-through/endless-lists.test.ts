import { beforeAll, describe, expect, it } from '@jest/globals';
import { tenantsCommand } from '../../src/cli/tenants.ts';
import type { Terminal } from '../../src/cli/output.ts';
import type { Fault } from '../../src/dev/fake-workos/server.ts';
import { askWorkos } from '../support/resource-things.ts';
import type { TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
let platform: TestClient;
let limited: TestClient;
let made = 0;

beforeAll(async () => {
  platform = await gatehouse.createClient();
  limited = await gatehouse.createClient({ tenants: ['acme'] });
  await gatehouse.provision('acme');
  await askWorkos(gatehouse, 'POST', '/user_management/users', { email: 'ada@acme.example' });
});

const get = async (client: TestClient, path: string) => {
  const res = await gatehouse.as(client).get(path);
  return [res.status, (res.body as { code?: string }).code];
};

/** @returns the exit code and what it says */
async function verify() {
  let said = '';
  const terminal: Terminal = {
    shown: false,
    attended: false,
    out: () => undefined,
    err: (text) => void (said += text),
    ask: () => Promise.resolve(''),
  };
  const db = gatehouse.database.db;
  const code = await tenantsCommand(['verify'], { terminal, db, config: gatehouse.config });
  return [code, said.includes('WorkOS answered something unexpected')];
}

/** Of a tenant of its own: what was read a moment ago is not read again. */
async function setup() {
  made += 1;
  await gatehouse.provision(`tenant-${made}`);
  return get(platform, `/v1/tenants/tenant-${made}/setup?refresh=true`);
}

const TOO_LONG = [502, 'upstream_invalid_response'];

/** Each reader of a list, the list, a member of it, and what it says of one without an end. */
const READERS: readonly [string, string, () => object, () => Promise<unknown>, unknown][] = [
  [
    'the organizations of a domain',
    'GET /organizations',
    () => ({ object: 'organization', id: 'org_NOBODY' }),
    () => get(limited, '/organizations?domains=acme.example'),
    TOO_LONG,
  ],
  [
    'the memberships of a user',
    'GET /user_management/organization_memberships',
    () => ({ object: 'organization_membership', id: 'om_1', organization_id: 'org_NOBODY' }),
    () => get(limited, '/user_management/users?email=ada@acme.example'),
    TOO_LONG,
  ],
  [
    'the connections of a tenant',
    'GET /connections',
    () => ({
      object: 'connection',
      id: 'conn_1',
      organization_id: null,
      connection_type: 'OktaSAML',
      name: 'Okta',
      state: 'active',
      created_at: '2030-01-01T00:00:00.000Z',
      updated_at: '2030-01-01T00:00:00.000Z',
    }),
    setup,
    [200, undefined],
  ],
  [
    'gatehouse tenants verify',
    'GET /organizations',
    () => ({ object: 'organization', id: 'org_1', name: 'One', domains: [], metadata: {} }),
    verify,
    [1, true],
  ],
];

const page = (item: object, after: string): Fault => ({
  kind: 'content-type',
  type: 'application/json',
  body: JSON.stringify({ object: 'list', data: [item], list_metadata: { before: null, after } }),
});

const asked = (operation: string): number =>
  gatehouse.workos.requests.filter(({ method, path }) => `${method} ${path}` === operation).length;

describe.each(READERS)('%s', (_reader, operation, item, read, answer) => {
  it.each([
    ['whose cursor stays where it is', ['same', 'same', 'same']],
    ['whose cursor goes round in a circle', ['first', 'second', 'first']],
  ])('stops reading a list of WorkOS’s %s', async (_, cursors) => {
    for (const cursor of cursors)
      gatehouse.workos.fault(operation, page(item(), cursor), { times: 1 });
    gatehouse.workos.fault(operation, page(item(), cursors[1] ?? ''));
    const before = asked(operation);

    expect(await read()).toEqual(answer);
    expect([2, 3]).toContain(asked(operation) - before);
  });
});

it('asks for at most ten pages of organizations of others that have the same domain', async () => {
  const operation = 'GET /organizations';
  gatehouse.workos.clearFaults();
  for (let n = 1; n <= 12; n += 1) {
    const others = page({ object: 'organization', id: `org_NOBODY${n}` }, `cursor_${n}`);
    gatehouse.workos.fault(operation, others, { times: 1 });
  }
  const before = asked(operation);

  const answer = await get(limited, '/organizations?domains=acme.example');

  expect([answer, asked(operation) - before]).toEqual([[422, 'invalid_request'], 10]);
});
