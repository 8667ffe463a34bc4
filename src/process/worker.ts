import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { toClientEvent } from '../events/feed/client-event.ts';
import { startMailer } from '../portal/mail/mailer.ts';
import { startDeliveries } from '../webhooks/delivery/deliveries.ts';
import { missingKeys, type KeyUse } from '../webhooks/sealing-keys.ts';
import { startMaintenance } from './maintenance.ts';
import { openShell, type Shell } from './shell.ts';
import { startEvents } from './start-events.ts';
import { openTracer } from './tracing/open-tracer.ts';
import { watchEvents, watchMails, watchTenants } from './watch-work.ts';

/** The background worker: no public port, only the admin port. */
export interface Worker {
  readonly adminPort: number;
  /** Resolves once the database is reachable and migrated. @throws StartupError */
  readonly ready: Promise<void>;
  /** Gives up leadership first, so that another worker takes over while this one finishes. */
  stop(): Promise<void>;
}

/** Only the elected leader reads and applies events. All other background tasks run in every worker. */
export async function startWorker(config: Config, logger: Logger): Promise<Worker> {
  const role = 'worker';
  const shell = openShell(config, logger, {
    role,
    tracer: await openTracer(config, logger, role),
  });
  let keys: readonly KeyUse[] = [];
  let partitions: readonly string[] = [];
  const admin = await shell.listenAdmin({
    checks: {},
    notes: () => [
      ...partitions,
      ...missingKeys(keys).map(
        ({ key, endpoints }) => `${endpoints} webhook endpoints wait for the missing key ${key}`,
      ),
    ],
  });
  const ending = new AbortController();
  const events = startEvents(shell, ending.signal);
  const watching = [watchEvents(shell), watchMails(shell), watchTenants(shell, events.leading)];
  const maintenance = startMaintenance({
    ...shell,
    retentionDays: config.retentionDays,
    isLeading: events.leading,
    signal: ending.signal,
    onNotes: (notes) => (partitions = notes),
  });
  const deliveries = startDeliveriesOf(shell, (uses) => (keys = uses));
  const mails = startMailer({
    ...shell,
    ...config,
    onMail: (outcome) => shell.metrics.mails.inc({ outcome }),
  });
  const { ready, tasks } = shell.start(ending.signal, () => {
    events.wake();
    deliveries.wake();
  });

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    shell.beginStop();
    ending.abort();
    await events.stop();
    await Promise.all(
      [...tasks, ...watching, maintenance, deliveries, mails].map((task) => task.stop()),
    );
    await shell.close();
    await admin.close();
  };
  return { adminPort: admin.port, ready, stop: () => (stopped ??= stop()) };
}

const startDeliveriesOf = (
  { config, metrics, ...parts }: Shell,
  onKeys: (uses: readonly KeyUse[]) => void,
) =>
  startDeliveries({
    proxies: config.proxies,
    ...parts,
    keys: config.keys,
    origins: config.webhookOrigins,
    toClientEvent,
    onAttempt: (outcome) => metrics.webhookAttempts.inc({ outcome }),
    onBacklog({ waiting, oldestDue }) {
      metrics.webhooksWaiting.set(waiting);
      metrics.webhooksOldestDue.set(oldestDue);
    },
    onKeys(uses) {
      metrics.sealingKeys.reset();
      for (const { key, state, endpoints } of uses)
        metrics.sealingKeys.set({ key, state }, endpoints);
      onKeys(uses);
    },
  });
