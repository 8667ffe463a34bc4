/** The ways an upstream misbehaves, as data, and the order in which scripted ones are used up. */
import { isOf } from '../http/operation-pattern.ts';

export type Fault =
  /** Answers this and has no effect. A body left out is `{ message }`. */
  | {
      kind: 'status';
      status: number;
      body?: unknown;
      headers?: Record<string, string>;
      /** Seconds, or an HTTP date as text. */
      retryAfter?: number | string;
    }
  /** Has its effect at once and answers it `ms` later. */
  | { kind: 'delay'; ms: number }
  /** Has no effect and never answers. */
  | { kind: 'silence' }
  /** `before-headers` has no effect; `after-headers` has it, since its status has been announced. */
  | { kind: 'reset'; when: 'before-headers' | 'after-headers' }
  /** Has its effect; a complete HTTP answer whose JSON lacks its end, though a link in it is whole. */
  | { kind: 'truncated' }
  /** Has its effect and answers its status under another media type. */
  | { kind: 'content-type'; type: string; body?: string }
  | { kind: 'redirect'; status: number; location: string }
  /** Has its effect; a valid JSON answer of this many bytes, of a length not announced. */
  | { kind: 'huge'; bytes: number }
  | { kind: 'slow-body'; bytesPerSecond: number }
  /** Has its effect but answers this link; undefined leaves the member out. */
  | { kind: 'link'; link: unknown }
  /** Has its effect, then resets the socket: the caller cannot know the outcome. */
  | { kind: 'after-effect-reset' }
  /** Holds the answer until the promise settles; with `before`, the effect too. `onReached` is called when it begins to wait. */
  | { kind: 'hold'; until: Promise<void>; before?: boolean; onReached?: () => void };

export interface Faults {
  /** @param times undefined: until `clear()` */
  readonly add: (operation: string, fault: Fault, times?: number) => void;
  readonly clear: () => void;
  /** The fault this request meets, which is thereby used up once. */
  readonly next: (request: { method: string; path: string }) => Fault | undefined;
}

interface Scripted {
  readonly operation: string;
  readonly fault: Fault;
  remaining: number;
}

/** Counted faults come first, in the order given, so they read as a script; then the newest standing one. */
export function createFaults(): Faults {
  let counted: Scripted[] = [];
  let standing: Scripted[] = [];
  return {
    add: (operation, fault, times = Infinity) => {
      const scripted = { operation, fault, remaining: times };
      if (times === Infinity) standing.unshift(scripted);
      else counted.push(scripted);
    },
    clear: () => {
      [counted, standing] = [[], []];
    },
    next: (request) => {
      const found = [...counted, ...standing].find(
        ({ operation, remaining }) => remaining > 0 && isOf(operation, request),
      );
      if (found) found.remaining -= 1;
      counted = counted.filter(({ remaining }) => remaining > 0);
      return found?.fault;
    },
  };
}
