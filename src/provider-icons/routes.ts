import { implement } from '../http/endpoint.ts';
import { PROVIDERS, providerIcon } from './catalogue.ts';
import { providerIconsContract } from './contract.ts';

export const providerIconRoutes = implement(providerIconsContract, {
  listProviderIcons: ({ query }) => {
    const types = query.type?.split(',') ?? Object.keys(PROVIDERS);
    return Promise.resolve({ object: 'list' as const, data: types.map(providerIcon) });
  },
});
