import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { API_HEADERS } from '../http/security-headers.ts';
import type { Metrics } from './metrics.ts';

export interface Readiness {
  /** Undefined: ready. Else why not, in a few words. */
  check(): Promise<string | undefined>;
  /** What an operator should know although it is ready; a line each. */
  notes?(): readonly string[];
}

/** `/livez`, `/readyz`, `/metrics`: for the cluster, on a port of their own. */
export const adminHandler = (readiness: Readiness, metrics: Metrics): RequestListener => {
  const answers: Readonly<Record<string, () => Promise<[number, string, string?]>>> = {
    '/livez': () => Promise.resolve([200, 'ok\n']),
    '/readyz': async () => {
      const reason = await readiness.check();
      if (reason !== undefined) return [503, `${reason}\n`];
      return [200, ['ok', ...(readiness.notes?.() ?? []), ''].join('\n')];
    },
    '/metrics': async () => [200, await metrics.registry.metrics(), metrics.registry.contentType],
  };
  return (req, res) => void answer(req, res, answers);
};

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  answers: Readonly<Record<string, () => Promise<[number, string, string?]>>>,
): Promise<void> {
  const path = (req.url ?? '/').split('?')[0] ?? '/';
  const [status, body, type = 'text/plain; charset=utf-8'] = (await answers[path]?.()) ?? [
    404,
    'not found\n',
  ];
  res.writeHead(status, {
    ...API_HEADERS,
    'content-type': type,
    ...(status === 503 && { 'retry-after': '2' }),
  });
  res.end(req.method === 'HEAD' ? undefined : body);
}
