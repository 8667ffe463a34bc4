/** The steps of docs/migrating.md, for a service that spoke to WorkOS directly. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WorkOS } from '@workos-inc/node';
import { organizationByHand } from '../support/organization-by-hand.ts';
import { createBrowser, REDIRECT_URI } from '../support/sign-in.ts';
import { openShell, type Shell } from '../support/snippets/shell.ts';
import { sdkOptions } from '../support/sdk.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

/** The settings of a service, before or after the swap. */
interface Settings {
  readonly workos: WorkOS;
  readonly clientId: string;
  /** An organization id at WorkOS, a tenant id at Gatehouse. */
  readonly tenant: string;
}

const gatehouse = useGatehouse();
let shell: Shell;
let organization: string;
let old: Settings;
let swapped: Settings;

beforeAll(async () => {
  const { apiKey, clientId, url, redirectUris } = gatehouse.workos;
  redirectUris.add(REDIRECT_URI).add(`${gatehouse.config.publicUrl}/sso/callback`);
  const workos = new WorkOS(apiKey, sdkOptions({ url }));
  organization = await organizationByHand(gatehouse.workos, { name: 'Acme' });
  old = { workos, clientId, tenant: organization };
  gatehouse.workos.addConnection(organization, { state: 'active' });
  const user = await workos.userManagement.createUser({ email: 'ada@acme.test' });
  const member = { userId: user.id, organizationId: organization };
  await workos.userManagement.createOrganizationMembership(member);
  shell = await openShell(gatehouse);
  const { key } = await gatehouse.createClient({ id: 'billing', redirectUris: [REDIRECT_URI] });
  const behind = new WorkOS(key, sdkOptions(gatehouse));
  swapped = { workos: behind, clientId: 'billing', tenant: 'acme' };
});
afterAll(() => shell.close());

/** Signs somebody in as far as the service's redirect URI. @returns the code */
async function codeOf({ workos, clientId, tenant }: Settings): Promise<string> {
  const redirectUri = REDIRECT_URI;
  const url = workos.sso.getAuthorizationUrl({ clientId, organization: tenant, redirectUri });
  const browser = createBrowser(gatehouse);
  const atWorkos = url.startsWith(gatehouse.url) ? (await browser.get(url)).location?.href : url;
  const back = await gatehouse.workos.signIn(atWorkos ?? '');
  const onward = back.href.startsWith(REDIRECT_URI) ? back : (await browser.get(back)).location;
  return onward?.searchParams.get('code') ?? '';
}

/** The ids that the service stores. */
async function idsOf(settings: Settings) {
  const { workos, clientId, tenant: organizationId } = settings;
  const code = await codeOf(settings);
  const { profile } = await workos.sso.getProfileAndToken({ clientId, code });
  const connections = await workos.sso.listConnections({ organizationId });
  const users = await workos.userManagement.listUsers({ organizationId });
  return {
    ...{ profile: profile.id, idp: profile.idpId, connection: profile.connectionId },
    connections: connections.data.map(({ id }) => id),
    users: users.data.map(({ id }) => id),
  };
}

const importFile = async (...lines: string[]): Promise<string> => {
  await shell.write('tenants.csv', ['tenant_id,organization_id', ...lines].join('\n'));
  return shell.run('gatehouse tenants import tenants.csv', {});
};

describe('a service that spoke to WorkOS directly', () => {
  it('finds the same ids behind Gatehouse once its tenants are imported, and may go back', async () => {
    const before = await idsOf(old);
    await importFile(`acme,${organization}`);

    expect(before.users).toHaveLength(1);
    expect(await idsOf(swapped)).toEqual(before);
    expect(await idsOf(old)).toEqual(before);
  });

  it('is told when it sends an organization id, or a code that WorkOS has issued', async () => {
    const { workos, clientId } = swapped;
    const code = await codeOf(old);

    await expect(
      workos.sso.listConnections({ organizationId: organization }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('organization_id_is_a_workos_id'),
    });
    await expect(workos.sso.getProfileAndToken({ clientId, code })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('imports an organization that has its own external id once that is null', async () => {
    const id = await organizationByHand(gatehouse.workos, { external_id: 'customer-7' });
    const refused = importFile(`globex,${id}`);
    await expect(refused).rejects.toThrow('organization_conflict');
    await old.workos.organizations.updateOrganization({ organization: id, externalId: null });

    await expect(importFile(`globex,${id}`)).resolves.toContain('"imported":1');
  });

  it('learns from verify of an organization that something still creates with the old key', async () => {
    const { id } = await old.workos.organizations.createOrganization({ name: 'Initech' });

    await expect(shell.run('gatehouse tenants verify --unmapped', {})).resolves.toContain(id);
  });
});
