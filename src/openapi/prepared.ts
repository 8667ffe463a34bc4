import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Answer } from '../http/answer.ts';
import { DOCS_HEADERS } from '../http/security-headers.ts';

type Encoding = 'br' | 'gzip' | 'identity';

const COMPRESS: Readonly<Record<Encoding, (body: Buffer) => Buffer>> = {
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (body) => gzipSync(body),
  identity: (body) => body,
};

/**
 * Serves a document that does not change while the process runs. Builds it at the first request,
 * compresses it once per encoding, and answers 304 if the ETag matches.
 */
export function prepared(type: string, make: () => string | Buffer) {
  const bodies: Partial<Record<Encoding, Buffer>> = {};
  let tag: string | undefined;
  const bodyIn = (encoding: Encoding): Buffer =>
    (bodies[encoding] ??= COMPRESS[encoding](
      encoding === 'identity' ? Buffer.from(make()) : bodyIn('identity'),
    ));
  return ({
    headers,
  }: {
    readonly headers: Readonly<Record<string, string | undefined>>;
  }): Promise<Answer> => {
    const encoding = encodingFor(headers['accept-encoding']);
    const body = bodyIn(encoding);
    tag ??= `W/"${createHash('sha256').update(bodyIn('identity')).digest('base64url').slice(0, 22)}"`;
    const common = {
      ...DOCS_HEADERS,
      'cache-control': 'public, max-age=300',
      vary: 'Accept-Encoding',
      etag: tag,
    };
    if (headers['if-none-match']?.includes(tag))
      return Promise.resolve({ status: 304, headers: common, body: '' });
    return Promise.resolve({
      status: 200,
      headers: {
        ...common,
        'content-type': type,
        ...(encoding !== 'identity' && { 'content-encoding': encoding }),
      },
      body,
    });
  };
}

/** The subset of RFC 9110 §12.5.3 that two encodings need. */
function encodingFor(accepted = ''): Encoding {
  const names = accepted
    .split(',')
    .filter((one) => !/;\s*q=0(\.0*)?\s*$/.test(one))
    .map((one) => one.split(';')[0]?.trim().toLowerCase());
  return (['br', 'gzip'] as const).find((encoding) => names.includes(encoding)) ?? 'identity';
}
