import type { returned as en } from '../en/returned.ts';
import type { Translation } from '../catalogue.ts';

export const returned: Translation<typeof en> = {
  'returned.active': 'Vos paramètres sont enregistrés et appliqués.',
  'returned.activeUnused':
    'Vos paramètres sont enregistrés. Personne ne s’est encore connecté avec eux : connectez-vous une fois vous-même pour vérifier que tout fonctionne, avant d’informer les autres.',
  'returned.saved': 'Votre saisie est enregistrée.',
  'returned.unchanged': 'Aucune modification de cette visite n’est encore visible.',
  'returned.nothing':
    'Rien de cette visite n’est encore visible. Vous pouvez rouvrir le portail d’administration depuis votre application quand vous le souhaitez.',
  'returned.notRevealed.title': 'Vous êtes de retour du portail d’administration',
  'returned.notRevealed':
    'Les modifications que vous y avez enregistrées sont conservées. Cette page ne peut pas les afficher ; pour les voir, rouvrez le portail d’administration depuis votre application.',
  'returned.unknown.title': 'Nous ne connaissons pas encore le résultat',
  'returned.unknown':
    'La vérification a pris trop de temps cette fois-ci. Les modifications que vous avez enregistrées dans le portail d’administration sont conservées.',

  'returned.next.sso':
    'L’authentification unique sera active dès que votre fournisseur d’identité sera connecté. Terminez-y les étapes restantes ; s’il en reste ici, rouvrez le portail d’administration depuis votre application.',
  'returned.next.dsync':
    'La synchronisation sera active dès que votre fournisseur d’identité transmettra des personnes et des groupes. S’il reste des étapes, rouvrez le portail d’administration depuis votre application.',
  'returned.next.domain_verification':
    'La vérification se poursuit d’elle-même dès que l’enregistrement DNS est en place. Il peut mettre plusieurs heures à être visible partout.',
  'returned.next.other':
    'Certaines modifications n’apparaissent qu’après quelques minutes. S’il reste des étapes, rouvrez le portail d’administration depuis votre application.',

  'returned.repair.domain_verification':
    'L’enregistrement DNS n’a pas été trouvé à temps. Pour réessayer, rouvrez le portail d’administration depuis votre application.',
  'returned.repair.certificate_renewal':
    'Il expire bientôt ou a expiré ; la connexion ne sera alors plus possible. Pour le renouveler, rouvrez le portail d’administration depuis votre application.',
  'returned.repair.other':
    'Pour y remédier, rouvrez le portail d’administration depuis votre application.',
  'returned.repair.soon':
    'Une modification que vous venez de faire peut n’apparaître que dans quelques minutes.',

  'returned.domains':
    '{verified, number} {verified, plural, one {domaine vérifié} other {domaines vérifiés}} sur {count, number}',
  'returned.allDomains': 'Les {count, number} domaines sont vérifiés',
  'returned.continue': 'Continuer vers {host}',
  'returned.again': 'Vérifier à nouveau',
  'returned.close': 'Vous pouvez fermer cette page.',

  'state.active': 'En service',
  'state.verified': 'Vérifié',
  'state.unfinished': 'À terminer',
  'state.validating': 'En cours de vérification',
  'state.inactive': 'Hors service',
  'state.invalidCredentials': 'Identifiants refusés',
  'state.deleting': 'En cours de suppression',
  'state.pending': 'En attente de vérification',
  'state.unverified': 'Non vérifié',
  'state.failed': 'Échec de la vérification',
  'state.error': 'En panne',
  'state.current': 'À jour',
  'state.expiring': 'Expire bientôt',
  'state.expired': 'Expiré',
};
