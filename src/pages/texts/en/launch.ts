/** The page with the button that opens the Admin Portal, and the answer to a second click on it. */
export const launch = {
  'launch.lead':
    '{product} asks you to do this in the Admin Portal, where you change the settings of your organization.',
  'launch.button': 'Open the Admin Portal',
  'launch.failed':
    'Nothing has been changed, and your link still works. Wait a moment, then try again.',
  'launch.unexpected': 'You did not expect this page? Then close it: nothing has been changed.',

  'opening.title': 'The Admin Portal is being opened',
  'opening.text':
    'You pressed the button a moment ago. The Admin Portal is opening in another tab or window: wait a moment and look for it there. Then you can close this page.',
  'opening.missing':
    'It did not open? A link opens only once. Go back to your product and start again to get a new one.',
} as const;
