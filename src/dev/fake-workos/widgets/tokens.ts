/** `/widgets/token`: tokens that let a user's browser use WorkOS's widgets. */
import { z } from 'zod';
import { ApiError, type ApiRequest, type Operation, type Reply } from '../http/operation.ts';
import { parse } from '../http/validation.ts';
import { organizationOf } from '../organizations/organizations.ts';
import { randomText } from '../state/ids.ts';
import type { World } from '../state/world.ts';
import { userOf } from '../users/users.ts';

export const widgetTokenOperations: readonly Operation[] = [
  { method: 'POST', path: '/widgets/token', perform: create },
];

const CreateToken = z.object({
  organization_id: z.string(),
  user_id: z.string().optional(),
  scopes: z.array(z.string().regex(/^widgets:[a-z-]+:[a-z]+$/)).optional(),
});

function create(request: ApiRequest, world: World): Reply {
  const { organization_id, user_id } = parse(CreateToken, request.body);
  organizationOf(world, organization_id);
  if (user_id !== undefined) requireMember(world, organization_id, userOf(world, user_id).id);
  return { status: 201, body: { token: randomText(64) } };
}

function requireMember({ state }: World, organizationId: string, userId: string): void {
  const isMember = [...state.organizationMemberships.values()].some(
    (one) => one.user_id === userId && one.organization_id === organizationId,
  );
  if (!isMember) throw new ApiError(400, { message: 'The user is no member of the organization.' });
}
