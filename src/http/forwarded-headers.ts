import type { RequestHandler } from 'express';

const AGAIN_MS = 3_600_000;

/**
 * Reports, at most hourly, that a request came with `X-Forwarded-For` although no proxy is trusted: then
 * all requests seem to come from the proxy's address. It may as well be a forged header.
 */
export function noticeForwardedHeaders(onNotice: () => void): RequestHandler {
  let noticedAt = -Infinity;
  return (req, _res, next) => {
    const isForwarded = req.headers['x-forwarded-for'] ?? req.headers.forwarded;
    if (isForwarded !== undefined && performance.now() - noticedAt > AGAIN_MS) {
      noticedAt = performance.now();
      onNotice();
    }
    next();
  };
}
