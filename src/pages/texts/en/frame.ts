/** Texts of several pages. */
export const frame = {
  'frame.for': 'For {tenant}',
  'frame.reference': 'Reference {id}',
} as const;
