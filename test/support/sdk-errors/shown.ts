/** An error of the gateway, as an SDK hands it to the code that called it. */
import { unconnected } from '../compatibility/worlds.ts';
import type { Generation } from '../compatibility/call.ts';

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The members of the error; those that the SDK does not set are absent. */
export interface Shown {
  readonly class: string;
  readonly message: string;
  readonly code?: string;
  readonly errors?: readonly unknown[];
  readonly requestID?: string;
  readonly retryAfter?: number;
  readonly error?: string;
  /** The body of the answer. */
  readonly rawData?: Readonly<Record<string, unknown>>;
}

/** Gives an SDK this answer to a request. */
export async function shownBy(
  generation: Generation,
  { status, headers, body }: ErrorAnswer,
): Promise<Shown> {
  const fetchFn = () => Promise.resolve(new Response(body, { status, headers }));
  const sdk = unconnected(generation, { fetchFn, ...(generation === 11 && { maxRetries: 0 }) });
  try {
    await sdk.organizations?.getOrganization?.('acme');
  } catch (error) {
    const { name, message, ...more } = error as Error;
    return { class: name, message, ...more };
  }
  throw new Error(`${status} is no error to SDK ${generation}.`);
}
