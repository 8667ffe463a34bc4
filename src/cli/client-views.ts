import type { RegisteredClient, RegisteredKey } from '../clients/registered.ts';
import type { IssuedKey } from '../clients/registry.ts';
import type { CommandResult } from './command.ts';
import { record, table } from './output.ts';

/** How the command line shows clients. */

export const clientsView = (clients: readonly RegisteredClient[]): CommandResult => ({
  data: { object: 'list', data: clients.map(clientData) },
  text: clients.length > 0 ? `${clientTable(clients)}\n${keyTable(clients)}` : '',
  note: clients.length > 0 ? undefined : 'No clients yet; see: gatehouse clients create --help',
});

export const clientView = (client: RegisteredClient): CommandResult => ({
  data: clientData(client),
  text: `${clientRecord(client)}\n${keyTable([client])}`,
  note: canCall(client) ? undefined : `Client "${client.id}" cannot call now.`,
});

export function issuedView(id: string, issued: IssuedKey): CommandResult {
  const { id: keyId, expiresAt } = issued;
  const key = issued.key.reveal();
  return {
    data: { id, key, key_id: keyId, expires_at: expiresAt },
    text: record({ client: id, key, 'key id': keyId, expires: expiresAt }),
    note: 'Store the key now: it is shown only once.',
  };
}

/** Has the same members as `issuedView`, so that a script can rely on them. */
export const keylessView = (id: string): CommandResult => ({
  data: { id, key: null, key_id: null, expires_at: null },
  text: record({ client: id, key: null }),
});

const canCall = ({ disabled, keys, tokenSubject }: RegisteredClient): boolean =>
  !disabled && (tokenSubject !== null || keys.some(({ live }) => live));

const clientData = ({ keys, ...client }: RegisteredClient) => ({
  id: client.id,
  name: client.name,
  scopes: client.scopes,
  tenants: client.tenants,
  redirect_uris: client.redirectUris,
  return_origins: client.returnOrigins,
  initiate_login_uri: client.initiateLoginUri,
  token_issuer: client.tokenIssuer,
  token_subject: client.tokenSubject,
  disabled: client.disabled,
  created_at: client.createdAt,
  updated_at: client.updatedAt,
  keys: keys.map(keyData),
});

const keyData = (key: RegisteredKey) => ({
  id: key.id,
  live: key.live,
  created_at: key.createdAt,
  expires_at: key.expiresAt,
  last_used_at: key.lastUsedAt,
  revoked_at: key.revokedAt,
});

const clientTable = (clients: readonly RegisteredClient[]): string =>
  table(
    ['CLIENT', 'NAME', 'STATE', 'KEYS', 'TOKENS', 'TENANTS', 'SCOPES'],
    clients.map((client) => [
      client.id,
      client.name,
      stateOf(client),
      client.keys.filter(({ live }) => live).length,
      client.tokenSubject !== null,
      client.tenants,
      client.scopes,
    ]),
  );

const keyTable = (clients: readonly RegisteredClient[]): string =>
  table(
    ['CLIENT', 'KEY', 'LIVE', 'CREATED', 'EXPIRES', 'LAST USED', 'REVOKED'],
    clients.flatMap(({ id, keys }) =>
      keys.map((key) => [
        id,
        key.id,
        key.live,
        key.createdAt,
        key.expiresAt,
        key.lastUsedAt,
        key.revokedAt,
      ]),
    ),
  );

const clientRecord = (client: RegisteredClient): string =>
  record({
    client: client.id,
    name: client.name,
    state: stateOf(client),
    scopes: client.scopes,
    tenants: client.tenants,
    'redirect URIs': client.redirectUris,
    'return origins': client.returnOrigins,
    'initiate login URI': client.initiateLoginUri,
    'token issuer': client.tokenIssuer,
    'token subject': client.tokenSubject,
    created: client.createdAt,
    updated: client.updatedAt,
  });

const stateOf = ({ disabled }: RegisteredClient): string => (disabled ? 'disabled' : 'enabled');
