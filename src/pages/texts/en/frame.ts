/** Texts of several pages. */
export const frame = {
  'frame.for': 'For {tenant}',
  'frame.reference': 'Reference {id}',
  'frame.asking': 'Product',
  'frame.account': 'Account',
  'frame.openUntil': 'Page open until',
  'frame.until': 'Link works until',
  'frame.product': 'Go to {product}',
  'frame.support': 'Contact support',
  'frame.again': 'Try again',
} as const;
