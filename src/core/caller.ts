import { AsyncLocalStorage } from 'node:async_hooks';
import type { Cancellation } from './cancellation.ts';
import type { Span } from './span.ts';

/**
 * How urgent work is, most urgent first: `login` while a person signs in, `interactive` while one waits
 * for a page or a portal link, `ordinary` for other requests, `batch` for lists that read many objects,
 * provisioning and background tasks.
 */
export const PRIORITIES = ['login', 'interactive', 'ordinary', 'batch'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** On whose behalf the current work is done. Shared resources give each client a share. */
export interface Caller {
  /** Undefined for background tasks, and before the client is known. */
  readonly clientId: string | undefined;
  /** True for a request. All requests whose client is not known share the part of one client. */
  readonly isRequest?: boolean;
  readonly priority: Priority;
  /** Cancelled when nobody waits for the work any more. Undefined for work that is finished in any case. */
  readonly cancellation?: Cancellation | undefined;
  /** Undefined while the work is not traced. */
  readonly span?: Span | undefined;
}

/** Not a client's id, which begins with a letter or digit. */
const STRANGERS = '(strangers)';

/** Names the share that a caller uses. Undefined if none bounds it. */
export const shareOf = ({ clientId, isRequest }: Caller): string | undefined =>
  clientId ?? (isRequest ? STRANGERS : undefined);

const callers = new AsyncLocalStorage<Caller>();
const BACKGROUND: Caller = { clientId: undefined, priority: 'batch' };

/** Returns the caller of the request that is being handled; outside a request, a background task. */
export const currentCaller = (): Caller => callers.getStore() ?? BACKGROUND;

/** Runs work, and everything it starts, on behalf of a caller. */
export const runAs = <T>(caller: Caller, work: () => T): T => callers.run(caller, work);

/**
 * Runs work whose result several clients wait for, such as loading a cache entry: it must not queue
 * behind the other work of the client that happened to come first. It is in nobody's trace.
 */
export const runForAll = <T>(work: () => T, priority: Priority = 'login'): T =>
  callers.run({ clientId: undefined, priority }, work);

/** Runs work that is finished even if its caller leaves, because half of it would be worse than none. */
export const runToTheEnd = <T>(work: () => T): T => {
  const { clientId, isRequest, priority, span } = currentCaller();
  return callers.run({ clientId, isRequest, priority, span }, work);
};

export const isCancelled = (): boolean => callers.getStore()?.cancellation?.isCancelled ?? false;

/** Call before anything is asked of WorkOS or Postgres. @throws Cancelled if the current caller has left */
export const checkCancelled = (): void => {
  callers.getStore()?.cancellation?.check();
};

/** Calls the listener when the current caller leaves. Returns a function that removes the listener. */
export const onCancelled = (listener: () => void): (() => void) =>
  callers.getStore()?.cancellation?.onCancel(listener) ?? nothing;

const nothing = (): undefined => undefined;

/** Runs work that goes on after the request in which it starts, or that is started by no request. */
export const runInBackground = <T>(work: () => T): T => callers.run(BACKGROUND, work);
