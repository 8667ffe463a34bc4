/** WorkOS's lists: newest first by default, cursors are ids of members. */
import { z } from 'zod';
import type { ApiRequest, Reply } from './operation.ts';
import { parse } from './validation.ts';

const Page = z.object({
  before: z.string().optional(),
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(10),
  order: z.enum(['asc', 'desc', 'normal']).default('desc'),
});
type Page = z.infer<typeof Page>;

/**
 * One page of `members`, whatever their order; ids ascend with creation.
 * @param view a member's shape on the wire, where that is not its own
 */
export function listReply<Member extends { id: string }>(
  members: Iterable<Member>,
  request: ApiRequest,
  view: (member: Member) => unknown = (member) => member,
): Reply {
  const page = parse(Page, request.query);
  const { data, before, after } =
    page.order === 'normal' ? reversed(members, page) : cut(members, page);
  return {
    status: 200,
    body: { object: 'list', data: data.map(view), list_metadata: { before, after } },
  };
}

/** `normal` is `desc` with the meaning of the two cursors exchanged. */
function reversed<Member extends { id: string }>(members: Iterable<Member>, page: Page) {
  const { data, before, after } = cut(members, { ...page, before: page.after, after: page.before });
  return { data, before: after, after: before };
}

function cut<Member extends { id: string }>(
  members: Iterable<Member>,
  { before, after, limit, order }: Page,
) {
  const direction = order === 'asc' ? 1 : -1;
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0) * direction;
  const sorted = [...members].sort((a, b) => compare(a.id, b.id));
  const between = sorted.filter(
    ({ id }) =>
      (after === undefined || compare(id, after) > 0) &&
      (before === undefined || compare(id, before) < 0),
  );
  const data =
    before !== undefined && after === undefined ? between.slice(-limit) : between.slice(0, limit);
  const [first, last] = [data.at(0), data.at(-1)];
  return {
    data,
    before: first && first !== sorted.at(0) ? first.id : null,
    after: last && last !== sorted.at(-1) ? last.id : null,
  };
}
