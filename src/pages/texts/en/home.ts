/** The page at `/`, for whoever opens the address without a path. */
export const home = {
  'home.title': 'Sign-in and setup for {product}',
  'home.text':
    'Your product brings you here to sign in, or to set up single sign-on and other connections for your organization. There is nothing to do at this address itself: open your product and start there.',
  'home.developers': 'For developers',
  'home.docs': 'API documentation',
  'home.problems': 'Error reference',
} as const;
