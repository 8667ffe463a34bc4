/** Sends one HTTP request and reports what came back, even if the connection breaks. */
import { request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';

export interface HttpExchange {
  /** Undefined if the connection ended before a status came. */
  status?: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The code of the error that ended it, e.g. ECONNRESET; undefined where the answer is complete. */
  error?: string;
}

/** Sends on a connection of its own; resolves however it ends. */
export function exchangeOverHttp(
  url: string,
  body: string,
  options: RequestOptions,
): Promise<HttpExchange> {
  return new Promise((resolve) => {
    const answer: HttpExchange = { headers: {}, text: '' };
    const fail = (error: NodeJS.ErrnoException) =>
      resolve({ ...answer, error: error.code ?? error.name });
    const sent = request(url, { ...options, agent: false }, (response) => {
      answer.status = response.statusCode ?? 0;
      answer.headers = response.headers;
      response.setEncoding('utf8').on('data', (chunk: string) => (answer.text += chunk));
      response.on('end', () => resolve(answer)).on('error', fail);
    });
    sent.on('error', fail).end(body);
  });
}
