/** One HTTP request of the fake: a portal page, or an API call with the fault it meets. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { performApi } from './api.ts';
import { play } from './fault-player.ts';
import type { Faults } from './faults.ts';
import { sendReply, type Reply } from './http.ts';
import { randomText } from './ids.ts';
import { isPage, performPage } from './portal-pages.ts';
import { readBody } from './request-body.ts';
import type { RequestLog } from './request-log.ts';
import type { World } from './world.ts';

interface HandlerOptions {
  readonly world: World;
  readonly apiKey: string;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** Called after everything that may have changed the state. */
  readonly changed: () => void;
}

export function createHandler(options: HandlerOptions): RequestListener {
  return (request, response) => {
    const closed = new AbortController();
    response.on('close', () => closed.abort());
    response.setHeader('X-Request-ID', `req_${randomText(26)}`);
    handle(request, response, closed.signal, options).catch((error: unknown) => {
      if (closed.signal.aborted) return;
      if (response.headersSent) response.destroy();
      else
        sendReply(response, {
          status: 500,
          body: { message: `The fake failed: ${String(error)}` },
        });
    });
  };
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  closed: AbortSignal,
  { world, apiKey, faults, log, changed }: HandlerOptions,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming;
  const [path = '/', search = ''] = url.split('?', 2);
  const query = Object.fromEntries(new URLSearchParams(search));
  const { value: body, wellFormed } = await readBody(incoming);
  const perform = (act: () => Reply) => () => {
    const reply = act();
    if (method !== 'GET') changed();
    return reply;
  };
  if (isPage(path)) {
    const form = typeof body === 'object' ? (body as Record<string, string> | null) : null;
    const page = perform(() => performPage({ method, path, query, form: form ?? {} }, world))();
    response.writeHead(page.status, page.headers).end(page.body);
    return;
  }
  const request = { method, path, query, headers, body };
  log.record({ ...request, at: world.now() });
  const act = perform(() => performApi(request, { world, apiKey, wellFormed }));
  const fault = faults.next(request);
  if (fault) await play(fault, { response, closed, perform: act });
  else sendReply(response, act());
}
