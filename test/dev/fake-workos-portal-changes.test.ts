import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import { startFakeWorkos, type FakeWorkos } from '../../src/dev/fake-workos/server.ts';
import { specValidator } from '../support/spec-validator.ts';

const validator = specValidator();
let fake: FakeWorkos;
let workos: WorkOS;
let organizationId: string;
beforeEach(async () => {
  fake = await startFakeWorkos();
  workos = new WorkOS(fake.apiKey, { apiHostname: '127.0.0.1', port: fake.port, https: false });
  const { id } = await workos.organizations.createOrganization({
    name: 'Acme',
    domainData: [{ domain: 'acme.test', state: 'pending' as never }],
  });
  organizationId = id;
});
afterEach(() => fake.stop());

async function openPortal(intent: string): Promise<string> {
  const { data } = await workos.post<{ link: string }>('/portal/generate_link', {
    organization: organizationId,
    intent,
    return_url: 'https://app.test/back',
  });
  return new URL(data.link).searchParams.get('token') ?? '';
}

const send = (path: string, fields: Record<string, string>) =>
  fetch(`${fake.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });

async function press(id: string, change: string, text = ''): Promise<Response> {
  return send('/portal/change', { token: await openPortal('sso'), id, change, text });
}

/** What has happened since, judged by the specification. */
async function happened(act: () => Promise<unknown>): Promise<string[]> {
  const known = fake.state.events.size;
  await act();
  const { data: body } = await workos.get<{ data: { event: string }[] }>('/events', {
    query: { organization_id: organizationId, order: 'asc', limit: 100 },
  });
  const faults = validator.faultsOf({ operation: 'GET /events', status: 200, body });
  expect(faults).toEqual([]);
  return body.data.slice(known).map(({ event }) => event);
}

const domainId = () => fake.organizations.get(organizationId)?.domains[0]?.id ?? '';

describe('the portal page of the fake', () => {
  it.each([
    ['connection.deactivate', 'connection.deactivated'],
    ['connection.delete', 'connection.deleted'],
    ['certificate.expire-soon', 'connection.saml_certificate_renewal_required'],
    ['certificate.expire', 'connection.saml_certificate_renewal_required'],
    ['certificate.renew', 'connection.saml_certificate_renewed'],
  ])('changes a connection: %s', async (change, event) => {
    const { id } = fake.addConnection(organizationId);

    expect(await happened(() => press(id, change))).toEqual([event]);
  });

  it.each([
    ['directory.unlink', 'dsync.deactivated'],
    ['directory.add-user', 'dsync.user.created'],
    ['directory.delete', 'dsync.deleted'],
  ])('changes a directory: %s', async (change, event) => {
    const { id } = fake.addDirectory(organizationId);

    expect(await happened(() => press(id, change))).toEqual([event]);
  });

  it.each([
    ['domain.verify', 'organization_domain.verified'],
    ['domain.fail', 'organization_domain.verification_failed'],
    ['domain.delete', 'organization_domain.deleted'],
  ])('changes a domain: %s', async (change, event) => {
    expect(await happened(() => press(domainId(), change))).toEqual([event]);
  });

  it('renames the organization', async () => {
    const events = await happened(() => press(organizationId, 'organization.rename', 'Acme 2'));

    expect(events).toEqual(['organization.updated']);
    expect(fake.organizations.get(organizationId)?.name).toBe('Acme 2');
  });

  it('deletes the organization, and says so', async () => {
    const answer = await press(organizationId, 'organization.delete');

    expect(await answer.text()).toContain('The organization is deleted');
    expect(fake.organizations.has(organizationId)).toBe(false);
  });

  it('renews every certificate when a renewal is finished', async () => {
    const { id } = fake.addConnection(organizationId);
    fake.addConnection(organizationId, { connection_type: 'GoogleOIDC' });
    fake.setCertificateExpiry(id);
    const token = await openPortal('certificate_renewal');

    expect(await happened(() => send('/portal/setup', { token }))).toEqual([
      'connection.saml_certificate_renewed',
    ]);
  });

  it('emits an event about an encryption key when it is finished', async () => {
    const token = await openPortal('bring_your_own_key');

    expect(await happened(() => send('/portal/setup', { token }))).toEqual([
      'vault.byok_key.verification_completed',
    ]);
  });

  it('changes no other organization, and nothing that it does not offer', async () => {
    const other = await workos.organizations.createOrganization({ name: 'Other' });
    const theirs = fake.addConnection(other.id);
    const ours = fake.addConnection(organizationId);
    const events = await happened(async () => {
      await press(theirs.id, 'connection.delete');
      await press(ours.id, 'connection.activate');
      await press(ours.id, 'toString');
    });

    expect(events).toEqual([]);
    expect(fake.state.connections.has(theirs.id)).toBe(true);
  });
});

describe('the configuration of audit logs', () => {
  it('contains the retention period', async () => {
    const retention = async () =>
      (
        await workos.get<{ retention_period_in_days: number }>(
          `/organizations/${organizationId}/audit_log_configuration`,
        )
      ).data.retention_period_in_days;
    const before = await retention();
    await workos.put(`/organizations/${organizationId}/audit_logs_retention`, {
      retention_period_in_days: 365,
    });

    expect([before, await retention()]).toEqual([30, 365]);
  });
});
