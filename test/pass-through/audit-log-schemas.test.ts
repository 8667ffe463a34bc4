/** Schemas of audit logs belong to the whole environment. */
import { expect, it } from '@jest/globals';
import type { Scope } from '../../src/core/identity.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

const gatehouse = useGatehouse();
const SCHEMAS = '/audit_logs/actions/user.signed_in/schemas';

const ask = async (fields: { scopes: Scope[]; tenants: string[] }) => {
  const agent = gatehouse.as(await gatehouse.createClient(fields));
  const created = await agent.post(SCHEMAS).send({ targets: [{ type: 'team' }] });
  const listed = await agent.get(SCHEMAS);
  const actions = await agent.get('/audit_logs/actions');
  return { created, statuses: [created.status, listed.status, actions.status] };
};

it.each<[string, Scope[], string[]]>([
  ['every tenant', ['audit_logs:write'], ['*']],
  [
    'some tenants and the scope audit_logs:schemas',
    ['audit_logs:write', 'audit_logs:schemas'],
    ['a'],
  ],
])('a client with %s may write and read them', async (_who, scopes, tenants) => {
  expect((await ask({ scopes, tenants })).statuses).toEqual([201, 200, 200]);
});

it('a client with some tenants may read them, and is told what it needs to write them', async () => {
  const { created, statuses } = await ask({ scopes: ['audit_logs:write'], tenants: ['a'] });

  expect(statuses).toEqual([403, 200, 200]);
  expect(created.body).toMatchObject({
    code: 'every_tenant_required',
    message: expect.stringContaining('or have the scope audit_logs:schemas'),
  });
});

it('a client with the scope audit_logs:schemas alone may do nothing with them', async () => {
  const { statuses } = await ask({ scopes: ['audit_logs:schemas'], tenants: ['*'] });

  expect(statuses).toEqual([403, 403, 403]);
});

it('a schema with a number that JSON.parse makes infinite is refused, and not sent with null in its place', async () => {
  const agent = gatehouse.as(await gatehouse.createClient());
  const before = gatehouse.workos.requests.length;

  const res = await agent
    .post(SCHEMAS)
    .set('Content-Type', 'application/json')
    .send('{"targets":[],"metadata":{"maximum":1e400}}');

  expect([res.status, (res.body as { code?: string }).code]).toEqual([400, 'malformed_request']);
  expect(gatehouse.workos.requests).toHaveLength(before);
});
