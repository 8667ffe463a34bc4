/** The API's door: the key, then the operation, then its errors. */
import { ApiError, type Reply, type RoutedRequest } from './http/operation.ts';
import { operations } from './operations.ts';
import { route } from './http/routing.ts';
import type { World } from './state/world.ts';

/** What a healthy WorkOS does with this request; its effects have happened when it returns. */
export function performApi(
  request: RoutedRequest,
  { world, wellFormed }: { world: World; wellFormed: boolean },
): Reply {
  try {
    const found = route(operations, request);
    if (!found?.operation.open && request.headers.authorization !== `Bearer ${world.apiKey}`)
      throw new ApiError(401, { message: 'Unauthorized' });
    if (!found)
      throw new ApiError(404, { message: `Not Found: ${request.method} ${request.path}` });
    if (!wellFormed) throw new ApiError(400, { message: 'Problems parsing JSON' });
    return found.operation.perform({ ...request, params: found.params }, world);
  } catch (error) {
    if (error instanceof ApiError) return error.reply;
    throw error;
  }
}
