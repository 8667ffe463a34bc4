import type { Answer } from '../http/answer.ts';
import { documentAt } from '../http/document-endpoint.ts';
import { implement, type Contract, type Route } from '../http/endpoint.ts';
import { API_HEADERS } from '../http/security-headers.ts';
import type { Pages } from './pages.ts';

const FOR_EVER_S = 31_536_000;

/** The explanation of every problem, and the pages' stylesheet and icon, whose names change with their content. */
export function assetRoutes({ stylesheet, icon, problemGuide }: Pages): Route[] {
  const contract = {
    problemGuide: documentAt('/docs/problems', 'text/html; charset=utf-8'),
    stylesheet: documentAt(stylesheet.path as `/${string}`, 'text/css; charset=utf-8'),
    icon: documentAt(icon.path as `/${string}`, 'image/svg+xml'),
  } as const satisfies Contract;
  return implement(contract, {
    problemGuide: () => Promise.resolve(problemGuide()),
    stylesheet: () => serve(contract.stylesheet.reply.type, stylesheet.body, FOR_EVER_S),
    icon: () => serve(contract.icon.reply.type, icon.body, FOR_EVER_S),
  });
}

const serve = (type: string, body: string, maxAge: number): Promise<Answer> =>
  Promise.resolve({
    status: 200,
    headers: { ...API_HEADERS, 'content-type': type, 'cache-control': `public, max-age=${maxAge}` },
    body,
  });
