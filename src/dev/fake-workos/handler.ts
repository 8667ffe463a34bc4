/** Handles one HTTP request of the fake: a page, or an API call that may meet a scripted fault. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { applyFault } from './faults/apply-fault.ts';
import type { Faults } from './faults/faults.ts';
import { ApiError, sendReply, type Reply, type RoutedRequest } from './http/operation.ts';
import type { RequestLog } from './http/request-log.ts';
import { readQuery } from './http/wire-forms.ts';
import { route } from './http/router.ts';
import { operations } from './operations.ts';
import { isPage, performPage } from './pages.ts';
import { randomText } from './state/ids.ts';
import type { World } from './state/world.ts';

interface HandlerOptions {
  readonly world: World;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** Called after every request that may have changed the state. */
  readonly saveState: () => void;
}

export function createHandler(options: HandlerOptions): RequestListener {
  return (request, response) => {
    const closed = new AbortController();
    // Without a reason, each request would pay for an error with its stack.
    response.on('close', () => closed.abort('closed'));
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
  { world, faults, log, saveState }: HandlerOptions,
): Promise<void> {
  const { method = 'GET', headers } = incoming;
  const { path, query } = splitUrl(incoming);
  const { body, isValid } = await readBody(incoming);
  const request = { method, path, query, headers, body };
  const andSave = (perform: () => Promise<Reply>) => async () => {
    const reply = await perform();
    saveState();
    return reply;
  };
  if (isPage(path)) {
    sendReply(response, await andSave(() => performPage(request, world))());
    return;
  }
  log.record({ ...request, at: world.now() });
  const perform = andSave(() => performOperation(request, world, isValid));
  const fault = faults.next(request);
  if (fault) await applyFault(fault, { response, closed, perform });
  else sendReply(response, await perform());
}

/**
 * Does what a healthy WorkOS would do with the request. Checks the API key first.
 *
 * @param isValid false when the body cannot be parsed
 */
export async function performOperation(
  request: RoutedRequest,
  world: World,
  isValid = true,
): Promise<Reply> {
  try {
    const found = route(operations, request);
    if (!found?.operation.open && request.headers.authorization !== `Bearer ${world.apiKey}`)
      throw new ApiError(401, { message: 'Unauthorized' });
    if (!found)
      throw new ApiError(404, { message: `Not Found: ${request.method} ${request.path}` });
    if (!isValid) throw new ApiError(400, { message: 'Problems parsing JSON' });
    return await found.operation.perform({ ...request, params: found.params }, world);
  } catch (error) {
    if (error instanceof ApiError) return error.reply;
    throw error;
  }
}

function splitUrl({ url = '/' }: IncomingMessage) {
  const [path = '/'] = url.split('?', 1);
  return { path, query: readQuery(new URLSearchParams(url.slice(path.length))) };
}

interface RequestBody {
  /** The JSON value or the form's fields; the raw text if it is neither, undefined if it is empty. */
  readonly body: unknown;
  /** False when the body cannot be parsed. */
  readonly isValid: boolean;
}

async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const text = await textOf(request);
  const type = request.headers['content-type'] ?? '';
  if (text === '') return { body: undefined, isValid: true };
  if (type.startsWith('application/x-www-form-urlencoded'))
    return { body: Object.fromEntries(new URLSearchParams(text)), isValid: true };
  try {
    return { body: JSON.parse(text), isValid: true };
  } catch {
    return { body: text, isValid: false };
  }
}
