/** The start ends within this time once the process is ready. */
const AFTER_MS = 500;

/** Gives back the memory that only the start needed. V8 would not, without its memory reducer (docs/adr/0026-start-and-memory.md). */
export function collectGarbageSoon(): void {
  setTimeout(() => {
    // Only the released bundle asks Node for this function.
    globalThis.gc?.({ type: 'major', execution: 'async' }).catch(() => undefined);
  }, AFTER_MS).unref();
}
