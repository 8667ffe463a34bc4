import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { isConsolePath, type ConsoleHandler } from '../console/handler.ts';
import { describeCause } from '../core/describe-cause.ts';
import { API_HEADERS } from '../http/security-headers.ts';
import type { Metrics } from './metrics/metrics.ts';
import type { Readiness } from './readiness.ts';

/** Status, body, and media type if it is not plain text. */
type Answer = readonly [number, string, string?];

/** Handles `/livez`, `/readyz`, `/metrics` and the console on the admin port, which only the cluster reaches. */
export const adminHandler = (
  readiness: Readiness,
  metrics: Metrics,
  consolePages: ConsoleHandler,
  logger: Logger,
): RequestListener => {
  const answers: Readonly<Record<string, () => Promise<Answer>>> = {
    '/livez': () => Promise.resolve([200, 'ok\n']),
    '/readyz': async () => {
      const { isReady, lines } = await readiness.check();
      return [isReady ? 200 : 503, [isReady ? 'ok' : 'not ready', ...lines, ''].join('\n')];
    },
    '/metrics': async () => [200, await metrics.registry.metrics(), metrics.registry.contentType],
  };
  const answerTo = async (req: IncomingMessage): Promise<Answer> => {
    const path = (req.url ?? '/').split('?')[0] ?? '/';
    return (await answers[path]?.()) ?? [404, 'not found\n'];
  };
  const failed = (res: ServerResponse) => (error: unknown) => {
    logger.error({ cause: describeCause(error) }, 'the admin port could not answer');
    res.destroy();
  };
  return (req, res) => {
    if (hasTwoHosts(req)) write(req, res, [400, 'bad request\n']);
    else if (isConsolePath(req.url)) consolePages(req, res).catch(failed(res));
    else
      answerTo(req)
        .catch((error: unknown): Answer => {
          logger.error({ cause: describeCause(error) }, 'the admin port could not answer');
          return [500, 'internal error\n'];
        })
        .then((answer) => {
          write(req, res, answer);
        })
        .catch(failed(res));
  };
};

/** RFC 9112 §3.2. The console decides by the host, and a proxy may have read the other one. */
const hasTwoHosts = ({ headersDistinct }: IncomingMessage): boolean =>
  (headersDistinct.host?.length ?? 0) > 1;

function write(
  req: IncomingMessage,
  res: ServerResponse,
  [status, body, type = 'text/plain; charset=utf-8']: Answer,
): void {
  res.writeHead(status, {
    ...API_HEADERS,
    'content-type': type,
    ...(status === 503 && { 'retry-after': '2' }),
  });
  res.end(req.method === 'HEAD' ? undefined : body);
}
