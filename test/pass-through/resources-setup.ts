import { beforeAll } from '@jest/globals';
import { foreignOrganization } from '../support/resource-things.ts';
import { organizationOf } from '../support/sign-in.ts';
import type { TestApp, TestClient } from '../support/test-app.ts';
import { useGatehouse } from '../support/use-gatehouse.ts';

interface Listed {
  readonly id: string;
  readonly organization_id?: string;
}

export interface ListBody {
  readonly data: readonly Listed[];
  readonly list_metadata: { readonly before: string | null; readonly after: string | null };
}

export let gatehouse: TestApp;
/** Every tenant. */
export let platform: TestClient;
/** Only `acme`. */
export let client: TestClient;
export let acme: string;
export let globex: string;
/** Of an organization that is nobody's here. */
export let nobodys: string;
export const get = (path: string, as = client) => gatehouse.as(as).get(path);

export function useResources(): void {
  gatehouse = useGatehouse();
  beforeAll(async () => {
    platform = await gatehouse.createClient();
    client = await gatehouse.createClient({ tenants: ['acme', 'initech*'] });
    await gatehouse.provision('acme');
    nobodys = await foreignOrganization(gatehouse);
    await gatehouse.provision('globex');
    acme = await organizationOf(gatehouse, 'acme');
    globex = await organizationOf(gatehouse, 'globex');
  });
}
