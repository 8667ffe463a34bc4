import { implement } from '../http/endpoint.ts';
import { setupContract } from './contract.ts';
import type { SetupService } from './service.ts';

export const setupRoutes = (setup: SetupService) =>
  implement(setupContract, { getTenantSetup: setup.get });
