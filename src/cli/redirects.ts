import { RedirectUri } from '../clients/addresses.ts';
import { findClients, type RegisteredClient } from '../clients/registered.ts';
import { issueText } from '../core/issue-texts.ts';
import { closest } from '../core/near-miss.ts';
import { isRegisteredRedirect } from '../core/redirect-uri.ts';
import type { Client } from '../core/identity.ts';
import type { Database } from '../db/database.ts';
import type { Arguments } from './arguments.ts';
import { runCommand, type CommandResult, type Commands } from './command.ts';
import { tryRedirectUri } from './doctor/redirects.ts';
import { Skipped } from './doctor/skipped.ts';
import { openWorld, type World } from './doctor/world.ts';
import type { Terminal } from './output.ts';

interface Context {
  readonly terminal: Terminal;
  readonly db: Database;
}

/** `gatehouse redirects …` */
export const redirectsCommand = (args: readonly string[], context: Context): Promise<number> =>
  runCommand('redirects', COMMANDS, args, context);

const COMMANDS: Commands<Context> = {
  test: {
    summary: 'say whether a redirect URI is accepted, for which clients, and why not',
    synopsis: [
      'URL [--json]',
      'Clients’ redirect URIs are compared by Gatehouse. WorkOS knows only Gatehouse’s own, PUBLIC_URL/sso/callback,',
      'which is tried there. Exit code 0 if a client may sign users in with this URL, else 1.',
    ],
    operands: ['URL'],
    flags: {},
    run: test,
  },
};

async function test(args: Arguments, { db }: Context): Promise<CommandResult> {
  const uri = args.operand(0);
  const world = openWorld();
  const [own, answer] = await atWorkos(world);
  const isOwn = uri === own;
  const clients = await findClients(db);
  const registered = clients.filter((client) => isRegisteredRedirect(client as Client, uri));
  const usable = registered.filter((client) => faultOf(client) === undefined);
  const problems = isOwn ? [] : problemsOf(uri, world.development, { clients, registered });
  const accepted = isOwn ? answer.accepted === true : usable.length > 0;
  return {
    data: {
      redirect_uri: uri,
      accepted,
      clients: usable.map(({ id }) => id),
      problems,
      workos: { redirect_uri: own, ...answer },
    },
    text: [
      ...(usable.length > 0 ? [`accepted for ${usable.map(({ id }) => id).join(', ')}`] : []),
      ...problems.map((problem) => `not accepted: ${problem}`),
      `WorkOS: ${own} ${answer.says}`,
      '',
    ].join('\n'),
    code: accepted ? 0 : 1,
  };
}

interface Registrations {
  readonly clients: readonly RegisteredClient[];
  /** Those that have registered the URL. */
  readonly registered: readonly RegisteredClient[];
}

function problemsOf(
  uri: string,
  development: boolean,
  { clients, registered }: Registrations,
): string[] {
  const faults = faultsOf(uri, development);
  const remedy =
    faults.length > 0
      ? ''
      : '; gatehouse clients update ID --redirect-uri … registers it (give the whole list)';
  return [
    ...faults,
    ...registered.flatMap((client) => faultOf(client) ?? []),
    ...(registered.length === 0 ? [`${notRegistered(uri, clients)}${remedy}`] : []),
  ];
}

/** Tries Gatehouse's own redirect URI at WorkOS. */
async function atWorkos(
  world: World,
): Promise<[own: string, answer: { accepted: boolean | null; says: string }]> {
  try {
    const own = `${new URL(world.setting('PUBLIC_URL')).origin}/sso/callback`;
    const answer = await tryRedirectUri(world, own);
    if (answer.accepted) return [own, { accepted: true, says: 'is accepted' }];
    const says = {
      client: 'cannot be tried: WorkOS does not know WORKOS_CLIENT_ID',
      'redirect-uri': 'is not registered; add it in WorkOS’s dashboard (Redirects)',
      unknown: `was answered with ${answer.says}; see WorkOS’s dashboard (Redirects)`,
    }[answer.why];
    return [own, { accepted: false, says }];
  } catch (error) {
    if (!(error instanceof Skipped)) throw error;
    return [
      'PUBLIC_URL/sso/callback',
      { accepted: null, says: `could not be tried: ${error.message}` },
    ];
  }
}

/** Returns the reasons for which registration would refuse the URL. */
const faultsOf = (uri: string, development: boolean): string[] =>
  RedirectUri(development)
    .safeParse(uri, { error: issueText })
    .error?.issues.map(({ message }) => message) ?? [];

function faultOf({ id, disabled, scopes }: RegisteredClient): string | undefined {
  if (disabled) return `client ${id} is disabled: gatehouse clients update ${id} --disabled false`;
  return scopes.includes('sso:login')
    ? undefined
    : `client ${id} lacks the scope sso:login: gatehouse clients update ${id} --scopes ${[...scopes, 'sso:login'].join(',')}`;
}

function notRegistered(uri: string, clients: readonly RegisteredClient[]): string {
  const known = clients.flatMap(({ redirectUris }) => redirectUris);
  const near = closest(uri, known, Math.max(8, Math.floor(uri.length / 3)));
  const owner = clients.find(({ redirectUris }) => redirectUris.includes(near ?? ''));
  if (near === undefined || !owner) return 'no client has registered it';
  return `no client has registered it; the nearest is ${near} of client ${owner.id}, which differs in its ${differences(uri, near)}. They are compared exactly, except for the port of a loopback address (RFC 8252)`;
}

const PARTS = ['protocol', 'hostname', 'port', 'pathname', 'search', 'hash'] as const;
const NAMES = {
  protocol: 'scheme',
  hostname: 'host',
  port: 'port',
  pathname: 'path',
  search: 'query',
  hash: 'fragment',
};

function differences(one: string, other: string): string {
  const [a, b] = [URL.parse(one), URL.parse(other)];
  const parts = PARTS.filter((part) => a?.[part] !== b?.[part]).map((part) => NAMES[part]);
  return parts.length > 0 ? parts.join(', ') : 'spelling';
}
