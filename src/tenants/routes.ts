import { implement } from '../http/endpoint.ts';
import { tenantsContract } from './contract.ts';
import { requireScopes, type TenantService } from './service.ts';

export const tenantsRoutes = (tenants: TenantService) =>
  implement(
    tenantsContract,
    {
      putTenant: ({ params, body, actor, client }) =>
        tenants.put(params.tenant_id, body, actor, client),
      getTenant: ({ params, client }) => tenants.get(params.tenant_id, client),
      listTenants: ({ query, client }) => tenants.list(query, client),
      patchTenant: ({ params, body, actor, client }) =>
        tenants.patch(params.tenant_id, body, actor, client),
      deleteTenant: ({ params, query, actor }) =>
        tenants.remove(params.tenant_id, query.delete_organization, actor),
    },
    {
      putTenant: ({ body, client }) => {
        requireScopes(client, body);
      },
    },
  );
