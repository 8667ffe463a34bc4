import type { frame as en } from '../en/frame.ts';
import type { Translation } from '../catalogue.ts';

export const frame: Translation<typeof en> = {
  'frame.for': 'Für {tenant}',
  'frame.reference': 'Referenz {id}',
  'frame.asking': 'Anwendung',
  'frame.account': 'Konto',
  'frame.openUntil': 'Seite offen bis',
  'frame.until': 'Link gültig bis',
  'frame.product': 'Zu {product}',
  'frame.support': 'Support kontaktieren',
  'frame.again': 'Erneut versuchen',
};
