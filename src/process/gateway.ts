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

/** A running process: both ports, and all that works in the background. */
export interface Gatehouse {
  readonly port: number;
  readonly adminPort: number;
  /** Resolves once the database is there and in order. @throws StartupError */
  readonly ready: Promise<void>;
  /** Lets requests under way finish. @param delayMs how long to say "not ready" first; 0 ends an earlier call's */
  stop(delayMs?: number): Promise<void>;
}

/** How long connections have to be told to close before they are closed. */
const LAST_ANSWERS_MS = 1_000;

/** Builds what `app.ts` joins, and starts it. Listens before the database is there: then it says so. */
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
      logger.warn({ cause: describeCause(error) }, 'job library failed');
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
      logger.error({ id }, 'a signed delivery is no event; see gatehouse events parked');
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
  // `serviceCommand` tells of it; a caller that stops before it waits must not be ended by it.
  ready.catch(() => undefined);

  const deaf = createLogThrottle((cause) => {
    logger.warn({ database: hostOf(config.database.directUrl), cause }, 'revocations are late');
  });
  const changes = listenForChanges({
    url: config.database.directUrl,
    onChange: () => {
      credentials.forget();
      directory.forget();
    },
    onState: (listening) => {
      metrics.listening.set(listening ? 1 : 0);
      if (listening) deaf.reset();
    },
    onFailure: (error) => {
      deaf.say(explainDatabase(error));
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

  const hurry = new AbortController();
  const pause = (ms: number) =>
    // It rejects when it is aborted, which is the other way for it to end.
    sleep(ms, undefined, { signal: hurry.signal }).catch(() => undefined);
  let stopped: Promise<void> | undefined;
  const stop = async (delayMs: number): Promise<void> => {
    state.stopping = true;
    await pause(delayMs);
    state.closing = true;
    // A busy connection learns from its next answer that it is the last; closed now, it would lose a request.
    await pause(Math.min(delayMs, LAST_ANSWERS_MS));
    await server.close();
    ending.abort();
    await Promise.all([...tasks.map((task) => task.stop()), changes.stop(), audit.flush()]);
    await credentials.flush().catch((error: unknown) => {
      logger.warn({ cause: describeCause(error) }, 'the last use of keys was not noted');
    });
    await deliveryJobs.stop();
    await Promise.all([upstream.close(), db.close(), admin.close()]);
  };

  return {
    port: server.port,
    adminPort: admin.port,
    ready,
    stop(delayMs = 0) {
      if (delayMs === 0) hurry.abort();
      return (stopped ??= stop(delayMs));
    },
  };
}

/** Of both kinds of token, and whether there are keys to verify them with. */
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
