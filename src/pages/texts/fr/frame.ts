import type { frame as en } from '../en/frame.ts';
import type { Translation } from '../catalogue.ts';

export const frame: Translation<typeof en> = {
  'frame.for': 'Pour {tenant}',
  'frame.reference': 'Référence {id}',
  'frame.asking': 'Application',
  'frame.account': 'Compte',
  'frame.openUntil': 'Page ouverte jusqu’au',
  'frame.until': 'Lien valable jusqu’au',
  'frame.product': 'Aller vers {product}',
  'frame.support': 'Contacter l’assistance',
  'frame.again': 'Réessayer',
};
