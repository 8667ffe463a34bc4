import { Problem } from '../core/problem.ts';
import { cleanJson } from '../http/strict-json.ts';

/** A message that is refused before the SDK sees it. */
export interface Refusal {
  /** Codes of JSON-RPC 2.0: −32700 for a body that is not JSON, −32600 for one that is not a request. */
  readonly code: -32700 | -32600;
  readonly message: string;
}

/** The only version of the protocol with batches. A request without a version counts as one of it. */
const WITH_BATCHES = '2025-03-26';
const MAX_BATCH = 20;

/** Reads a message, or a batch of them, as strictly as any other body. */
export function readMessage(
  bytes: Buffer,
  version = WITH_BATCHES,
): { readonly message: unknown } | { readonly refusal: Refusal } {
  try {
    const message = cleanJson(bytes);
    const fault = Array.isArray(message) ? batchFault(message, version) : undefined;
    return fault === undefined
      ? { message: Array.isArray(message) ? withoutCancellations(message) : message }
      : { refusal: { code: -32600, message: `Invalid Request: ${fault}` } };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { refusal: { code: -32700, message: `Parse error: ${error.message}` } };
  }
}

function batchFault(batch: readonly unknown[], version: string): string | undefined {
  if (version !== WITH_BATCHES)
    return `Version ${WITH_BATCHES} alone has batches; send one message per request.`;
  if (batch.length === 0) return 'The batch is empty.';
  if (batch.length > MAX_BATCH) return `A batch may have at most ${MAX_BATCH} messages.`;
  // The SDK answers one of them, and while the other still runs.
  const ids = batch.map(idOf).filter((id) => id !== undefined);
  return new Set(ids).size < ids.length ? 'Two messages of the batch have the same id.' : undefined;
}

/**
 * Leaves out cancellations, which may be ignored. In a batch they can only be about its own requests, and the
 * SDK would wait for the answer of a cancelled one for ever.
 *
 * @see https://modelcontextprotocol.io/specification/2025-03-26/basic/utilities/cancellation
 */
function withoutCancellations(batch: readonly unknown[]): readonly unknown[] {
  const others = batch.filter((message) => methodOf(message) !== 'notifications/cancelled');
  return others.length > 0 ? others : batch;
}

const methodOf = (message: unknown): unknown => (message as { method?: unknown } | null)?.method;

const idOf = (message: unknown): unknown => (message as { id?: unknown } | null)?.id;

export const refusalBody = (refusal: Refusal): string =>
  JSON.stringify({ jsonrpc: '2.0', error: refusal, id: null });
