/** The API's door: the key, then the operation, then its errors. */
import { ApiError, type ApiRequest, type Operation, type Reply } from './http.ts';
import { matchPath } from './operation-pattern.ts';
import { operations } from './operations.ts';
import type { World } from './world.ts';

type RoutedRequest = Omit<ApiRequest, 'params'>;

/** What a healthy WorkOS does with this request; its effects have happened when it returns. */
export function performApi(
  request: RoutedRequest,
  { world, apiKey, wellFormed }: { world: World; apiKey: string; wellFormed: boolean },
): Reply {
  try {
    if (request.headers.authorization !== `Bearer ${apiKey}`)
      throw new ApiError(401, { message: 'Unauthorized' });
    const { operation, params } = route(request);
    if (!wellFormed) throw new ApiError(400, { message: 'Problems parsing JSON' });
    return operation.perform({ ...request, params }, world);
  } catch (error) {
    if (error instanceof ApiError) return error.reply;
    throw error;
  }
}

function route({ method, path }: RoutedRequest): {
  operation: Operation;
  params: Record<string, string>;
} {
  for (const operation of operations) {
    const params = operation.method === method ? matchPath(operation.path, path) : undefined;
    if (params) return { operation, params };
  }
  throw new ApiError(404, { message: `Not Found: ${method} ${path}` });
}
