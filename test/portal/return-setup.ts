import { beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { LogStream } from '../../src/dev/fake-workos/state/log-streams.ts';
import type { DomainState } from '../../src/dev/fake-workos/server.ts';
import type { Intent } from '../../src/core/intents.ts';
import { createLaunch, lastLinkRequest, openLaunchPage } from '../support/portal-calls.ts';
import type { TestApp, TestAppOptions, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

export let gatehouse: TestApp;
export let client: TestClient;
export let tenants = 0;

interface Visit {
  readonly id: string;
  readonly organizationId: string;
  /** The body that WorkOS received. */
  readonly returnUrl: string;
  readonly successUrl: string;
  /** The parameter `launch` of the return page. */
  readonly token: string;
  readonly ticket: string;
}

/** Sends an IT admin of a new tenant to the portal. */
export async function visit(intent: Intent, fields: object = {}): Promise<Visit> {
  tenants += 1;
  const tenantId = `tenant-${tenants}`;
  await gatehouse.provision(tenantId);
  const userToken = await gatehouse.userToken({ tenant_id: tenantId });
  const { id, ticket } = await createLaunch(gatehouse, client, {
    tenant_id: tenantId,
    intent,
    userToken,
    ...fields,
  });
  await openLaunchPage(gatehouse.url, { ticket });
  const asked = lastLinkRequest(gatehouse);
  const token = new URL(asked.return_url).searchParams.get('launch') ?? '';
  return {
    id,
    ticket,
    token,
    organizationId: asked.organization,
    returnUrl: asked.return_url,
    successUrl: asked.success_url,
  };
}

/** Returns the URL to which WorkOS sends the browser, at this replica. */
export const comeBack = (url: string) =>
  gatehouse.anonymous.get(url.replace(gatehouse.config.publicUrl, ''));

export const present = (token: string) =>
  gatehouse.anonymous.get('/portal/return').query({ launch: token });

export const stream = (state: LogStream['state'] = 'active'): LogStream => ({
  id: 'als_1',
  type: 'Datadog',
  state,
  last_synced_at: null,
  created_at: new Date().toISOString(),
});

export function addDomain(organizationId: string, state: DomainState): void {
  gatehouse.workos.state.organizations.get(organizationId)?.domains.push({
    object: 'organization_domain',
    id: `org_domain_${randomUUID()}`,
    organization_id: organizationId,
    domain: `${state}.example`,
    state,
    verification_strategy: 'dns',
    created_at: new Date().toISOString(),
    updated_at: new Date().toISOString(),
  });
}

export const heading = ({ text }: { text: string }) => /<h1>(.*)<\/h1>/.exec(text)?.[1];

export function useReturns(options?: TestAppOptions): void {
  gatehouse = useGatehouse(options);
  beforeAll(async () => {
    client = await gatehouse.createClient();
  });
}
