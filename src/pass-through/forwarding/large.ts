const LARGE_CHARACTERS = 256 * 1024;

/** Whether an answer is too large to be kept for others. Looks at no more of it than it takes to tell. */
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
