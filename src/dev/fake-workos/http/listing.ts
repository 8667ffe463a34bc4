/** WorkOS's list replies: newest first by default, with object ids as cursors. */
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
 * Replies with one page of `members`. Sorts them by id, which is by creation.
 * @param toWire converts a member; default: sent as it is
 * @param code top-level code of an invalid query, which some lists have
 */
export function listReply<Member extends { id: string }>(
  members: Iterable<Member>,
  request: ApiRequest,
  toWire: (member: Member) => unknown = (member) => member,
  code?: string,
): Reply {
  const page = parse(Page, request.query, code);
  const { data, before, after } =
    page.order === 'normal' ? normalOrder(members, page) : slicePage(members, page);
  return {
    status: 200,
    body: { object: 'list', data: data.map(toWire), list_metadata: { before, after } },
  };
}

/** `normal` is `desc` with the two cursors swapped. */
function normalOrder<Member extends { id: string }>(members: Iterable<Member>, page: Page) {
  const { data, before, after } = slicePage(members, {
    ...page,
    before: page.after,
    after: page.before,
  });
  return { data, before: after, after: before };
}

function slicePage<Member extends { id: string }>(
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
