import type { Dispatcher } from 'undici';
import { currentCaller, onCancelled, shareOf } from '../core/caller.ts';
import { Cancelled } from '../core/cancellation.ts';
import { replyTimeout } from '../core/reply-timeout.ts';
import { SMALL_BODY, type BodyBudget, type Room } from './body-budget.ts';
import { TOO_LARGE, UpstreamFailure } from './failure.ts';

export interface Received {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

export interface ReadOptions {
  /** Maximum size of a successful reply in bytes; for an error it is 256 KB. */
  readonly most: number;
  readonly budget: BodyBudget;
  /** Timeout until a reply turns out to be large. */
  readonly attemptMs: number;
}

/** Additional time for a large reply. */
const LARGE_MS = 7_000;
/** How long a reply may wait for memory in all. It is generous because an abandoned sign-in loses its code. */
const ROOM_MS = 15_000;

/** Starts a request and reads the reply, within its size limit, the budget and the timeout. @throws UpstreamFailure @throws Cancelled */
export function receive(
  start: (receiver: Dispatcher.DispatchHandler) => void,
  options: ReadOptions,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    start(new Receiver(options, resolve, reject));
  });
}

class Receiver implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined;
  #isSent = false;
  #isOver = false;
  #status = 0;
  #headers: Received['headers'] = {};
  #chunks: Buffer[] = [];
  #bytes = 0;
  #granted = SMALL_BODY;
  #most: number;
  #cancelTimeout: () => void;
  #endsAt: number;
  #roomMs = ROOM_MS;
  readonly #room: Room = { bytes: 0, share: shareOf(currentCaller()) };
  readonly #budget: BodyBudget;
  readonly #resolve: (received: Received) => void;
  readonly #reject: (error: UpstreamFailure | Cancelled) => void;
  readonly #stopListening: () => void;

  constructor(
    { most, budget, attemptMs }: ReadOptions,
    resolve: (received: Received) => void,
    reject: (error: UpstreamFailure | Cancelled) => void,
  ) {
    this.#most = most;
    this.#budget = budget;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#endsAt = performance.now() + attemptMs;
    this.#cancelTimeout = replyTimeout(attemptMs, this.#onTimeout);
    this.#stopListening = onCancelled(this.#onCancelled);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(new Error('given up'));
    else this.#isSent = true;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Received['headers'],
  ): void {
    this.#status = status;
    this.#headers = headers;
    if (status >= 300) this.#most = SMALL_BODY;
    const announced = Number(headers['content-length'] ?? 0);
    if (announced > this.#most) this.#stopReading();
    else if (announced > this.#granted) this.#takeRoom(controller, announced);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#bytes += chunk.length;
    if (this.#bytes > this.#most) {
      this.#stopReading();
      return;
    }
    this.#chunks.push(chunk);
    if (this.#bytes > this.#granted)
      this.#takeRoom(controller, Math.min(this.#most, 2 * this.#bytes));
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.#chunks).toString('utf8');
    this.#end(() => {
      this.#resolve({ status: this.#status, headers: this.#headers, body });
    });
  }

  onResponseError(_controller: unknown, error: Error & { code?: string }): void {
    const timedOut =
      error.code === 'UND_ERR_HEADERS_TIMEOUT' || error.code === 'UND_ERR_BODY_TIMEOUT';
    this.#fail(timedOut ? 'timeout' : 'unreachable', error.code ?? error.name);
  }

  /** The rest of the body is dropped; an error is complete with its status and headers. */
  #stopReading(): void {
    if (this.#status < 300) this.#fail('invalid-response', TOO_LARGE);
    else
      this.#end(() => {
        this.#resolve({ status: this.#status, headers: this.#headers, body: '' });
      });
    this.#controller?.abort(new Error(TOO_LARGE));
  }

  #takeRoom(controller: Dispatcher.DispatchController, bytes: number): void {
    if (this.#granted === SMALL_BODY) {
      this.#endsAt += LARGE_MS;
      this.#expectReply();
    }
    this.#granted = bytes;
    const asked = performance.now();
    const goOn = () => {
      const waitedMs = performance.now() - asked;
      this.#roomMs -= waitedMs;
      this.#endsAt += waitedMs;
      this.#expectReply();
      controller.resume();
    };
    if (this.#budget.grow(this.#room, bytes, goOn)) return;
    controller.pause();
    this.#expectRoom();
  }

  #expectReply(): void {
    this.#cancelTimeout();
    this.#cancelTimeout = replyTimeout(this.#endsAt - performance.now(), this.#onTimeout);
  }

  #expectRoom(): void {
    this.#cancelTimeout();
    const timer = setTimeout(this.#onNoRoom, this.#roomMs);
    this.#cancelTimeout = () => {
      clearTimeout(timer);
    };
  }

  readonly #onTimeout = (): void => {
    this.#fail('timeout');
    this.#controller?.abort(new Error('given up'));
  };

  readonly #onNoRoom = (): void => {
    this.#fail('no-room', 'too many large replies at once');
    this.#controller?.abort(new Error('given up'));
  };

  readonly #onCancelled = (): void => {
    this.#end(() => {
      this.#reject(new Cancelled('The caller left while WorkOS was asked.'));
    });
    this.#controller?.abort(new Error('given up'));
  };

  #fail(kind: UpstreamFailure['kind'], reason?: string): void {
    const facts = {
      ...(reason !== undefined && { reason }),
      ...(!this.#isSent && { neverSent: true as const }),
    };
    this.#end(() => {
      this.#reject(new UpstreamFailure(kind, facts));
    });
  }

  #end(settle: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelTimeout();
    this.#stopListening();
    this.#chunks = [];
    settle();
    // After the caller has parsed the text, which takes memory too.
    setImmediate(() => {
      this.#budget.free(this.#room);
    });
  }
}
