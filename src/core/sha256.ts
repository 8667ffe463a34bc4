import { hash } from 'node:crypto';

/** SHA-256 of a text. Secrets are stored and compared in this form. */
export const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');
