import type { Client } from '../core/identity.ts';
import { columnsOf } from './columns.ts';
import { clients } from './schema/clients.ts';

const FIELDS = [
  'id',
  'name',
  'scopes',
  'tenants',
  'redirectUris',
  'returnOrigins',
  'initiateLoginUri',
  'disabled',
  'generation',
] as const satisfies readonly (keyof Client)[];

/** SQL: the columns of a `Client`, from a table `clients c`. */
export const CLIENT_COLUMNS = columnsOf(clients, { alias: 'c', only: FIELDS });
