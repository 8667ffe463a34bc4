import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { developmentHost, developmentPorts, loadConfig, loadSetting } from '../config/config.ts';
import { openDatabase } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { startGateway } from '../process/gateway.ts';
import { createLogger } from '../process/logger.ts';
import { Secret } from '../core/secret.ts';
import { startWorker } from '../process/worker.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { startInbox } from './inbox/inbox.ts';
import { PEOPLE } from './product/people.ts';
import { startProduct } from './product/product.ts';
import { createDatabase, createRoles, RUNTIME } from './roles.ts';
import { saveSettings } from './running-settings.ts';
import { CLIENT_ID, provisionTenant, ensureClientKey } from './seeds.ts';
import { startWorkos } from './workos.ts';

export interface Development {
  readonly url: string;
  readonly adminUrl: string;
  /** The worker's admin port. */
  readonly workerUrl: string;
  readonly productUrl: string;
  readonly workosUrl: string;
  readonly key: string;
  stop(): Promise<void>;
}

type Ports = ReturnType<typeof developmentPorts>;

const HOST = '127.0.0.1';

/**
 * Starts Postgres, the fake WorkOS, the demo product and Gatehouse in one process, with all data in `directory`.
 *
 * @param more settings of Gatehouse, as in the environment
 */
export async function startDevelopment(
  directory: string,
  progress: (step: string) => void,
  ports: Ports = developmentPorts(),
  more: Readonly<Record<string, string>> = {},
): Promise<Development> {
  const stops: (() => Promise<void>)[] = [];
  // Stop in reverse order: later parts depend on earlier ones.
  const stop = async () => {
    for (const stopPart of stops.toReversed()) await stopPart();
  };
  try {
    return { ...(await start({ directory, ports, progress, stops, more })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Starting {
  readonly directory: string;
  readonly ports: Ports;
  readonly progress: (step: string) => void;
  readonly stops: (() => Promise<void>)[];
  readonly more: Readonly<Record<string, string>>;
}

const originOf = (port: number): string => `http://${HOST}:${port}`;

async function start({ directory, ports, progress, stops, more }: Starting) {
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const url = originOf(ports.gatehouse);
  const host = developmentHost();

  progress('Starting the fake WorkOS…');
  const workos = await startWorkos({ port: ports.workos, host, directory, gatehouseUrl: url });
  stops.push(() => workos.stop());

  progress('Starting Postgres…');
  const postgres = await startEmbeddedPostgres(join(directory, 'postgres'));
  stops.push(() => postgres.stop());
  await createRoles(postgres.superuserUrl);
  const { ownerUrl, runtimeUrl } = await createDatabase(postgres.superuserUrl, 'gatehouse');
  await migrate(new Secret(ownerUrl), RUNTIME);

  progress('Starting the demo product…');
  const inbox = await startInbox(HOST);
  stops.push(() => inbox.stop());
  const key = await demoClientKey(runtimeUrl, directory, originOf(ports.product));
  const product = await startProduct({
    port: ports.product,
    host,
    url: originOf(ports.product),
    gatehouseUrl: url,
    clientId: CLIENT_ID,
    clientKey: () => key,
    keyDirectory: directory,
    people: PEOPLE,
    mails: inbox.messages,
  });
  stops.push(() => product.stop());

  progress('Starting Gatehouse…');
  const settings = {
    ...settingsFor({ ports, host, runtimeUrl, workos, product, mailPort: inbox.port }),
    ...givenKeys(),
    ...more,
  };
  const config = loadConfig(settings);
  const gatehouse = await startGateway(config, createLogger(config));
  stops.push(() => gatehouse.stop());
  await gatehouse.ready;
  const worker = await startWorker({ ...config, adminPort: 0 }, createLogger(config));
  stops.push(() => worker.stop());
  await worker.ready;
  await provisionTenant(url, key, 'acme', 'Acme');
  const removeSettings = saveSettings(directory, { ...settings, DATABASE_MIGRATION_URL: ownerUrl });
  stops.push(() => {
    removeSettings();
    return Promise.resolve();
  });
  return {
    url,
    adminUrl: originOf(ports.admin),
    workerUrl: originOf(worker.adminPort),
    productUrl: product.url,
    workosUrl: workos.url,
    key,
  };
}

async function demoClientKey(url: string, directory: string, origin: string): Promise<string> {
  const db = openDatabase({ url: new Secret(url), max: 2 });
  try {
    return await ensureClientKey(db, join(directory, 'client-key'), origin);
  } finally {
    await db.close();
  }
}

interface Started {
  readonly ports: Ports;
  readonly host: string;
  readonly runtimeUrl: string;
  readonly workos: Awaited<ReturnType<typeof startWorkos>>;
  readonly product: Awaited<ReturnType<typeof startProduct>>;
  readonly mailPort: number;
}

/** The settings that lead Gatehouse to what was started for it. */
const settingsFor = ({ ports, host, runtimeUrl, workos, product, mailPort }: Started) => ({
  NODE_ENV: 'development',
  PORT: String(ports.gatehouse),
  ADMIN_PORT: String(ports.admin),
  HOST: host,
  PUBLIC_URL: originOf(ports.gatehouse),
  DATABASE_URL: runtimeUrl,
  WORKOS_API_KEY: workos.apiKey,
  WORKOS_CLIENT_ID: workos.clientId,
  WORKOS_API_BASE_URL: workos.url,
  WORKOS_WEBHOOK_SECRETS: workos.webhookSecret,
  PORTAL_LINK_HOSTS: new URL(workos.url).host,
  USER_TOKEN_ISSUER: product.issuer,
  USER_TOKEN_AUDIENCE: 'gatehouse',
  USER_TOKEN_JWKS_URL: product.jwksUrl,
  USER_TOKEN_COOKIE: 'acme_session',
  DEFAULT_SIGN_IN_CLIENT: CLIENT_ID,
  WEBHOOK_ENDPOINT_ORIGINS: `http://${HOST}:*,http://localhost:*`,
  BRAND_NAME: 'Acme Console',
  PRODUCT_URL: product.issuer,
  SUPPORT_URL: 'mailto:support@acme.example',
  SMTP_URL: `smtp://${HOST}:${mailPort}`,
  MAIL_FROM: 'Acme Console <no-reply@acme.example>',
  LOG_LEVEL: 'warn',
});

/** So that a rotation of keys can be tried in development too. */
function givenKeys(): { GATEHOUSE_KEYS?: string } {
  const keys = loadSetting('GATEHOUSE_KEYS');
  return keys ? { GATEHOUSE_KEYS: keys.map((key) => key.reveal()).join(',') } : {};
}
