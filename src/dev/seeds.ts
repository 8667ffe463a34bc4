import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { operator } from '../cli/operator.ts';
import { createClientCredentials } from '../clients/credentials.ts';
import { createClientRegistry } from '../clients/registry.ts';
import { createClientStore } from '../clients/store.ts';
import type { Database } from '../db/database.ts';
import type { Scope } from '../identity.ts';

const ID = 'console';
const SCOPES: Scope[] = [
  'tenants:read',
  'tenants:write',
  'tenants:delete',
  'it_admins:read',
  'it_admins:write',
  'portal:launch',
  'users:assert',
  'audit_trail:read',
];

/** The key of the development client: the one of the last run, or a new client's. */
export async function readyKey(db: Database, file: string, origin: string): Promise<string> {
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  const client = await createClientCredentials(createClientStore(db), undefined).byKey(known);
  if (client?.returnOrigins.includes(origin)) return known;
  const key = await newKey(db, origin);
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}

async function newKey(db: Database, origin: string): Promise<string> {
  const registry = createClientRegistry(db);
  const actor = operator('dev');
  if ((await registry.list()).some(({ id }) => id === ID)) await registry.delete(actor, ID);
  const client = {
    id: ID,
    name: 'Acme Console',
    scopes: SCOPES,
    tenants: ['*'],
    redirectUris: [],
    returnOrigins: [origin],
    initiateLoginUri: null,
    tokenIssuer: null,
    tokenSubject: null,
    disabled: false,
  };
  const issued = await registry.create(actor, client, { expiresAt: null });
  return issued?.key.reveal() ?? '';
}

/** The ordinary way, over HTTP; safe to repeat. */
export async function provisionTenant(
  url: string,
  key: string,
  tenantId: string,
  name: string,
): Promise<void> {
  const response = await fetch(`${url}/v1/tenants/${tenantId}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  if (!response.ok)
    throw new Error(`The tenant ${tenantId} could not be provisioned: ${await response.text()}`);
}
