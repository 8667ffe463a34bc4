/** Our own errors whose messages never quote input. */
const SAFE_ERRORS = new Set<unknown>([
  'UpstreamFailure',
  'KeysUnavailable',
  'CredentialRefused',
  'DatabaseUnreachable',
  'ExactReason',
]);

/**
 * Describes an error for the log: names and codes along the chain of causes, and where in our own
 * code it was thrown. Only our own errors show their message; others may quote their input.
 */
export function describeCause(error: unknown): string {
  const parts: string[] = [];
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth += 1) {
    const { name, code, constraint, message, cause } = at as Record<string, unknown>;
    const isSafe = SAFE_ERRORS.has(name);
    parts.push(
      [name, code, constraint, isSafe ? message : undefined]
        .filter((part) => typeof part === 'string')
        .join(' '),
    );
    at = cause;
  }
  return [parts.join(' < '), originOf(error)].filter(Boolean).join(' ').slice(0, 500);
}

const originOf = (error: unknown): string | undefined => {
  const stack = (error as { stack?: unknown } | null | undefined)?.stack;
  const frame =
    typeof stack === 'string'
      ? /at (?:async )?[^\n]*?((?:src|dist)\/[\w./-]+:\d+)/.exec(stack)
      : null;
  return frame ? `at ${frame[1] ?? ''}` : undefined;
};
