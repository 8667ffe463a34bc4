/** What docs/differences.md says of requests, replies and tenants, line by line. */
import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { ofRequests } from '../support/compatibility/behaviour.ts';
import { organizationOf } from '../support/sign-in.ts';
import {
  prove,
  ask,
  client,
  acme,
  gatehouse,
  idOf,
  dataOf,
  outcomeOf,
  lastAt,
  ORIGIN,
  USERS,
} from './behaviour-setup.ts';

/** An event for the audit logs. */
const userLeft = () => ({
  ...{ action: 'user.left', occurred_at: new Date().toISOString() },
  actor: { id: '1', type: 'user' },
  targets: [{ id: '1', type: 'team' }],
  context: { location: '192.0.2.1' },
});

prove(ofRequests, {
  async ids() {
    const res = await ask(['get', '/organizations/initech']);
    const { id } = gatehouse.workos.addConnection(acme);
    const connection = await ask(['get', `/connections/${id}`]);
    const moved = await ask(['put', '/organizations/initech', { external_id: 'initech-2' }]);

    expect(res.body).toMatchObject({ id: 'initech', external_id: 'initech' });
    expect(connection.body).toMatchObject({ organization_id: 'acme' });
    expect(moved.body).toMatchObject({ errors: [{ code: 'external_id_immutable' }] });
  },

  async errors() {
    const res = await ask(['get', '/connections', { organization_id: 'acme', limit: '0.5' }]);

    expect(Object.keys(res.body as object)).toEqual([
      ...['type', 'title', 'status', 'detail', 'instance', 'code', 'message', 'errors'],
    ]);
    expect(res.body).toMatchObject({ errors: [{ field: 'limit', code: 'limit_invalid' }] });
  },

  async unknownFields() {
    const email = `${randomUUID()}@acme.example`;
    const res = await ask(['post', `${USERS}/users`, { email, shoe_size: 43 }]);
    const refused = await ask([
      'post',
      `${USERS}/users`,
      { email, organisation: 'acme', organization_ref: 'acme' },
    ]);

    expect([res.status, res.get('gatehouse-ignored')]).toEqual([201, 'shoe_size']);
    expect(refused.status).toBe(422);
  },

  async wireForms() {
    const query = 'statuses[]=active&statuses[]=pending&user_id=&limit=&organization_id=acme';
    const read = await ask(['get', `/USER_management/organization_memberships?${query}`]);
    const made = await ask([
      'post',
      `${USERS}/users`,
      { email: `${randomUUID()}@acme.example`, metadata: [], first_name: null },
    ]);

    const email = `${randomUUID()}@acme.example`;
    const invited = await ask([
      ...(['post', `${USERS}/invitations`] as const),
      { email, organization_id: 'acme', expires_in_days: 0, role_slug: '' },
    ]);

    const between = await ask(['get', '/organizations?after=acme&before=globex']);

    expect([read, made, invited, between].map(({ status }) => status)).toEqual([
      200, 201, 201, 200,
    ]);
    expect(lastAt(`GET ${USERS}/organization_memberships`)?.query).toMatchObject({
      statuses: 'active,pending',
    });
  },

  async unknownReplyFields() {
    const connection = gatehouse.workos.addConnection(acme);
    Object.assign(connection, { new_at_workos: true });

    expect((await ask(['get', `/connections/${connection.id}`])).body).not.toHaveProperty(
      'new_at_workos',
    );
  },

  async idempotencyKey() {
    const event = userLeft();
    await gatehouse
      .as(client)
      .post('/audit_logs/events')
      .set('idempotency-key', 'mine')
      .send({ organization_id: 'acme', event });

    expect(lastAt('POST /audit_logs/events')?.headers['idempotency-key']).toMatch(/^[\w-]{43}$/);
  },

  async exactNumbers() {
    const event = { ...userLeft(), metadata: { row: 2 ** 53 } };
    const res = await ask(['post', '/audit_logs/events', { organization_id: 'initech', event }]);

    expect(res.status).toBe(422);
  },

  async reservedMetadata() {
    const res = await ask([
      'put',
      '/organizations/initech',
      { metadata: { gatehouse_tenant: 'x' } },
    ]);
    const read = await ask(['get', '/organizations/initech']);

    expect(res.status).toBe(422);
    expect(read.text).not.toContain('gatehouse_');
  },

  async ownList() {
    const path = '/organizations';
    gatehouse.workos.requests.length = 0;
    const listed = await ask(['get', path, { search: 'initech' }]);
    expect([
      dataOf(listed).map(({ id }) => id),
      gatehouse.workos.requestsTo(`GET ${path}`),
    ]).toEqual([['initech'], []]);
    await ask(['get', path, { domains: 'initech.example' }]);
    expect(gatehouse.workos.requestsTo(`GET ${path}`)).toHaveLength(1);
  },

  async provisioning() {
    const fields = { name: 'Twice', external_id: 'initech-twice' };
    gatehouse.workos.fault('POST /organizations', { kind: 'status', status: 422 }, { times: 1 });
    const refused = await ask(['post', '/organizations', fields]);
    const mended = await ask(['put', '/v1/tenants/initech-twice', { name: 'Twice' }]);
    const again = await ask(['post', '/organizations', fields]);

    expect([refused, again].map(outcomeOf)).toEqual([
      [502, 'upstream_rejected'],
      [400, 'external_id_already_used'],
    ]);
    expect(mended.body).toMatchObject({ status: 'active' });
  },

  async pendingDomain() {
    const domain = { domain: 'pending.example', state: 'pending' };
    await ask(['put', '/organizations/initech', { domain_data: [domain] }]);
    const organization = gatehouse.workos.organizations.get(
      await organizationOf(gatehouse, 'initech'),
    );
    Object.assign(organization?.domains[0] ?? {}, { state: 'verified' });

    const res = await ask(['put', '/organizations/initech', { domain_data: [domain] }]);

    expect(res.body).toMatchObject({ domains: [{ domain: 'pending.example', state: 'verified' }] });
  },

  async webhookSecret() {
    const body = { endpoint_url: `${ORIGIN}/hooks`, events: ['connection.activated'] };
    const made = await ask(['post', '/webhook_endpoints', body]);
    const listed = await ask(['get', '/webhook_endpoints']);
    const changed = await ask([
      'patch',
      `/webhook_endpoints/${idOf(made)}`,
      { status: 'disabled' },
    ]);
    const elsewhere = await ask([
      'post',
      '/webhook_endpoints',
      { ...body, endpoint_url: 'https://other.example/' },
    ]);

    expect((made.body as { secret: string }).secret).not.toBe('');
    expect([dataOf(listed)[0], changed.body]).toMatchObject([{ secret: '' }, { secret: '' }]);
    expect(elsewhere.status).toBe(422);
  },

  async deletedTenant() {
    await gatehouse.provision('initech-old');
    await ask(['delete', '/organizations/initech-old']);

    const again = await ask([
      'post',
      '/organizations',
      { name: 'Old', external_id: 'initech-old' },
    ]);

    expect(outcomeOf(again)).toEqual([409, 'tenant_deleted']);
  },
});
