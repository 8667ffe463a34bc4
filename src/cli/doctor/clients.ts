import { developmentKey } from '../../config/config.ts';
import { findClients, type RegisteredClient } from '../../clients/registered.ts';
import { unfitForSignIn } from '../../clients/sign-in-client.ts';
import type { Client } from '../../core/identity.ts';
import { createSecretEncryption } from '../../core/encryption.ts';
import { registeredEndpoints } from '../../maintenance/inspection-store.ts';
import { allowedOrigins } from '../../webhooks/endpoint-url.ts';
import { createSealedSecretStore } from '../../webhooks/sealed-secrets-store.ts';
import { keyUses, missingKeys } from '../../webhooks/sealing-keys.ts';
import { counted } from '../output.ts';
import { fault, ok, warning, type Check, type Finding } from './check.ts';
import { Skipped } from './skipped.ts';
import type { World } from './world.ts';

export const CLIENT_CHECKS: readonly Check[] = [
  { name: 'clients', run: checkClients },
  { name: 'sign-in client', run: checkSignInClient },
  { name: 'webhook endpoints', run: checkEndpoints },
  { name: 'GATEHOUSE_KEYS', run: checkKeys },
];

const SOON_MS = 14 * 86_400_000;

async function checkClients(world: World): Promise<Finding | Finding[]> {
  const clients = await findClients(await world.database());
  if (clients.length === 0)
    return warning('no client is registered, so nobody can call', 'Run gatehouse clients create.');
  const findings = clients
    .filter(({ disabled }) => !disabled)
    .flatMap((client) => faultOfClient(client, world));
  return findings.length > 0 ? findings : ok(`${clients.length} registered`);
}

function faultOfClient({ id, keys, ...client }: RegisteredClient, { values }: World): Finding[] {
  const live = keys.filter((key) => key.live);
  if (client.tokenIssuer !== null && client.tokenIssuer !== values.CLIENT_TOKEN_ISSUER)
    return [
      fault(
        `client ${id} has another token issuer than CLIENT_TOKEN_ISSUER, so its tokens are refused`,
        `Run gatehouse clients update ${id} --token-issuer … --token-subject …, or correct CLIENT_TOKEN_ISSUER.`,
      ),
    ];
  if (live.length === 0 && client.tokenIssuer === null)
    return [
      warning(
        `client ${id} has no valid key`,
        `Run gatehouse clients rotate-key ${id}, or disable it.`,
      ),
    ];
  const isEnding = live.length > 0 && live.every(({ expiresAt }) => isSoon(expiresAt));
  return isEnding
    ? [
        warning(
          `the last key of client ${id} expires within 14 days`,
          `Run gatehouse clients rotate-key ${id}.`,
        ),
      ]
    : [];
}

const isSoon = (at: Date | null): boolean => at !== null && at.getTime() < Date.now() + SOON_MS;

async function checkSignInClient(world: World): Promise<Finding> {
  const id = world.values.DEFAULT_SIGN_IN_CLIENT;
  if (id === undefined)
    throw new Skipped(
      'DEFAULT_SIGN_IN_CLIENT is not set: IdP-initiated logins need sign_in_client_id of the tenant',
    );
  const [client] = await findClients(await world.database(), id);
  const unfit = unfitForSignIn(client as Client | undefined);
  if (!unfit) return ok(`${id} restarts IdP-initiated logins`);
  return fault(
    `DEFAULT_SIGN_IN_CLIENT is ${id}, ${unfit.why}`,
    unfit.flags === undefined
      ? 'Run gatehouse clients list, and correct the id.'
      : `Run gatehouse clients update ${id} ${unfit.flags}.`,
  );
}

async function checkEndpoints(world: World): Promise<Finding> {
  const origins = world.values.WEBHOOK_ENDPOINT_ORIGINS ?? [];
  const isAllowed = allowedOrigins(origins);
  const endpoints = await registeredEndpoints(await world.database());
  const refused = endpoints.filter(({ endpointUrl }) => !isAllowed(new URL(endpointUrl)));
  if (refused.length === 0) return ok(`${endpoints.length} enabled, all at allowed origins`);
  const [{ clientId, endpointUrl }] = refused as [(typeof refused)[number]];
  return fault(
    `nothing is delivered to ${counted(refused.length, 'webhook endpoint')} at an origin that is not allowed, e.g. ${new URL(endpointUrl).origin} of client ${clientId}`,
    'Add the origins to WEBHOOK_ENDPOINT_ORIGINS, or have the clients delete the endpoints.',
  );
}

async function checkKeys(world: World): Promise<Finding> {
  const given = world.values.GATEHOUSE_KEYS;
  const isDerived = world.development && given === undefined;
  const keys = isDerived
    ? [developmentKey(world.setting('WORKOS_API_KEY'))]
    : world.setting('GATEHOUSE_KEYS');
  const secrets = await createSealedSecretStore(await world.database()).all();
  const uses = keyUses(keys, createSecretEncryption(keys, 'webhook'), secrets);
  const missing = missingKeys(uses);
  if (missing.length > 0)
    return fault(
      `${counted(
        missing.reduce((sum, { endpoints }) => sum + endpoints, 0),
        'secret',
      )} of webhook endpoints cannot be decrypted, for want of a key: ${missing.map(({ key }) => key).join(', ')}`,
      'Put that key back, last in GATEHOUSE_KEYS; see gatehouse keys list.',
    );
  const which = isDerived ? 'derived from WORKOS_API_KEY (development)' : `${keys.length} given`;
  return ok(`${which}; every stored secret can be decrypted`);
}
