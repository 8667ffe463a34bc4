import type { Client } from '../core/identity.ts';

/** Stands for an operator where a list asks which client reads it. Not a client's id, so that it owns nothing. */
export const EVERY_TENANT: Client = {
  id: '@console',
  name: 'console',
  scopes: [],
  tenants: ['*'],
  redirectUris: [],
  returnOrigins: [],
  initiateLoginUri: null,
  disabled: false,
  generation: '00000000-0000-0000-0000-000000000000',
};
