import { beforeAll } from '@jest/globals';
import { connect, REDIRECT_URI } from '../support/sign-in.ts';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';
import { waitFor } from '../support/wait-for.ts';
import { askWhy } from '../support/why.ts';
import { within } from '../support/within.ts';

export let gatehouse: TestApp;
export let client: TestClient;
let made = 0;

export function useWhy(): void {
  gatehouse = useGatehouse();
  beforeAll(async () => {
    client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  });
}

export const why = (tenant: string, ...flags: string[]) => askWhy(gatehouse, tenant, ...flags);

/** Occurrences are stored once a second. */
export const causeOf = (tenant: string, cause: string) =>
  waitFor(async () => (await why(tenant)).causes.find((one) => one.cause === cause), {
    ...{ everyMs: 150, withinMs: within(15_000), what: cause },
  });

export async function newTenant(): Promise<string> {
  made += 1;
  await gatehouse.provision(`tenant-${made}`);
  return `tenant-${made}`;
}
export async function tenantWithConnection(): Promise<{ tenant: string; connection: string }> {
  const tenant = await newTenant();
  return { tenant, connection: await connect(gatehouse, tenant) };
}
export const patch = (tenant: string, body: object) =>
  gatehouse.as(client).patch(`/v1/tenants/${tenant}`).send(body).expect(200);
export const readSetup = (tenant: string) =>
  gatehouse.as(client).get(`/v1/tenants/${tenant}/setup`).query({ refresh: 'true' }).expect(200);
export const sql = (text: string, values: unknown[]) => gatehouse.database.superuser(text, values);
