import { CredentialRefused } from '../auth/credential-refused.ts';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { operator } from '../cli/operator.ts';
import { createClientCredentials } from '../clients/credentials.ts';
import { createClientRegistry } from '../clients/registry.ts';
import { createClientStore } from '../clients/store.ts';
import type { Database } from '../db/database.ts';
import { SCOPES, type Client, type Scope } from '../core/identity.ts';

/** Client id of the demo product. */
export const CLIENT_ID = 'console';
/** The demo client has every scope except those reserved for the platform team. */
const WITHHELD: readonly Scope[] = ['tenants:adopt', 'portal:invite'];
const scopes = SCOPES.filter((scope) => !WITHHELD.includes(scope));

/**
 * Returns the key of the demo client from the last run, or registers the client anew. Updates a
 * registration that an older version or other ports left behind.
 */
export async function ensureClientKey(db: Database, file: string, origin: string): Promise<string> {
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  const client = await createClientCredentials(createClientStore(db), undefined)
    .byKey(known)
    .catch(undefinedIfRefused);
  if (client?.id === CLIENT_ID) {
    await updateRegistration(db, client, registrationFor(origin));
    return known;
  }
  const key = await registerClient(db, origin);
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}

function undefinedIfRefused(error: unknown): undefined {
  if (!(error instanceof CredentialRefused)) throw error;
}

const registrationFor = (origin: string) => ({
  name: 'Acme Console',
  scopes,
  tenants: ['*'],
  redirectUris: [`${origin}/sso/callback`],
  returnOrigins: [origin],
  initiateLoginUri: `${origin}/sso/start`,
});

async function updateRegistration(
  db: Database,
  client: Client,
  registration: ReturnType<typeof registrationFor>,
): Promise<void> {
  if (isDeepStrictEqual({ ...client, ...registration }, client)) return;
  await createClientRegistry(db).update(operator('dev'), CLIENT_ID, registration);
}

async function registerClient(db: Database, origin: string): Promise<string> {
  const registry = createClientRegistry(db);
  const actor = operator('dev');
  if ((await registry.list()).some(({ id }) => id === CLIENT_ID))
    await registry.delete(actor, CLIENT_ID);
  const client = {
    ...registrationFor(origin),
    id: CLIENT_ID,
    tokenIssuer: null,
    tokenSubject: null,
    disabled: false,
  };
  const issued = await registry.create(actor, client, { seconds: null });
  return issued?.key.reveal() ?? '';
}

/**
 * Provisions a tenant over HTTP, as a sibling service does. Idempotent. A tenant that cannot be used
 * is left as it is: somebody may have deleted it or its organization to practise.
 */
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
  if (!response.ok && response.status !== 409)
    throw new Error(`The tenant ${tenantId} could not be provisioned: ${await response.text()}`);
}
