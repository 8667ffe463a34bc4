/**
 * How long the process may take to read what it has received. After a pause (of a virtual machine, or
 * without CPU) timers are due before the sockets are read, so a timer alone does not prove that a server
 * was silent. A short timeout has less: a tenth of it.
 */
const READING_MS = 100;

/**
 * Calls back unless a reply comes within the time: once the time is over and the process has had a
 * moment to read the replies that came during it.
 *
 * @returns cancels the timeout
 */
export function replyTimeout(ms: number, onTimeout: () => void): () => void {
  const readingMs = Math.min(READING_MS, ms / 10);
  let timer = setTimeout(() => {
    timer = setTimeout(onTimeout, readingMs);
  }, ms - readingMs);
  return () => {
    clearTimeout(timer);
  };
}
