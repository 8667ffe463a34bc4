import { implement } from '../http/endpoint.ts';
import { tenantsContract } from './contract.ts';
import { requireScopes, type TenantService } from './service.ts';

export const tenantsRoutes = (tenants: TenantService) =>
  implement(
    tenantsContract,
    {
      putTenant: (input) => tenants.put(input),
      getTenant: (input) => tenants.get(input),
      listTenants: (input) => tenants.list(input),
      patchTenant: (input) => tenants.patch(input),
      deleteTenant: (input) => tenants.delete(input),
    },
    {
      putTenant: ({ body, client }) => {
        requireScopes(client, body);
      },
    },
  );
