import type { home as en } from '../en/home.ts';
import type { Translation } from '../catalogue.ts';

export const home: Translation<typeof en> = {
  'home.title': 'Connexion et configuration pour {product}',
  'home.text':
    'Votre application vous amène ici pour vous connecter, ou pour configurer l’authentification unique et d’autres connexions de votre organisation. Il n’y a rien à faire à cette adresse : ouvrez votre application et commencez de là.',
  'home.developers': 'Pour les équipes de développement',
  'home.docs': 'Documentation de l’API (en anglais)',
  'home.problems': 'Liste des erreurs (en anglais)',
};
