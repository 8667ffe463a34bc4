import { hash } from 'node:crypto';
import { isObject } from '../../core/json.ts';

/** The id under which the owner of a body's secret token is stored, without the token itself. */
export const idOfToken = (body: unknown): string => {
  const token = isObject(body) && typeof body.token === 'string' ? body.token : '';
  return hash('sha256', token, 'base64url');
};
