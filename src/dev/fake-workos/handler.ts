/** One HTTP request of the fake: a portal page, or an API call with the fault it meets. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { performApi } from './api.ts';
import { play } from './faults/apply-fault.ts';
import type { Faults } from './faults/faults.ts';
import { sendReply, type Reply } from './http/operation.ts';
import { randomText } from './state/ids.ts';
import { isPage, performPage } from './pages.ts';
import { readBody } from './http/request-body.ts';
import type { RequestLog } from './http/request-log.ts';
import type { World } from './state/world.ts';

interface HandlerOptions {
  readonly world: World;
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
  { world, faults, log, changed }: HandlerOptions,
): Promise<void> {
  const { method = 'GET', headers } = incoming;
  const { path, query } = addressOf(incoming);
  const { value: body, wellFormed } = await readBody(incoming);
  const request = { method, path, query, headers, body };
  const perform = (act: () => Reply) => () => {
    const reply = act();
    changed();
    return reply;
  };
  if (isPage(path)) {
    sendReply(response, perform(() => performPage(request, world))());
    return;
  }
  log.record({ ...request, at: world.now() });
  const act = perform(() => performApi(request, { world, wellFormed }));
  const fault = faults.next(request);
  if (fault) await play(fault, { response, closed, perform: act });
  else sendReply(response, act());
}

/** A name that is repeated has its values joined by commas, WorkOS's other way to write a list. */
function addressOf({ url = '/' }: IncomingMessage) {
  const [path = '/'] = url.split('?', 1);
  const params = new URLSearchParams(url.slice(path.length));
  const names = [...new Set(params.keys())];
  const query = Object.fromEntries(names.map((name) => [name, params.getAll(name).join(',')]));
  return { path, query };
}
