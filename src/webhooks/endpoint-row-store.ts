/** The row of a webhook endpoint, as its client may see it. */
import type { Client } from '../core/identity.ts';
import { Problem } from '../core/problem.ts';
import { isOwnedBy } from '../db/client-generation.ts';
import { columnsOf } from '../db/columns.ts';
import { webhookEndpoints } from '../db/schema/webhooks.ts';

export interface EndpointRow {
  readonly id: string;
  readonly endpointUrl: string;
  readonly events: readonly string[];
  readonly status: 'enabled' | 'disabled';
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** SQL: the columns of `EndpointRow`, from `webhook_endpoints w`. */
export const COLUMNS = columnsOf(webhookEndpoints, {
  alias: 'w',
  only: ['id', 'endpointUrl', 'events', 'status', 'createdAt', 'updatedAt'],
});

/** A registered client, by id and generation. */
export type Owner = Pick<Client, 'id' | 'generation'>;

/** SQL: `w` belongs to the client `$1` of the generation `$2`. */
export const OWN = `w.client_id = $1 and ${isOwnedBy('w', '$2')}`;

/** @throws Problem `entity-not-found` */
export function only<R>([row]: readonly R[]): R {
  if (row) return row;
  throw endpointNotFound();
}

export const endpointNotFound = (): Problem =>
  new Problem('entity-not-found', 'There is no such webhook endpoint of this client.');
