/**
 * How long the process may take to read what it has received. After a pause (of a virtual machine, or
 * without CPU) timers are due before the sockets are read, so a timer alone does not prove that a server
 * was silent.
 */
const READING_MS = 100;

/**
 * Calls back unless a reply comes within the time: once the time is over and the process has had a
 * moment to read the replies that came during it.
 *
 * @returns cancels the timeout
 */
export function replyTimeout(ms: number, onTimeout: () => void): () => void {
  let timer = setTimeout(
    () => {
      timer = setTimeout(onTimeout, READING_MS);
    },
    Math.max(0, ms - READING_MS),
  );
  return () => {
    clearTimeout(timer);
  };
}
