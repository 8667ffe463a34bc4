import type { Queryable } from '../core/ports.ts';
import type { Jobs } from '../db/jobs.ts';

/** The name of the queue of deliveries. */
export const DELIVERY_QUEUE = 'deliveries';

/** One event to deliver to one endpoint. */
export interface DeliveryJob {
  readonly endpointId: string;
  readonly eventId: string;
  /** Number of failed attempts so far. */
  readonly attempt: number;
  /** Set while no key of `GATEHOUSE_KEYS` decrypts the endpoint's secret. */
  readonly aside?: true;
}

export type DeliveryJobs = Jobs<DeliveryJob>;

export const keyOf = ({
  endpointId,
  eventId,
}: Pick<DeliveryJob, 'endpointId' | 'eventId'>): string => `${endpointId} ${eventId}`;

export async function addJobs(
  jobs: DeliveryJobs,
  tx: Queryable,
  due: readonly DeliveryJob[],
  afterSeconds = 0,
): Promise<void> {
  if (due.length === 0) return;
  await jobs.add(
    tx,
    due.map((data) => ({ data, group: data.endpointId, key: keyOf(data), afterSeconds })),
  );
}
