/** `token68` of RFC 9110 §11.2, which RFC 6750 §2.1 calls `b64token`. */
const CREDENTIALS = /^(Basic|Bearer) ([A-Za-z0-9._~+/-]+=*)$/i;

const credentialsOf = (scheme: string, header: unknown): string | undefined => {
  const match = typeof header === 'string' ? CREDENTIALS.exec(header) : null;
  return match?.[1]?.toLowerCase() === scheme ? match[2] : undefined;
};

/**
 * Returns the token of an `Authorization: Bearer` header (RFC 6750 §2.1), or undefined for any
 * other value. Tokens in the query string are not supported: they end up in logs and histories.
 */
export const bearerOf = (header: unknown): string | undefined => credentialsOf('bearer', header);

/** Returns the encoded credentials of an `Authorization: Basic` header (RFC 7617), or undefined. */
export const basicOf = (header: unknown): string | undefined => credentialsOf('basic', header);
