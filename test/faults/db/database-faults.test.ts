/** Faults of a real Postgres while the service serves: what callers get, what the log says, and that it recovers. */
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { webhookRequest } from '../../../src/dev/fake-workos/events/webhook-attempts.ts';
import { describeCause } from '../../../src/core/describe-cause.ts';
import { Secret } from '../../../src/core/secret.ts';
import { openDatabase } from '../../../src/db/database.ts';
import { fromPostgres } from '../../../src/db/problems.ts';
import { RUNTIME } from '../../../src/dev/roles.ts';
import { problemHeaders, toProblem } from '../../../src/http/problem-details.ts';
import { holdLock } from '../../support/interleave.ts';
import { leaksInLogs } from '../../support/leaks.ts';
import { openLaunchPage } from '../../support/portal-calls.ts';
import {
  authorizePath,
  connect,
  createBrowser,
  grant,
  login,
  REDIRECT_URI,
  signIn,
} from '../../support/sign-in.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';
import { waitFor } from '../../support/wait-for.ts';
import { workosEvent } from '../../support/workos-events.ts';

const SECRET = 'secret-of-database-faults';
const gatehouse = useGatehouse({ env: { WORKOS_WEBHOOK_SECRETS: SECRET } });
let client: TestClient;
let userToken: string;
beforeAll(async () => {
  client = await gatehouse.createClient({ redirectUris: [REDIRECT_URI] });
  await gatehouse.provision('acme');
  await connect(gatehouse, 'acme');
  userToken = await gatehouse.userToken();
});

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}
type Call = () => Promise<Answer>;

const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
  const response = await fetch(gatehouse.url + path, { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
};
const api = (method: string, path: string, body?: object): Promise<Answer> =>
  send(path, {
    method,
    headers: {
      authorization: `Bearer ${client.key}`,
      'gatehouse-user-token': userToken,
      'content-type': 'application/json',
    },
    ...(body && { body: JSON.stringify(body) }),
  });
let made = 0;

/** Prepares a call of each route before the fault; the same call must succeed after it. */
const ROUTES: Readonly<Record<string, () => Call | Promise<Call>>> = {
  'read a tenant': () => () => api('GET', '/v1/tenants/acme'),
  'change a tenant': () => {
    const name = `Acme ${(made += 1)}`;
    return () => api('PATCH', '/v1/tenants/acme', { name });
  },
  'create a portal link': () => () =>
    api('POST', '/portal/generate_link', { organization: 'acme', intent: 'sso' }),
  'open the launch page': async () => {
    const { text } = await api('POST', '/v1/portal-launches', { tenant_id: 'acme', intent: 'sso' });
    const { url } = JSON.parse(text) as { url: string };
    const query = Object.fromEntries(new URL(url).searchParams);
    return async () => {
      const { status, headers, text: html } = await openLaunchPage(gatehouse.url, query);
      return { status, retryAfter: headers['retry-after'] ?? null, text: html };
    };
  },
  authorize: () => () => send(authorizePath(client)),
  'come back from the login': async () => {
    const { browser, back } = await login(gatehouse, client);
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
    return () => send(back.pathname + back.search, { headers: { cookie } });
  },
  'exchange a code': async () => {
    const { code } = await signIn(gatehouse, client, { browser: createBrowser(gatehouse) });
    return () =>
      send('/sso/token', { method: 'POST', body: new URLSearchParams(grant(client, code)) });
  },
  'list events': () => () => api('GET', '/events?events=connection.activated'),
  'take in a webhook': () => {
    const { body, headers } = webhookRequest(
      workosEvent('connection.activated', { object: 'connection', id: `conn_${(made += 1)}` }),
      SECRET,
    );
    return () => send('/webhooks/workos', { method: 'POST', headers, body });
  },
};
/** It needs nothing of the database but the client, which is cached for a second. */
const CACHED = 'come back from the login';
const ALL = Object.keys(ROUTES);
const WRITES = [
  'change a tenant',
  'create a portal link',
  'open the launch page',
  'exchange a code',
  'take in a webhook',
];

const TABLES = 'clients, client_keys, tenants, it_admins, events, portal_launches, spent_codes';

/** Statements of an administrator, on another database of the cluster. */
async function asAdministrator(statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: process.env.TEST_SUPERUSER_URL });
  await admin.connect();
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
}
const databaseName = () => new URL(gatehouse.database.url).pathname.slice(1);
const killSessions = (waiting = false) =>
  gatehouse.database.superuser(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where datname = current_database() and usename = $1 and ($2 is false or wait_event_type = 'Lock')`,
    [RUNTIME, waiting],
  );
const alterDatabase = async (what: string): Promise<void> => {
  await asAdministrator(`alter database ${databaseName()} ${what}`);
  await killSessions();
};
/** What replicas remember of clients and tenants is forgotten. */
const forget = () => gatehouse.database.superuser(`select pg_notify('gatehouse', 'tenants')`);

const lockTables = () =>
  holdLock(
    { url: gatehouse.database.superuserUrl },
    `lock table ${TABLES} in access exclusive mode`,
  );

interface Fault {
  readonly routes: readonly string[];
  readonly status: number;
  readonly codes: RegExp;
  /** What the log names. */
  readonly cause: RegExp;
  /** @returns what ends the fault */
  begin(): Promise<() => Promise<unknown>>;
  /** Called while the calls are under way. */
  meanwhile?(): Promise<unknown>;
}

/** Every write to these tables fails with this SQLSTATE. */
const failingWrites =
  (sqlState: string): Fault['begin'] =>
  async () => {
    const tables = TABLES.split(', ').concat('audit_trail');
    await gatehouse.database.superuser(`create or replace function fail_write() returns trigger
    language plpgsql as $$ begin raise exception 'no' using errcode = '${sqlState}'; end $$`);
    for (const table of tables)
      await gatehouse.database
        .superuser(`create trigger fail_write before insert or update on ${table}
      for each statement execute function fail_write()`);
    return () => gatehouse.database.superuser('drop function fail_write cascade');
  };

/** Codes of problems, and headings of pages. */
const UNAVAILABLE = /"dependency_unavailable"|This is not available right now/;
const TIMEOUT = /"dependency_(timeout|unavailable)"|This is not available right now/;
const READ_ONLY = /"dependency_read_only"|This is not available right now/;
const INTERNAL = /"internal"|Something went wrong on our side/;

const FAULTS: Readonly<Record<string, Fault>> = {
  'a session killed in the middle of a statement (57P01)': {
    routes: ALL,
    status: 503,
    codes: UNAVAILABLE,
    cause: /57P01|ECONNRESET|Connection terminated/,
    async begin() {
      const lock = await lockTables();
      return () => lock.release();
    },
    async meanwhile() {
      const timer = setInterval(() => void killSessions(true).catch(() => undefined), 100);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      clearInterval(timer);
    },
  },
  'a read-only database (25006)': {
    routes: WRITES,
    status: 503,
    codes: READ_ONLY,
    cause: /25006/,
    async begin() {
      await alterDatabase('set default_transaction_read_only = on');
      return () => alterDatabase('reset default_transaction_read_only');
    },
  },
  'no connection left (53300)': {
    routes: ALL,
    status: 503,
    codes: UNAVAILABLE,
    cause: /DatabaseUnreachable No session of 127\.0\.0\.1:\d+ could be opened \(53300/,
    async begin() {
      await alterDatabase('connection limit 0');
      await forget();
      return () => alterDatabase('connection limit -1');
    },
  },
  'a full disk (53100)': {
    routes: WRITES,
    status: 503,
    codes: UNAVAILABLE,
    cause: /53100/,
    begin: failingWrites('53100'),
  },
  'a deadlock that comes again (40P01)': {
    routes: WRITES,
    status: 503,
    codes: UNAVAILABLE,
    cause: /40P01/,
    begin: failingWrites('40P01'),
  },
  'a transaction that Postgres ended for its age (25P04)': {
    routes: WRITES,
    status: 503,
    codes: TIMEOUT,
    cause: /25P04/,
    begin: failingWrites('25P04'),
  },
  'a lock held too long (57014)': {
    routes: ALL,
    status: 503,
    codes: TIMEOUT,
    cause: /57014|timeout/,
    async begin() {
      const lock = await lockTables();
      await forget();
      return () => lock.release();
    },
  },
  'a lock timeout (55P03)': {
    routes: ALL,
    status: 503,
    codes: TIMEOUT,
    cause: /55P03/,
    async begin() {
      await alterDatabase(`set lock_timeout = '200ms'`);
      const lock = await lockTables();
      await forget();
      return async () => {
        await lock.release();
        await alterDatabase('reset lock_timeout');
      };
    },
  },
  'missing rights (42501)': {
    routes: ALL,
    status: 503,
    codes: UNAVAILABLE,
    cause: /42501/,
    async begin() {
      await gatehouse.database.superuser(`revoke all on ${TABLES} from ${RUNTIME}`);
      await forget();
      return () =>
        gatehouse.database.superuser(
          `grant select, insert, update, delete on ${TABLES} to ${RUNTIME}`,
        );
    },
  },
  'missing tables (42P01)': {
    routes: ALL,
    status: 500,
    codes: INTERNAL,
    cause: /42P01/,
    async begin() {
      const rename = (from: string, to: string) =>
        gatehouse.database.superuser(
          TABLES.split(', ')
            .map((table) => `alter table ${from}${table} rename to ${to}${table}`)
            .join(';'),
        );
      await rename('', 'gone_');
      await forget();
      return () => rename('gone_', '');
    },
  },
};

/** The code of a problem, or the heading of a page. */
const titleOf = (text: string): string =>
  /"code":"(\w+)"/.exec(text)?.[1] ?? /<h1>(.*?)<\/h1>/.exec(text)?.[1] ?? text.slice(0, 100);

let end: () => Promise<unknown> = () => Promise.resolve();
afterEach(() => end());

describe.each(Object.entries(FAULTS))('%s', (_name, fault) => {
  it('is answered with its own status on every route, named in the log, and ends with its cause', async () => {
    const calls = await Promise.all(
      fault.routes.map(async (route) => [route, await ROUTES[route]?.()] as const),
    );
    const before = gatehouse.logs.length;
    const ending = await fault.begin();
    end = async () => {
      end = () => Promise.resolve();
      await ending();
    };

    const [answers] = await Promise.all([
      Promise.all(calls.map(async ([route, call]) => [route, await call?.()] as const)),
      fault.meanwhile?.(),
    ]);
    await end();

    const lines = gatehouse.logs
      .slice(before)
      .filter(
        (line) => line.includes('"msg":"request"') && line.includes(`"status":${fault.status}`),
      );
    const told = answers
      .filter(([route, answer]) => route !== CACHED || answer?.status !== 302)
      .map(([route, answer]) => [
        ...[route, answer?.status, answer?.retryAfter != null],
        fault.codes.exec(answer?.text ?? '')?.[0] ?? `another: ${titleOf(answer?.text ?? '')}`,
      ]);
    expect(told).toEqual(
      told.map(([route]) => [
        ...[route, fault.status, fault.status === 503],
        expect.stringMatching(fault.codes),
      ]),
    );
    expect(lines.length).toBeGreaterThanOrEqual(told.length);
    for (const line of lines)
      expect((JSON.parse(line) as { cause?: string }).cause).toMatch(fault.cause);
    expect(gatehouse.logs.filter((line) => /postgres(ql)?:\/\//.test(line))).toEqual([]);
    expect(leaksInLogs(gatehouse, [client.key, userToken, SECRET])).toEqual([]);
    for (const [route, call] of calls)
      await waitFor(async () => ((await call?.())?.status ?? 500) < 400, {
        withinMs: 10_000,
        what: `${route} to work again`,
      });
  });
});

/** What is different in the URL, and what the log names. */
const UNOPENED: readonly (readonly [string, Partial<URL>, string])[] = [
  ['the server offers no TLS', { search: '?sslmode=verify-full' }, 'TLS'],
  ['the host does not resolve', { hostname: 'no-such-host.invalid' }, 'E'],
  ['nothing listens on the port', { port: '9' }, 'ECONNREFUSED'],
  ['the database is unknown', { pathname: '/no-such-database' }, '3D000'],
];

describe.each(UNOPENED)('a session that cannot be opened because %s', (_name, change, named) => {
  it('is a 503 to the caller, and in the log code and host without the URL', async () => {
    const url = new URL(gatehouse.database.url);
    Object.assign(url, { password: 'password-of-the-test', ...change });
    const db = openDatabase({ url: new Secret(url.href), max: 1 });

    const error: unknown = await db.query('select 1').catch((thrown: unknown) => thrown);
    await db.close();

    const problem = toProblem(error, [fromPostgres]);
    const cause = describeCause(problem.cause);
    expect([problem.slug, problemHeaders(problem)]).toEqual([
      'dependency-unavailable',
      { 'retry-after': '2' },
    ]);
    expect(cause).toContain(`No session of ${url.hostname}:${url.port} could be opened (`);
    expect(cause).toContain(named);
    expect(cause).not.toMatch(/password-of-the-test|postgres:\/\//);
  });
});
