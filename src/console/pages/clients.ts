import type { RegisteredClient, RegisteredKey } from '../../clients/registered.ts';
import { SCOPES } from '../../core/identity.ts';
import { ClientId } from '../../core/wire-ids.ts';
import type { ConsolePage } from '../page.ts';
import { relativeTime } from '../times.ts';
import { withQuery } from '../paths.ts';
import type { Cell, Section, View } from '../view.ts';
import { clientCell } from '../links.ts';

export interface ClientsDeps {
  /** @param id only this client; default: all */
  readonly find: (id?: string) => Promise<readonly RegisteredClient[]>;
}

/** All clients. Only the command line registers them, so there are not many. */
export const clientsPage = ({ find }: ClientsDeps): ConsolePage => ({
  path: '/clients',
  name: 'clients',
  async show() {
    const clients = await find();
    return {
      title: 'Clients',
      sections: [
        {
          lead: 'The services that call Gatehouse. `gatehouse clients` registers them and changes their rights and keys.',
          table: {
            caption: 'Clients',
            columns: ['Client', 'Name', 'Tenants', 'Scopes', 'Last use', 'State'],
            rows: clients.map((client) => [
              clientCell(client.id),
              client.name,
              client.tenants.length > 3 ? `${client.tenants.length} rules` : tenantsOf(client),
              scopesCell(client.scopes),
              { at: lastUseOf(client) },
              stateCell(client),
            ]),
            empty: 'No client is registered. `gatehouse clients create` registers one.',
          },
        },
      ],
    };
  },
});

/** One client: what it may do, its addresses and its keys, which are shown by their ids only. */
export const clientPage = ({ find }: ClientsDeps): ConsolePage => ({
  path: '/clients/:id',
  name: 'client',
  async show({ id, now }) {
    const [client] = ClientId.safeParse(id).success ? await find(id) : [];
    return client && view(client, now);
  },
});

const view = (client: RegisteredClient, now: Date): View => ({
  kind: `Client ${client.id}`,
  title: client.name,
  sections: [rights(client), addresses(client), keys(client.keys, now)],
});

const rights = (client: RegisteredClient): Section => ({
  facts: [
    ['State', stateCell(client)],
    ['Tenants', tenantsOf(client)],
    ['Last use of a key', { at: lastUseOf(client) }],
    ['Registered', { at: client.createdAt }],
    ['Changed', { at: client.updatedAt }],
    ['Scopes', client.scopes.map((scope) => ({ code: scope }))],
  ],
  links: [
    { to: withQuery('/audit', { client: client.id }), text: 'What it did' },
    { to: withQuery('/deliveries', { client: client.id }), text: 'Its deliveries' },
  ],
});

const tenantsOf = ({ tenants }: RegisteredClient): readonly Cell[] =>
  tenants.map((rule) => (rule === '*' ? 'every tenant' : code(rule)));

const addresses = (client: RegisteredClient): Section => ({
  title: 'Addresses',
  facts: [
    ['Redirect URIs', client.redirectUris.map(code)],
    ['Return origins', client.returnOrigins.map(code)],
    ['Sign-in page', client.initiateLoginUri === null ? null : code(client.initiateLoginUri)],
    ['Token issuer', client.tokenIssuer === null ? null : code(client.tokenIssuer)],
    ['Token subject', client.tokenSubject === null ? null : code(client.tokenSubject)],
  ],
});

const keys = (all: readonly RegisteredKey[], now: Date): Section => ({
  title: 'Keys',
  lead: 'Only the beginning of a key is known here; the rest is known to the client alone.',
  table: {
    caption: 'API keys of the client',
    columns: ['Key', 'State', 'Age', 'Last use', 'Expires'],
    rows: all.map((key) => [
      code(`gh_${key.id}_…`),
      keyState(key),
      relativeTime(key.createdAt, now).replace(/ ago$/, ''),
      { at: key.lastUsedAt },
      { at: key.expiresAt },
    ]),
    empty: 'It has no key; it may sign in with tokens of its issuer.',
  },
});

const scopesCell = (scopes: readonly string[]): Cell => {
  if (SCOPES.every((scope) => scopes.includes(scope))) return 'every scope';
  return scopes.length > 3 ? `${scopes.length} of ${SCOPES.length}` : scopes.map(code);
};

const code = (text: string): Cell => ({ code: text });

const stateCell = ({ disabled }: RegisteredClient): Cell =>
  disabled ? { state: 'bad', text: 'disabled' } : { state: 'good', text: 'enabled' };

const keyState = ({ live, revokedAt }: RegisteredKey): Cell => {
  if (live) return { state: 'good', text: 'in use' };
  return { state: 'plain', text: revokedAt ? 'revoked' : 'expired' };
};

const lastUseOf = ({ keys: all }: RegisteredClient): Date | null =>
  all.reduce<Date | null>(
    (latest, { lastUsedAt }) =>
      lastUsedAt && (latest === null || lastUsedAt > latest) ? lastUsedAt : latest,
    null,
  );
