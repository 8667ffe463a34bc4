/** Generates load with autocannon: each connection waits for its response before the next request. */
import autocannon, { type Client, type Request } from 'autocannon';
import { answer } from './processes.ts';

export interface LoadRequest {
  readonly path: string;
  readonly method?: 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Load {
  readonly url: string;
  /** Requested in turn. */
  readonly requests: readonly LoadRequest[];
  readonly amount: number;
  readonly connections: number;
  /** Up to 1 % may have another status: timeouts on a busy machine. */
  readonly expect: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Responses with an unexpected status. */
  readonly others: number;
}

async function run({ url, requests, amount, connections, expect }: Load): Promise<LoadResult> {
  const times: number[] = [];
  const statuses = new Map<number, number>();
  let next = 0;
  const inTurn = (request: Request): Request => ({
    ...request,
    ...(requests[next++ % requests.length] as Request),
  });
  const startedAt = performance.now();
  let endedAt = startedAt;
  await new Promise<void>((resolve, reject) => {
    autocannon(
      { url, amount, connections, requests: [{ setupRequest: inTurn }] },
      (error: Error | null) => (error ? reject(error) : resolve()),
    ).on('response', (_client: Client, status: number, _bytes: number, ms: number) => {
      // autocannon stops only at the next full second.
      endedAt = performance.now();
      times.push(ms);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    });
  });
  const seconds = (endedAt - startedAt) / 1_000;
  const others = amount - (statuses.get(expect) ?? 0);
  if (others > amount / 100)
    throw new Error(`expected ${amount} × ${expect}, got ${JSON.stringify([...statuses])}`);
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor((times.length - 1) * share)] ?? 0;
  return { perSecond: amount / seconds, p50Ms: at(0.5), p99Ms: at(0.99), others };
}

answer({ run });
