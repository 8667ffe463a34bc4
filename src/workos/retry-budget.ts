const SHARE = 0.1;
const MAX = 10;

/** One retry for ten calls: in an outage WorkOS sees hardly more than one request a call. */
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
