import { Pool } from 'undici';
import { Refusal } from './refusal.ts';

/** Posts to WorkOS and reads its JSON. */
export type Post = <T>(path: string, body: string | URLSearchParams) => Promise<T>;

/** The same connection pool as the gateway's, without its limits. */
export function createPost(workosUrl: string): Post {
  const pool = new Pool(workosUrl, { connections: 256, allowH2: false });
  return async <T>(path: string, sent: string | URLSearchParams) => {
    const isForm = sent instanceof URLSearchParams;
    const { statusCode, body } = await pool.request({
      path,
      method: 'POST',
      headers: {
        'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
        authorization: 'Bearer sk_bench',
      },
      body: String(sent),
    });
    const value = (await body.json()) as T;
    if (statusCode >= 300) throw new Refusal(502);
    return value;
  };
}

/** @throws Refusal 502 */
export async function mint(post: Post, request: object): Promise<string> {
  const { link = '' } = await post<{ link?: string }>(
    '/portal/generate_link',
    JSON.stringify(request),
  );
  if (new URL(link).hostname !== '127.0.0.1') throw new Refusal(502);
  return link;
}
