import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createApp } from '../app.ts';
import { createAuditWriter } from '../audit-trail/writer.ts';
import { createKeySet } from '../auth/key-set.ts';
import { createTokenVerifier } from '../auth/token-verifier.ts';
import { createClientCredentials } from '../clients/credentials.ts';
import { createClientStore } from '../clients/store.ts';
import type { Config, TokenIssuer } from '../config/config.ts';
import { openDatabase } from '../db/database.ts';
import { explainDatabase, hostOf } from '../db/explain.ts';
import { openJobs } from '../db/jobs.ts';
import { listenForChanges } from '../db/listener.ts';
import { recordEvent } from '../events/inbox/gatehouse-events.ts';
import { describeCause } from '../core/describe-cause.ts';
import { listen } from '../http/server.ts';
import { adminHandler } from './admin-server.ts';
import { createDoubtLogger } from './doubt-logger.ts';
import { createKeyCheck } from './key-check.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createReadiness, databaseCheck, type Check } from './readiness.ts';
import { createLogThrottle } from './log-throttle.ts';
import { startRepeatingTask } from '../core/repeating-task.ts';
import { waitForDatabase } from './startup-check.ts';
import { countAttempts } from './upstream-metrics.ts';
import { createTenantCache } from '../tenants/tenant-cache.ts';
import { createMissing } from '../tenants/missing.ts';
import { createMissingStore } from '../tenants/missing-store.ts';
import { createOrganizations } from '../tenants/organizations.ts';
import { createProvisioning } from '../tenants/provisioning.ts';
import { createTenantStore } from '../tenants/store.ts';
import type { DeliveryJob } from '../webhooks/store.ts';
import { startBackgroundTasks } from './background-tasks.ts';
import { createUpstream } from '../workos/upstream.ts';

/** The running gateway: public port, admin port and background tasks. */
export interface Gatehouse {
  readonly port: number;
  readonly adminPort: number;
  /** Resolves once the database is reachable and migrated. @throws StartupError */
  readonly ready: Promise<void>;
  /** Lets in-progress requests finish. @param delayMs how long `/readyz` fails first; 0 ends the delay of an earlier call */
  stop(delayMs?: number): Promise<void>;
}

/** How long open connections get to receive their last answer, which tells them to close. */
const LAST_ANSWERS_MS = 1_000;

/** Builds the dependencies of `app.ts` and starts the process. Listens before the database is reachable; requests get 503 until then. */
export async function startGateway(config: Config, logger: Logger): Promise<Gatehouse> {
  const metrics = createMetrics();
  const db = openDatabase({ url: config.database.url, max: config.database.max });
  const upstream = createUpstream({ ...config.workos, onAttempt: countAttempts(metrics) });
  const audit = createAuditWriter(db);
  const clients = createClientStore(db);
  const keys = createVerifiers(config, metrics, logger);
  const credentials = createClientCredentials(clients, keys.client);
  const tenants = createTenantStore(db);
  const directory = createTenantCache(tenants);
  const organizations = createOrganizations(upstream, config.workos.externalIdPrefix);
  const provisioning = createProvisioning({ tenants, organizations });
  const missingStore = createMissingStore(db);
  const missing = createMissing({
    store: missingStore,
    organizations,
    recordEvent,
    confirmAfterMs: config.confirmMissingMs,
    onDoubt: createDoubtLogger(logger, (reason) => metrics.doubts.inc({ reason })),
  });
  const keyView = createKeyCheck({
    mapped: () => missingStore.others(null, 3),
    find: organizations.find,
    logger,
    onView: (sees) => metrics.keySees.set(sees ? 1 : 0),
  });
  const deliveryJobs = openJobs<DeliveryJob>({
    db,
    queue: 'deliveries',
    supervise: false,
    onError: (error) => {
      logger.warn({ cause: describeCause(error) }, 'the job library reported an error');
    },
  });
  const state = { ready: false, stopping: false, closing: false };

  const app = createApp({
    config,
    db,
    upstream,
    audit,
    clients,
    credentials,
    tenants,
    directory,
    organizations,
    provisioning,
    missing,
    deliveryJobs,
    logger,
    verifyUserToken: keys.user,
    observe: metrics.observe,
    onSignIn: (outcome) => metrics.signIns.inc({ outcome }),
    onEvents: (count) => metrics.events.inc({ source: 'webhook' }, count),
    onUnreadableEvent(id) {
      metrics.eventsUnreadable.inc({ source: 'webhook' });
      logger.error(
        { id },
        'a signed delivery could not be parsed as an event; see gatehouse events parked',
      );
    },
    isReady: () => state.ready,
    isClosing: () => state.closing,
  });
  const readiness = createReadiness({
    checks: {
      process: () => (state.stopping ? 'stopping' : undefined),
      start: () => (state.ready ? undefined : 'waiting for the database'),
      database: databaseCheck(db),
      ...keys.checks,
    },
    notes: keyView.notes,
  });

  const server = await listen(app, config.port, config.host, config.publicUrl);
  const admin = await listen(
    adminHandler(readiness, metrics, logger),
    config.adminPort,
    config.host,
    config.publicUrl,
  ).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  const ending = new AbortController();
  const watchKey = startRepeatingTask('watch the WorkOS key', 60_000, logger, async () => {
    if (state.ready) await keyView.look();
  });
  const ready = waitForDatabase({
    db,
    host: hostOf(config.database.url),
    externalIdPrefix: config.workos.externalIdPrefix,
    logger,
    signal: ending.signal,
  }).then(() => {
    state.ready = true;
    watchKey.wake();
  });
  // `serviceCommand` reports the failure. Without this, a caller that stops first would get an unhandled rejection.
  ready.catch(() => undefined);

  const listenerLog = createLogThrottle((cause) => {
    logger.warn(
      { database: hostOf(config.database.directUrl), cause },
      'not listening for revocations; they take up to a second to take effect',
    );
  });
  const changes = listenForChanges({
    url: config.database.directUrl,
    onChange: () => {
      credentials.forget();
      directory.forget();
    },
    onState: (listening) => {
      metrics.listening.set(listening ? 1 : 0);
      if (listening) listenerLog.reset();
    },
    onFailure: (error) => {
      listenerLog.say(explainDatabase(error));
    },
  });
  const whenReady = (work: () => Promise<unknown>) => async () =>
    state.ready ? work() : undefined;
  const tasks = [
    watchKey,
    ...startBackgroundTasks({
      db,
      tenants,
      organizations,
      provisioning,
      missing,
      audit,
      logger,
      isReady: () => state.ready,
    }),
    startRepeatingTask(
      'key usage',
      10_000,
      logger,
      whenReady(() => credentials.flush()),
    ),
  ];

  const noDelay = new AbortController();
  const pause = (ms: number) =>
    // An aborted pause rejects, which is not an error here.
    sleep(ms, undefined, { signal: noDelay.signal }).catch(() => undefined);
  let stopped: Promise<void> | undefined;
  const stop = async (delayMs: number): Promise<void> => {
    state.stopping = true;
    await pause(delayMs);
    state.closing = true;
    // The next answer on a busy connection carries `Connection: close`; closing it now would lose a request.
    await pause(Math.min(delayMs, LAST_ANSWERS_MS));
    await server.close();
    ending.abort();
    await Promise.all([...tasks.map((task) => task.stop()), changes.stop(), audit.flush()]);
    await credentials.flush().catch((error: unknown) => {
      logger.warn({ cause: describeCause(error) }, 'the last use of API keys could not be stored');
    });
    await deliveryJobs.stop();
    await Promise.all([upstream.close(), db.close(), admin.close()]);
  };

  return {
    port: server.port,
    adminPort: admin.port,
    ready,
    stop(delayMs = 0) {
      if (delayMs === 0) noDelay.abort();
      return (stopped ??= stop(delayMs));
    },
  };
}

/** Verifiers of user and client tokens, with a readiness check for each issuer's keys. */
function createVerifiers({ userToken, clientToken }: Config, metrics: Metrics, logger: Logger) {
  const checks: Record<string, Check> = {};
  const verifier = (kind: 'client' | 'user', issuer: TokenIssuer | undefined) => {
    if (!issuer) return undefined;
    const failing = createLogThrottle((cause) => {
      logger.warn({ issuer: kind, cause }, 'the keys of the token issuer could not be fetched');
    });
    const onFetch = (outcome: 'ok' | 'failed', error?: unknown) => {
      metrics.keySets.inc({ issuer: kind, outcome });
      if (outcome === 'ok') failing.reset();
      else failing.say(describeCause(error));
    };
    const keySet = createKeySet({ url: issuer.jwksUrl, onFetch });
    checks[`${kind} token keys`] = async () =>
      (await keySet.isUsable())
        ? undefined
        : `no usable key is known; see ${kind.toUpperCase()}_TOKEN_JWKS_URL`;
    return createTokenVerifier(issuer, keySet);
  };
  return { user: verifier('user', userToken), client: verifier('client', clientToken), checks };
}
