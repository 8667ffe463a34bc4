const LARGE_CHARACTERS = 256 * 1024;

/** True if a reply is too large to be shared with other requests. Stops counting at the limit. */
export function isLarge(answer: unknown): boolean {
  let left = LARGE_CHARACTERS;
  const open: unknown[] = [answer];
  while (open.length > 0 && left > 0) {
    const value = open.pop();
    left -= 8;
    if (typeof value === 'string') left -= value.length;
    else if (typeof value === 'object' && value !== null)
      for (const part of Object.values(value)) open.push(part);
  }
  return left <= 0;
}
