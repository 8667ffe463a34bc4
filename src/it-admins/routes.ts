import { implement } from '../http/endpoint.ts';
import { itAdminsContract } from './contract.ts';
import type { ItAdminService } from './service.ts';

export const itAdminsRoutes = (itAdmins: ItAdminService) =>
  implement(itAdminsContract, {
    listItAdmins: (input) => itAdmins.list(input),
    getItAdmin: (input) => itAdmins.get(input),
    putItAdmin: (input) => itAdmins.put(input),
    deleteItAdmin: (input) => itAdmins.remove(input),
  });
