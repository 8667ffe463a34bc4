import { isIP } from 'node:net';
import { z } from 'zod';
import { Secret } from '../core/secret.ts';

/** Schemas shared by settings. */

export const secret = (schema: z.ZodString) => schema.transform((value) => new Secret(value));
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
/** A whole number in a range, with one message for whatever is wrong. */
const wholeNumber = (min: number, max: number, error: string) =>
  z.coerce
    .number({ error })
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, {
      error,
    });
export const port = wholeNumber(0, 65_535, 'must be a port, a whole number from 0 to 65535');
export const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, 'must begin with postgres://')
  .refine(
    (url) => URL.canParse(url),
    'must be a URL (percent-encode special characters in its password)',
  );
export const isAddressRange = (text: string): boolean => {
  const [address = '', bits, ...rest] = text.split('/');
  const max = isIP(address) === 4 ? 32 : 128;
  const range = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= max);
  return isIP(address) !== 0 && range && rest.length === 0;
};
export const isOriginPattern = (text: string): boolean =>
  /^https?:\/\/(\[[0-9a-f:.]+\]|(\*|[a-z0-9_-]+)(\.(\*|[a-z0-9_-]+))*)(:(\*|\d{1,5}))?$/.test(text);
export const proxyUrl = z
  .string()
  .regex(/^https?:\/\/[^/?#]+\/?$/, 'must be http://host:port or https://host:port')
  .refine(
    (url) => URL.canParse(url),
    'must be a URL (percent-encode special characters in its password)',
  );
export const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((text) => text === 'true');
export const absoluteUrl = z.url({ error: 'must be an absolute URL' });
export const supportUrl = z
  .string()
  .refine(
    (text) => /^(https:\/\/|mailto:[^\s@?]+@[^\s@?]+(\?|$))/i.test(text) && URL.canParse(text),
    'must be an https URL, or mailto: with an e-mail address',
  );
export const count = (min: number, max: number) =>
  wholeNumber(min, max, `must be a whole number from ${min} to ${max}`);
