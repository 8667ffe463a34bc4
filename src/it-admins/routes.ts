import { implement } from '../http/endpoint.ts';
import { itAdminsContract } from './contract.ts';
import type { ItAdminService } from './service.ts';

export const itAdminsRoutes = (itAdmins: ItAdminService) =>
  implement(itAdminsContract, {
    listItAdmins: ({ params }) => itAdmins.list(params.tenant_id),
    getItAdmin: ({ params }) => itAdmins.get(params.tenant_id, params.user_id),
    putItAdmin: ({ params, body, actor }) =>
      itAdmins.put(params.tenant_id, params.user_id, body.state, actor),
    deleteItAdmin: ({ params, actor }) => itAdmins.remove(params.tenant_id, params.user_id, actor),
  });
