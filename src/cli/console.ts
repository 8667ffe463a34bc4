/** `gatehouse console …`: signs operators in to the console on the admin port. */
import { defaultOrigin, isOwnHost, linkTo } from '../console/address.ts';
import { makeLink, OPERATOR } from '../console/sessions.ts';
import {
  createSessionStore,
  LINK_MINUTES,
  SESSION_HOURS,
  type ListedSession,
} from '../console/session-store.ts';
import { Refused } from '../clients/registered.ts';
import { loadSetting } from '../config/config.ts';
import type { Database } from '../db/database.ts';
import { UsageError, type Arguments } from './arguments.ts';
import { runCommand, type CommandResult, type Command } from './command.ts';
import { operator, osUser } from './operator.ts';
import { table, type Terminal } from './output.ts';

interface Context {
  readonly terminal: Terminal;
  readonly db: Database;
}

/** Without a command it runs `link`. */
export async function consoleCommand(args: readonly string[], context: Context): Promise<number> {
  const [name = ''] = args;
  const run = (given: readonly string[]) => runCommand('console', COMMANDS, given, context);
  if (name !== '--help')
    return run(name === '' || name.startsWith('--') ? ['link', ...args] : args);
  await run(args);
  context.terminal.out('\nWithout a command it is link:\n');
  return run(['link', ...args]);
}

const COMMANDS: Readonly<Record<string, Command<Context>>> = {
  link: {
    summary: 'print a link that signs one browser in (default)',
    synopsis: [
      '[--as NAME] [--url ORIGIN] [--json]',
      `The link works once, within ${LINK_MINUTES} minutes; the session ends after ${SESSION_HOURS} hours. Keep the link to yourself.`,
      '--as NAME is the name in the audit trail; default: the user of the operating system.',
      '--url ORIGIN is where your browser reaches the admin port, e.g. http://localhost:9000 for a',
      'port-forward; default: CONSOLE_URL, or http://localhost:ADMIN_PORT.',
    ],
    operands: [],
    flags: { as: 'one', url: 'one' },
    run: link,
  },
  sessions: {
    summary: 'list the sessions and the links that can still be used',
    synopsis: ['[--json]'],
    operands: [],
    flags: {},
    run: sessions,
  },
  revoke: {
    summary: 'end a session, or make a link useless',
    synopsis: ['<session id> | --all [--json]'],
    operands: [],
    optionalOperand: 'session id',
    flags: { all: 'switch' },
    run: revoke,
  },
};

async function link(args: Arguments, { db }: Context): Promise<CommandResult> {
  const name = args.one('as') ?? osUser().replaceAll(/\s/g, '_');
  if (!OPERATOR.test(name))
    throw new UsageError('--as must be 1 to 64 printable ASCII characters without spaces');
  const origin = originOf(args.one('url'));
  const { id, secret, expiresAt } = await makeLink(
    createSessionStore(db),
    name,
    operator('console link'),
  );
  const url = linkTo(origin, secret.reveal());
  return {
    data: { object: 'console_link', url, session_id: id, operator: name, expires_at: expiresAt },
    text: `${url}\n`,
    note: `Open it in a browser within ${LINK_MINUTES} minutes; it works once, for ${name}.\nIn Kubernetes first: kubectl port-forward deploy/<gatehouse> ${loadSetting('ADMIN_PORT')}`,
  };
}

/** @throws UsageError for an origin that the console would not answer */
function originOf(given: string | undefined): string {
  const consoleUrl = loadSetting('CONSOLE_URL');
  if (given === undefined) return defaultOrigin(consoleUrl, loadSetting('ADMIN_PORT'));
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.href !== `${url.origin}/`)
    throw new UsageError('--url must be an origin without a path, e.g. http://localhost:8081');
  if (!isOwnHost(url.host, consoleUrl))
    throw new UsageError(
      `--url: the console answers only at localhost, at IP addresses and at CONSOLE_URL; set CONSOLE_URL=${url.origin} for the gateway as well`,
    );
  return url.origin;
}

async function sessions(_args: Arguments, { db }: Context): Promise<CommandResult> {
  const listed = await createSessionStore(db).list();
  return {
    data: { object: 'list', data: listed.map(view) },
    text:
      listed.length > 0
        ? table(
            ['id', 'operator', 'signed in', 'ends'],
            listed.map(({ id, operator: name, openedAt, expiresAt, linkExpiresAt }) => [
              ...[id, name, openedAt ?? 'not yet', expiresAt ?? linkExpiresAt],
            ]),
          )
        : '',
    note: listed.length > 0 ? undefined : 'there is no session',
  };
}

const view = ({ id, operator: name, createdAt, openedAt, expiresAt, ...one }: ListedSession) => ({
  id,
  operator: name,
  created_at: createdAt.toISOString(),
  opened_at: openedAt?.toISOString() ?? null,
  ends_at: (expiresAt ?? one.linkExpiresAt).toISOString(),
});

async function revoke(args: Arguments, { db }: Context): Promise<CommandResult> {
  const id = args.operand(0) || undefined;
  if (args.on('all') === (id !== undefined))
    throw new UsageError('give either a session id or --all');
  const ended = await createSessionStore(db).end(id, {
    actor: operator('console revoke'),
    outcome: 'succeeded',
  });
  if (id !== undefined && ended === 0)
    throw new Refused(`There is no session ${JSON.stringify(id)}; see: gatehouse console sessions`);
  return { data: { revoked: ended }, text: `${ended} ended\n` };
}
