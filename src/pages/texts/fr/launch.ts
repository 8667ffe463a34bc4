import type { launch as en } from '../en/launch.ts';
import type { Translation } from '../catalogue.ts';

export const launch: Translation<typeof en> = {
  'launch.lead':
    '{product} vous invite à le faire dans le portail d’administration, où vous modifiez les paramètres de votre organisation.',
  'launch.button': 'Ouvrir le portail d’administration',
  'launch.failed':
    'Rien n’a été modifié, et votre lien reste valable. Patientez un instant, puis réessayez.',
  'launch.unexpected':
    'Vous ne vous attendiez pas à cette page ? Fermez-la simplement : rien n’a été modifié.',

  'opening.title': 'Le portail d’administration est en cours d’ouverture',
  'opening.text':
    'Vous venez de cliquer sur le bouton. Le portail d’administration s’ouvre dans un autre onglet ou une autre fenêtre : patientez un instant et retrouvez-le là. Vous pourrez ensuite fermer cette page.',
  'opening.missing':
    'Rien ne s’est ouvert ? Un lien ne fonctionne qu’une seule fois. Retournez dans votre application et recommencez pour en obtenir un nouveau.',
};
