/** The level of a line says who must act: error now, warn in working hours, info nobody. */
import { globSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import supertest from 'supertest';
import { Secret } from '../../../src/core/secret.ts';
import { UpstreamFailure } from '../../../src/workos/failure.ts';
import { startGateway } from '../../../src/process/gateway.ts';
import { createKeyRefusalLog } from '../../../src/process/key-refusals.ts';
import { watchDatabase } from '../../../src/process/watch-database.ts';
import { closedTcpProxy } from '../../support/tcp-proxy.ts';
import type { TestClient } from '../../support/test-app.ts';
import { useGatehouse } from '../../support/use-gatehouse.ts';
import { waitFor } from '../../support/wait-for.ts';

type Line = Readonly<Record<string, unknown>>;

const gatehouse = useGatehouse();
let client: TestClient;
let admin: string;
beforeAll(async () => {
  client = await gatehouse.createClient();
  admin = await gatehouse.userToken();
  await gatehouse.provision('acme');
});

const parsed = (texts: readonly string[]): Line[] => texts.map((text) => JSON.parse(text) as Line);
const collect = () => {
  const texts: string[] = [];
  const formatters = { level: (level: string) => ({ level }) };
  return {
    logger: pino({ formatters }, { write: (text: string) => void texts.push(text) }),
    lines: () => parsed(texts),
  };
};
const link = () =>
  gatehouse
    .as(client, admin)
    .post('/portal/generate_link')
    .send({ organization: 'acme', intent: 'sso' });
/** pino's numbers. */
const LEVELS: Readonly<Record<number, string>> = { 30: 'info', 40: 'warn', 50: 'error' };
const requestLines = (operation: string) =>
  parsed(gatehouse.logs).filter((line) => line.operation === operation);

describe('a WorkOS that refuses the key', () => {
  it('is one error that says what to check, however many requests fail', async () => {
    gatehouse.workos.fault('POST /portal/generate_link', { kind: 'status', status: 401 });

    for (let count = 0; count < 5; count += 1) await link();

    await waitFor(() => requestLines('generatePortalLink').length === 5);
    const errors = parsed(gatehouse.logs).filter(({ level }) => LEVELS[Number(level)] === 'error');
    expect(errors).toEqual([
      expect.objectContaining({
        status: 401,
        msg: 'WorkOS refuses the API key, so logins and portal links fail; check WORKOS_API_KEY',
      }),
    ]);
  });

  it('is an error again after the key was accepted meanwhile', () => {
    const { logger, lines } = collect();
    const notice = createKeyRefusalLog(logger);
    const refusal = new UpstreamFailure('status', { status: 401 });

    notice(refusal);
    notice(new UpstreamFailure('timeout'));
    notice(refusal);
    notice(undefined);
    notice(undefined);
    notice(refusal);

    expect(lines().map(({ level }) => level)).toEqual(['error', 'info', 'error']);
  });
});

describe('requests', () => {
  it.each([
    ['a caller’s mistake', 'info', () => gatehouse.as(client).get('/v1/tenants/nowhere')],
    ['a WorkOS that is away', 'warn', link],
  ])('are logged after %s as %s', async (_fault, level, send) => {
    gatehouse.workos.fault('POST /portal/generate_link', { kind: 'status', status: 503 });
    const before = gatehouse.logs.length;

    const { headers } = await send();

    const line = await waitFor(() =>
      parsed(gatehouse.logs.slice(before)).find(
        ({ request_id: id }) => id === headers['x-request-id'],
      ),
    );
    expect(LEVELS[Number(line.level)]).toBe(level);
  });
});

describe('a database that is away', () => {
  it('is named with host, port and cause while a start waits for it; requests keep their operation', async () => {
    const proxy = await closedTcpProxy();
    const url = new Secret(`postgres://gatehouse:secret-canary@127.0.0.1:${proxy.port}/gatehouse`);
    const database = { ...gatehouse.config.database, url, directUrl: url };
    const { logger, lines } = collect();
    const one = await startGateway({ ...gatehouse.config, database }, logger);

    const refused = await supertest(`http://127.0.0.1:${one.port}`).get('/v1/tenants/acme');
    const metrics = await fetch(`http://127.0.0.1:${one.adminPort}/metrics`);
    const said = (msg: string) => () => lines().find((line) => line.msg === msg);
    const waiting = await waitFor(said('waiting for the database'));
    const request = await waitFor(said('request'));
    await one.stop();

    expect(waiting).toMatchObject({
      level: 'warn',
      database: `127.0.0.1:${proxy.port}`,
      cause: 'ECONNREFUSED: nothing listens there',
    });
    expect(refused.status).toBe(503);
    expect(request).toMatchObject({
      level: 'warn',
      operation: 'getTenant',
      route: '/v1/tenants/{tenant_id}',
      code: 'dependency_unavailable',
    });
    expect(metrics.status).toBe(200);
    expect(await metrics.text()).toMatch(/^gatehouse_database_up 0$/m);
    expect(JSON.stringify(lines())).not.toContain('canary');
  });

  it('is an error once a running process has missed it twice, and told when it is back', async () => {
    const { logger, lines } = collect();
    let isAway = true;
    const db = {
      ping: () =>
        isAway
          ? Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))
          : gatehouse.database.db.ping(),
      probe: gatehouse.database.db.probe,
    };
    const seen: boolean[] = [];
    const metrics = { databaseSeen: (health?: object) => void seen.push(health !== undefined) };
    const task = watchDatabase({
      ...{ db, metrics, logger, host: 'db:5432' },
      isReady: () => true,
      onNotes: () => undefined,
    });
    const look = async () => {
      const count = seen.length;
      task.wake();
      await waitFor(() => seen.length > count);
    };
    await waitFor(() => seen.length > 0);
    const afterOne = lines().length;
    await look();
    await look();
    isAway = false;
    await look();
    await task.stop();

    expect(afterOne).toBe(0);
    expect(lines()).toEqual([
      expect.objectContaining({
        level: 'error',
        database: 'db:5432',
        cause: 'ECONNREFUSED: nothing listens there',
      }),
      expect.objectContaining({ level: 'info', msg: 'Postgres can be used again' }),
    ]);
  });
});

describe('docs/logging.md', () => {
  const sources = globSync('src/**/*.ts')
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  // The names of the level info are in code, and test/process/logging-docs.test.ts compares them.
  const [, errors = '', warnings = ''] = readFileSync('docs/logging.md', 'utf8').split(
    /^## `(?:error|warn|info)`.*$/m,
  );
  const tables = [errors, warnings];
  const messages = tables.flatMap((text) =>
    [...text.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, cell = '']) => cell),
  );
  const written = messages.filter((cell) => !/^(`msg`|-+$|request,)/.test(cell));

  it('lists lines', () => {
    expect(written.length).toBeGreaterThan(20);
  });

  it.each(written)('quotes the line “%s” as it is written', (message) => {
    const [beginning = ''] = message.split(/[;,]? …| \(/);

    expect(sources).toContain(beginning);
  });
});
