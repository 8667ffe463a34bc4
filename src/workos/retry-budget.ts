const SHARE = 0.1;
const MAX = 10;

/** Allows one retry per ten calls, so that retries add little load during an outage. */
export function createRetryBudget() {
  let tokens = MAX;
  return {
    earn(): void {
      tokens = Math.min(MAX, tokens + SHARE);
    },
    spend(): boolean {
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
