import type { Database } from '../../db/database.ts';
import type { Job, JobBacklog } from '../../db/jobs.ts';
import { describeCause } from '../../core/describe-cause.ts';
import { startRepeatingTask, type TaskWatch } from '../../core/repeating-task.ts';
import { createSecretEncryption } from '../../core/encryption.ts';
import type { Proxies } from '../../core/proxies.ts';
import type { Secret } from '../../core/secret.ts';
import type { Tracer } from '../../core/span.ts';
import { inTaskSpan } from '../../core/tracing.ts';
import type { Resolve } from './ssrf-guard.ts';
import { createDeliver, type Deliver, type DeliverDeps } from './deliver-one.ts';
import { allowedOrigins } from '../endpoint-url.ts';
import { createMessageStore } from '../messages-store.ts';
import { createSealedSecretStore } from '../sealed-secrets-store.ts';
import { startJobLoop } from './job-loop.ts';
import type { KeyUse } from '../sealing-keys.ts';
import { createSecretUpkeep } from './secret-upkeep.ts';
import type { Outcome } from '../attempt.ts';
import { createWebhookSender } from './sender.ts';
import type { DeliveryJob, DeliveryJobs } from '../delivery-jobs.ts';

export interface DeliveriesDeps extends TaskWatch, Pick<DeliverDeps, 'toClientEvent' | 'schedule'> {
  readonly db: Database;
  readonly jobs: DeliveryJobs;
  readonly keys: readonly Secret[];
  /** `WEBHOOK_ENDPOINT_ORIGINS` */
  readonly origins: readonly string[];
  readonly proxies?: Proxies;
  /** Default: deliveries are not traced. */
  readonly tracer?: Tracer | undefined;
  readonly isReady: () => boolean;
  readonly onAttempt: (outcome: Outcome) => void;
  readonly onBacklog: (backlog: JobBacklog) => void;
  readonly onKeys: (uses: readonly KeyUse[]) => void;
  readonly timeoutMs?: number;
  readonly resolve?: Resolve;
  /** Polling interval while nothing is due. */
  readonly everyMs?: number;
}

export interface Deliveries {
  /** Checks the encrypted secrets now. */
  wake(): void;
  stop(): Promise<void>;
}

/** Delivers events until it is stopped. Safe in any number of processes. */
export function startDeliveries(deps: DeliveriesDeps): Deliveries {
  const { db, jobs, isReady, onBacklog, everyMs = 500 } = deps;
  const messages = createMessageStore(db, jobs);
  const encryption = createSecretEncryption(deps.keys, 'webhook');
  const sender = createWebhookSender({ ...deps, isAllowed: allowedOrigins(deps.origins) });
  const work = reporting(createDeliver({ ...deps, messages, encryption, sender }), deps);
  const rounds = startJobLoop({ ...deps, name: 'deliveries', work, everyMs });
  const whenReady = (name: string, everyMs: number, task: () => Promise<void>) =>
    startRepeatingTask(name, everyMs, deps, async () => (isReady() ? task() : undefined));
  const secrets = createSealedSecretStore(db);
  const upkeep = createSecretUpkeep({ ...deps, secrets, messages });
  const secretTask = whenReady('webhook secrets', 60_000, upkeep);
  const tasks = [
    secretTask,
    whenReady('webhooks waiting', 15_000, async () => {
      onBacklog(await jobs.backlog());
    }),
  ];
  return {
    wake: () => secretTask.wake(),
    async stop() {
      await Promise.all([rounds.stop(), ...tasks.map((task) => task.stop())]);
      await sender.close();
    },
  };
}

/** Logs what an operator needs to know. */
const reporting =
  (deliver: Deliver, { logger, tracer, onAttempt }: DeliveriesDeps) =>
  async (job: Job<DeliveryJob>): Promise<void> => {
    const ids = { endpoint: job.data.endpointId, event: job.data.eventId };
    try {
      const attempt = await inTaskSpan(tracer, 'deliver event', () => deliver(job));
      if (!attempt) return;
      const { outcome, status, code } = attempt;
      onAttempt(outcome);
      if (status === null)
        logger.warn({ ...ids, outcome, code }, 'webhook delivery got no response');
      if (outcome === 'gone') logger.warn(ids, 'webhook endpoint answered 410 and was disabled');
    } catch (error) {
      logger.error(
        { ...ids, cause: describeCause(error) },
        'webhook delivery failed inside Gatehouse',
      );
    }
  };
