import type { mail as english } from '../en/mail.ts';
import type { Translation } from '../catalogue.ts';

export const mail: Translation<typeof english> = {
  'mail.subject': '{product} : {task} pour {tenant}',
  'mail.any': 'Configurer votre organisation',
  'mail.lead':
    '{product} vous demande, en tant qu’administrateur informatique de {tenant}, de le faire dans le portail d’administration.',
  'mail.anyLead':
    '{product} vous invite, en tant qu’administrateur informatique de {tenant}, à configurer la connexion et ce qui l’accompagne. La page montre ce qui est configuré et ce qu’il reste à faire.',
  'mail.anyUntil':
    'Le lien fonctionne jusqu’au {time} et n’ouvre la page que dans un seul navigateur, pendant une heure. Ne le transférez pas : quiconque l’ouvre peut modifier les paramètres de votre organisation.',
  'mail.button': 'Ouvrir le portail d’administration',
  'mail.until':
    'Le lien fonctionne jusqu’au {time}, une seule fois. Ne le transférez pas : quiconque l’ouvre peut modifier les paramètres de votre organisation.',
  'mail.copy': 'Si le bouton ne fonctionne pas, ouvrez cette adresse dans votre navigateur :',
  'mail.unexpected':
    'Vous n’attendiez pas cet e-mail ? N’ouvrez pas le lien. Rien n’a été modifié, et le lien expire de lui-même.',
};
