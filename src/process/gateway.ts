import type { Logger } from 'pino';
import { createApp } from '../app.ts';
import { createClientCredentials } from '../clients/credentials.ts';
import { unfitForSignIn } from '../clients/sign-in-client.ts';
import { createClientStore, type ClientStore } from '../clients/store.ts';
import type { Config } from '../config/config.ts';
import { describeCause } from '../core/describe-cause.ts';
import { startRepeatingTask } from '../core/repeating-task.ts';
import { explainDatabase, hostOf } from '../db/explain.ts';
import { listenForChanges } from '../db/listener.ts';
import { createBodyRoom } from '../http/body-room.ts';
import { listen } from '../http/server.ts';
import { createRefusals } from '../rate-limits/refusals.ts';
import { createRateLimits } from '../rate-limits/rate-limits.ts';
import { createOccurrenceStore } from '../timeline/occurrence-store.ts';
import { createRecorder } from '../timeline/recorder.ts';
import { createTenantCache } from '../tenants/registry/tenant-cache.ts';
import { createLogThrottle } from '../core/log-throttle.ts';
import { createGracefulStop } from './graceful-stop.ts';
import type { Metrics } from './metrics/metrics.ts';
import { reportsOf } from './reports.ts';
import { openShell, type Shell } from './shell.ts';
import { createTokenVerifiers } from './token-verifiers.ts';
import { openTracer } from './tracing/open-tracer.ts';

/** The running gateway: public port, admin port and background tasks. */
export interface Gatehouse {
  readonly port: number;
  readonly adminPort: number;
  /** Resolves once the database is reachable and migrated. @throws StartupError */
  readonly ready: Promise<void>;
  /** Lets in-progress requests finish. @param delayMs how long `/readyz` fails first; 0 ends the delay of an earlier call */
  stop(delayMs?: number): Promise<void>;
}

/** Builds the dependencies of `app.ts` and starts the process. Listens before the database is reachable; requests get 503 until then. */
export async function startGateway(config: Config, logger: Logger): Promise<Gatehouse> {
  const role = 'gateway';
  const shell = openShell(config, logger, {
    role,
    tracer: await openTracer(config, logger, role),
  });
  const { db, metrics, tenants } = shell;
  const clients = createClientStore(db);
  const keys = createTokenVerifiers(config, metrics, logger);
  const credentials = createClientCredentials(clients, keys.client);
  const tenantCache = createTenantCache(tenants);
  const occurrences = createRecorder(createOccurrenceStore(db), () =>
    metrics.occurrencesDropped.inc(),
  );
  const bodies = createBodyRoom({ onDropped: () => metrics.bodiesDropped.inc() });
  let closing = false;

  const app = createApp({
    ...shell,
    clients,
    credentials,
    tenantCache,
    deliveryJobs: shell.jobs,
    limits: openLimits(shell),
    refusals: createRefusals({ onRefused: (thing) => metrics.limited.inc({ by: thing }) }),
    bodies,
    verifyUserToken: keys.user,
    ...reportsOf(shell, occurrences.record),
    isClosing: () => closing,
  });

  const server = await listen(app, config.port, config.host, config.publicUrl);
  metrics.watchConnections(server.connections);
  metrics.watchBodies(bodies.bytes);
  const admin = await shell.listenAdmin({ checks: keys.checks }).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  const ending = new AbortController();
  const { ready, tasks } = shell.start(ending.signal, () => {
    checkSignInClient(config, clients, logger).catch((error: unknown) => {
      logger.warn({ cause: describeCause(error) }, 'DEFAULT_SIGN_IN_CLIENT could not be checked');
    });
  });
  const changes = startListener(config, metrics, logger, () => {
    credentials.forget();
    tenantCache.forget();
  });
  const keyUsage = startRepeatingTask('key usage', 10_000, shell, async () =>
    shell.isReady() ? credentials.flush() : undefined,
  );
  const timeline = startRepeatingTask('occurrences of the timeline', 1_000, shell, async () =>
    shell.isReady() ? occurrences.flush() : undefined,
  );

  const close = async (): Promise<void> => {
    await server.close();
    ending.abort();
    await Promise.all([
      ...[...tasks, keyUsage, timeline].map((task) => task.stop()),
      changes.stop(),
    ]);
    await occurrences.flush().catch((error: unknown) => {
      logger.warn({ cause: describeCause(error) }, 'the last occurrences could not be stored');
    });
    await credentials.flush().catch((error: unknown) => {
      logger.warn({ cause: describeCause(error) }, 'the last use of API keys could not be stored');
    });
    await shell.close();
    await admin.close();
  };
  const stop = createGracefulStop({
    failReadiness: () => {
      shell.beginStop();
    },
    beginClosing: () => (closing = true),
    close,
  });
  return { port: server.port, adminPort: admin.port, ready, stop };
}

/**
 * Not a reason to refuse to start: the first client is registered after the first start, and a client
 * that was deleted must not stop every login at the next restart.
 */
async function checkSignInClient(
  { defaultSignInClient: id }: Config,
  clients: Pick<ClientStore, 'byId'>,
  logger: Logger,
): Promise<void> {
  if (id === undefined) return;
  const unfit = unfitForSignIn(await clients.byId(id));
  if (unfit)
    logger.warn(
      { client: id, reason: unfit.why },
      'DEFAULT_SIGN_IN_CLIENT names a client that cannot restart IdP-initiated logins; see gatehouse doctor',
    );
}

/** Listens for changes of clients and tenants on other replicas. */
function startListener(config: Config, metrics: Metrics, logger: Logger, onChange: () => void) {
  const throttle = createLogThrottle((cause) => {
    logger.warn(
      { database: hostOf(config.database.directUrl), cause },
      'not listening for revocations; they take up to a second to take effect',
    );
  });
  return listenForChanges({
    url: config.database.directUrl,
    onChange,
    onState: (listening) => {
      metrics.listening.set(listening ? 1 : 0);
      if (listening) throttle.reset();
    },
    onFailure: (error) => {
      throttle.say(explainDatabase(error));
    },
  });
}

/** Limits that are counted in Postgres; without it, each replica counts alone. */
function openLimits({ config, db, metrics, logger }: Shell) {
  const alone = createLogThrottle((cause) => {
    logger.warn({ cause }, 'rate limits could not be shared, so this replica counts alone');
  });
  return createRateLimits({
    db,
    limits: config.rateLimits,
    onRefused: (by) => metrics.limited.inc({ by }),
    onAlone(error) {
      alone.say(describeCause(error));
    },
  });
}
