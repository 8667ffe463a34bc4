import { implement } from '../http/endpoint.ts';
import { upstreamBudgetContract } from './contract.ts';
import type { UpstreamBudgetService } from './service.ts';

export const upstreamBudgetRoutes = (budget: UpstreamBudgetService) =>
  implement(upstreamBudgetContract, { getUpstreamBudget: (input) => budget.get(input) });
