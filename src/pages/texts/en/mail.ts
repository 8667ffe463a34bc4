/** The e-mail that invites an IT admin. The title is that of the intent's task. */
export const mail = {
  'mail.subject': '{product}: {task} for {tenant}',
  'mail.any': 'Set up your organization',
  'mail.lead': '{product} asks you, as an IT admin of {tenant}, to do this in the Admin Portal.',
  'mail.anyLead':
    '{product} asks you, as an IT admin of {tenant}, to set up sign-in and what else belongs to it. The page shows what is set up, and what to do next.',
  'mail.anyUntil':
    'The link works until {time}, and opens the page in one browser only, for an hour. Do not forward it: whoever opens it can change the settings of your organization.',
  'mail.button': 'Open the Admin Portal',
  'mail.until':
    'The link works until {time}, and only once. Do not forward it: whoever opens it can change the settings of your organization.',
  'mail.copy': 'If the button does not work, open this address in your browser:',
  'mail.unexpected':
    'You did not expect this e-mail? Then do not open the link. Nothing has been changed, and the link expires by itself.',
} as const;
