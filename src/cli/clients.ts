import { Refused } from '../clients/registered.ts';
import { createClientRegistry, type ClientRegistry } from '../clients/registry.ts';
import type { Database } from '../db/database.ts';
import { SCOPES } from '../core/identity.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { CLIENT_FLAGS, clientChangeFrom, keyLifeFrom, newClientFrom } from './client-flags.ts';
import { clientsView, clientView, issuedView, keylessView } from './client-views.ts';
import { runCommand, type CommandResult, type Command } from './command.ts';
import { operator } from './operator.ts';
import { inLines, type Terminal } from './output.ts';

interface Context {
  readonly terminal: Terminal;
  readonly registry: ClientRegistry;
  readonly db: Database;
  readonly development: boolean;
}

/** `gatehouse clients …`, the only way to register a client or change its rights. */
export const clientsCommand = (
  args: readonly string[],
  service: {
    readonly db: Database;
    readonly terminal: Terminal;
    readonly development: boolean;
  },
): Promise<number> =>
  runCommand('clients', COMMANDS, args, {
    terminal: service.terminal,
    get development() {
      return service.development;
    },
    get db() {
      return service.db;
    },
    get registry() {
      return createClientRegistry(service.db);
    },
  });

const FIELDS = [
  '[--redirect-uri U]… [--return-origin O]… [--initiate-login-uri U]',
  '[--token-issuer I --token-subject S]',
];

const COMMANDS: Readonly<Record<string, Command<Context>>> = {
  create: {
    summary: 'register a client and print its key, once',
    synopsis: [
      "--name N --scopes a,b --tenants '*'|a,b-* [--id ID]",
      ...FIELDS,
      '[--expires-in 30d|12h|90m | --no-key] [--json]',
      'The key is valid until it is revoked, or for --expires-in. --no-key is for a service with workload tokens',
      '(--token-issuer, --token-subject). The id is made of the name, if --id is not given. Scopes; openapi.yaml names',
      'that of each operation:',
      ...inLines(SCOPES, 110),
    ],
    operands: [],
    flags: { ...CLIENT_FLAGS, id: 'one', 'expires-in': 'one', 'no-key': 'switch' },
    run: create,
  },
  list: {
    summary: 'list clients and their keys; with an id, show one in full',
    synopsis: ['[ID] [--json]'],
    operands: [],
    optionalOperand: 'ID',
    flags: {},
    run: list,
  },
  explain: {
    summary: 'say whether it may call an operation for a tenant, condition by condition',
    synopsis: [
      'ID OPERATION [TENANT] [--user USER [--roles a,b]] [--json]',
      'OPERATION is an operationId of gatehouse openapi, e.g. generatePortalLink. --user is the acting user of the',
      'request. Exit code 0 if it is allowed, else 1.',
    ],
    operands: ['ID', 'OPERATION'],
    optionalOperand: 'TENANT',
    flags: { user: 'one', roles: 'many' },
    async run(args, { db }) {
      const { explain } = await import('./explain.ts');
      return explain(args, db);
    },
  },
  update: {
    summary: 'change the given fields, e.g. the scopes',
    synopsis: [
      "ID [--name N] [--scopes a,b] [--tenants '*'|a,b-*]",
      ...FIELDS,
      '[--disabled true|false] [--json]',
      "A list replaces the whole list; '' empties it. clients create --help lists the scopes.",
    ],
    operands: ['ID'],
    flags: { ...CLIENT_FLAGS, disabled: 'one' },
    run: async (args, { registry, development }) => {
      const change = clientChangeFrom(args, development);
      return clientView(await registry.update(operator('clients update'), args.operand(0), change));
    },
  },
  disable: {
    summary: 'refuse its requests; undo with update ID --disabled false',
    synopsis: ['ID [--json]'],
    operands: ['ID'],
    flags: {},
    run: async (args, { registry }) => {
      const actor = operator('clients disable');
      return clientView(await registry.update(actor, args.operand(0), { disabled: true }));
    },
  },
  delete: {
    summary: 'delete a client and its keys permanently',
    synopsis: ['ID [--yes] [--json]'],
    operands: ['ID'],
    flags: { yes: 'switch' },
    run: remove,
  },
  'rotate-key': {
    summary: 'add a second key and print it once; the first stays valid',
    synopsis: ['ID [--expires-in 30d|12h|90m] [--json]'],
    operands: ['ID'],
    flags: { 'expires-in': 'one' },
    run: async (args, { registry }) => {
      const [id, life] = [args.operand(0), keyLifeFrom(args)];
      return issuedView(id, await registry.rotateKey(operator('clients rotate-key'), id, life));
    },
  },
  'revoke-key': {
    summary: 'revoke one key',
    synopsis: ['ID KEYID [--json]'],
    operands: ['ID', 'KEYID'],
    flags: {},
    run: async (args, { registry }) => {
      const actor = operator('clients revoke-key');
      return clientView(await registry.revokeKey(actor, args.operand(0), args.operand(1)));
    },
  },
};

async function create(args: Arguments, { registry, development }: Context): Promise<CommandResult> {
  const client = newClientFrom(args, development);
  const life = keyLifeFrom(args);
  const keyless = args.on('no-key');
  if (keyless && life.seconds !== null)
    throw new UsageError('--expires-in and --no-key exclude each other');
  const key = keyless ? undefined : life;
  const issued = await registry.create(operator('clients create'), client, key);
  return issued ? issuedView(client.id, issued) : keylessView(client.id);
}

async function list(args: Arguments, { registry }: Context): Promise<CommandResult> {
  const [id] = args.operands;
  if (id === undefined) return clientsView(await registry.list());
  const client = await registry.get(id);
  return { ...clientView(client), data: clientsView([client]).data };
}

async function remove(args: Arguments, { registry, terminal }: Context): Promise<CommandResult> {
  const id = args.operand(0);
  const { name, keys } = await registry.get(id);
  if (!args.on('yes'))
    await confirm(terminal, `Delete client "${id}" (${name}) and ${keys.length} key(s)?`, id);
  await registry.delete(operator('clients delete'), id);
  return { data: { id, deleted: true }, text: `Deleted client "${id}".\n` };
}

async function confirm(terminal: Terminal, question: string, word: string): Promise<void> {
  if (!terminal.attended)
    throw new UsageError('not confirmed, because there is no terminal; add --yes');
  const answer = await terminal.ask(`${question} Type ${word} to confirm: `);
  if (answer !== word) throw new Refused('not confirmed; nothing was deleted');
}
