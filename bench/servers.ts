import { join } from 'node:path';
import { freePort } from '../src/dev/embedded-postgres.ts';
import type { Bundles } from './bundle.ts';
import type { Server } from './compare.ts';
import { WEBHOOK_SECRET } from './events.ts';
import type { FloorOptions } from './floor/handlers.ts';
import type { Parts } from './processes.ts';
import { waitUntilReady } from './start-up.ts';
import { SEALING_KEY, type World } from './world.ts';

export interface RunningServers {
  readonly gateway: Server;
  readonly floor: Server;
  readonly stock: Server;
  readonly fastify: Server;
  /** Base URL of the WorkOS stand-in, and issuer of the user tokens. */
  readonly workosUrl: string;
  readonly gatewayEnv: Readonly<Record<string, string>>;
}

export const besideThis = (file: string): string => join(import.meta.dirname, file);

/** All compared servers, on one database and one upstream. */
export async function startServers(
  files: Bundles,
  world: World,
  parts: Parts,
): Promise<RunningServers> {
  const upstream = parts.start(besideThis('upstream.ts'));
  const upstreamPort = await upstream.ask<number>('listen', { jwks: world.jwks });
  const workosUrl = `http://127.0.0.1:${upstreamPort}`;
  const options: FloorOptions = {
    databaseUrl: world.databaseUrl,
    workosUrl,
    issuer: workosUrl,
    sealingKey: SEALING_KEY,
    webhookSecret: WEBHOOK_SECRET,
  };
  const listen = async (file: string): Promise<Server> => {
    const part = parts.start(file, { env: { NODE_ENV: 'production' } });
    return { part, url: `http://127.0.0.1:${await part.ask<number>('listen', options)}` };
  };
  const gatewayEnv = envOf(world.databaseUrl, workosUrl);
  const log = join(world.directory, 'gateway.log');
  return {
    workosUrl,
    gatewayEnv,
    gateway: await startGateway(files.gateway, gatewayEnv, log, parts),
    floor: await listen(files.floor),
    stock: await listen(files.stock),
    fastify: await listen(files.fastify),
  };
}

/** @param log target of its log; undefined discards it */
export async function startGateway(
  file: string,
  env: Readonly<Record<string, string>>,
  log: string | undefined,
  parts: Parts,
): Promise<Server> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const part = parts.start(file, {
    args: ['serve'],
    env: { ...env, PORT: String(port), ADMIN_PORT: String(adminPort) },
    ...(log !== undefined && { log }),
  });
  await waitUntilReady(adminPort);
  return { part, url: `http://127.0.0.1:${port}` };
}

const envOf = (databaseUrl: string, workosUrl: string): Record<string, string> => ({
  NODE_ENV: 'test',
  HOST: '127.0.0.1',
  PUBLIC_URL: 'https://gatehouse.example.com',
  DATABASE_URL: databaseUrl,
  WORKOS_API_KEY: 'sk_bench',
  WORKOS_CLIENT_ID: 'client_bench',
  WORKOS_API_BASE_URL: workosUrl,
  WORKOS_EXTERNAL_ID_PREFIX: 'gh:bench:',
  WORKOS_WEBHOOK_SECRETS: WEBHOOK_SECRET,
  // The most that can be set: the budget is kept, and is not what the figures measure.
  WORKOS_REQUESTS_PER_MINUTE: '1000000',
  PORTAL_LINK_HOSTS: '127.0.0.1',
  USER_TOKEN_ISSUER: workosUrl,
  USER_TOKEN_AUDIENCE: 'gatehouse',
  USER_TOKEN_JWKS_URL: `${workosUrl}/jwks.json`,
  GATEHOUSE_KEYS: SEALING_KEY,
  LOG_LEVEL: 'info',
});
