/** Scripted upstream faults as data, and the order in which requests meet them. */
import { matchesOperation } from '../http/router.ts';

export type Fault =
  /** Replies with this status and does not run the operation. The default body is `{ message }`. */
  | {
      kind: 'status';
      status: number;
      body?: unknown;
      headers?: Record<string, string>;
      /** Seconds, or an HTTP date as text. */
      retryAfter?: number | string;
    }
  /** Runs the operation at once and sends the reply `ms` later. */
  | { kind: 'delay'; ms: number }
  /** Does not run the operation and never replies. */
  | { kind: 'silence' }
  /** Resets the socket. `after-headers` runs the operation first, because its status was sent. */
  | { kind: 'reset'; when: 'before-headers' | 'after-headers' }
  /** Runs the operation; a complete HTTP reply whose JSON is cut off, although a link in it is whole. */
  | { kind: 'truncated' }
  /** Runs the operation and replies with its status under another media type. */
  | { kind: 'content-type'; type: string; body?: string }
  | { kind: 'redirect'; status: number; location: string }
  /** Runs the operation; replies with this many bytes of valid JSON, without a Content-Length. */
  | { kind: 'huge'; bytes: number }
  | { kind: 'slow-body'; bytesPerSecond: number }
  /** Runs the operation but replies with this link; undefined omits the member. */
  | { kind: 'link'; link: unknown }
  /** Runs the operation, then resets the socket: the caller cannot know the outcome. */
  | { kind: 'after-effect-reset' }
  /**
   * Waits for `until` before it replies; with `before`, also before it runs the operation.
   * `onReached` is called when the wait begins.
   */
  | { kind: 'hold'; until: Promise<void>; before?: boolean; onReached?: () => void };

export interface Faults {
  /** @param times how many requests meet the fault; undefined: all until `clear()` */
  readonly add: (operation: string, fault: Fault, times?: number) => void;
  readonly clear: () => void;
  /** The fault for this request, counted as used once. Undefined when there is none. */
  readonly next: (request: { method: string; path: string }) => Fault | undefined;
}

interface ScriptedFault {
  readonly operation: string;
  readonly fault: Fault;
  remaining: number;
}

/** Counted faults apply first, in the order they were added; then the newest permanent one. */
export function createFaults(): Faults {
  let counted: ScriptedFault[] = [];
  let permanent: ScriptedFault[] = [];
  return {
    add: (operation, fault, times = Infinity) => {
      const scripted = { operation, fault, remaining: times };
      if (times === Infinity) permanent.unshift(scripted);
      else counted.push(scripted);
    },
    clear: () => {
      [counted, permanent] = [[], []];
    },
    next: (request) => {
      const found = [...counted, ...permanent].find(
        ({ operation, remaining }) => remaining > 0 && matchesOperation(operation, request),
      );
      if (found) found.remaining -= 1;
      counted = counted.filter(({ remaining }) => remaining > 0);
      return found?.fault;
    },
  };
}
