import { currentCaller, runAs } from './caller.ts';
import type { Span, SpanStart, Tracer } from './span.ts';

/** Returns the span of the work that is being done, or undefined if it is not traced. */
export const currentSpan = (): Span | undefined => currentCaller().span;

/** Runs work in a span below the current one. Without one, the work just runs. */
export function inSpan<T>(
  start: () => SpanStart,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  const span = currentSpan()?.child(start());
  return span ? runIn(span, () => work(span)) : work(undefined);
}

/** Runs a round of a background task, as a trace of its own if it has something to do. */
export function inTaskSpan<T>(
  tracer: Tracer | undefined,
  task: string,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  const span = tracer?.startIfBusy({ name: task, kind: 'internal', facts: { task } });
  return span ? runIn(span, () => work(span)) : work(undefined);
}

async function runIn<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await runAs({ ...currentCaller(), span }, work);
  } catch (error) {
    span.set({ error: kindOf(error) });
    throw error;
  } finally {
    span.end();
  }
}

/** The kind of an error: a code of ours, of Postgres or of Node, or else its name. Never its message. */
function kindOf(error: unknown): string {
  const { slug, kind, code, name } = (error ?? {}) as Record<string, unknown>;
  return [slug, kind, code, name].find(isWord) ?? 'unknown';
}

const isWord = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]{1,60}$/.test(value);
