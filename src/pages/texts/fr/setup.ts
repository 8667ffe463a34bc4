import type { Translation } from '../catalogue.ts';
import type { setup as english } from '../en/setup.ts';

export const setup: Translation<typeof english> = {
  'setup.title': 'Ce qui est configuré',
  'setup.next': 'Prochaine étape',
  'setup.nothingToDo': 'Tout ce qui est configuré fonctionne. Il n’y a rien à faire.',
  'setup.nothingKnown':
    'Nous ne savons pas encore ce qui est configuré. Vérifiez de nouveau dans un instant.',
  'setup.stale': 'La vérification n’a pas abouti. Ces informations datent du {time}.',
  'setup.staleNever':
    'La vérification n’a pas abouti, nous ne savons donc pas encore tout. Vérifiez de nouveau dans un instant.',
  'setup.asOf': 'Situation au {time}.',
  'setup.state.not_configured': 'Non configuré',
  'setup.state.in_progress': 'En cours',
  'setup.state.active': 'Actif',
  'setup.state.attention': 'À corriger',
  'setup.state.unknown': 'Inconnu',
  'setup.state.notNeeded': 'Pas nécessaire',
  'setup.reason.not_read_yet': 'Nous n’avons pas encore pu le vérifier.',
  'setup.reason.not_told_yet': 'Rien n’a encore été signalé à ce sujet.',
  'intent.any.task': 'Voir ce qui est configuré',
  'setup.confirm.lead':
    '{product} vous demande de consulter la configuration de votre organisation : ce qui est configuré et ce qu’il reste à faire.',
  'setup.confirm.button': 'Ouvrir la page de configuration',
  'problem.setupClosed.title': 'Cette page de configuration est fermée',
  'problem.setupClosed.next':
    'Elle reste ouverte une heure, et seulement dans le navigateur qui l’a ouverte. Retournez dans votre application et ouvrez-la de nouveau de là.',
  'setup.sso.name': 'Authentification unique (SSO)',
  'setup.sso.about': 'Chacun se connecte par votre fournisseur d’identité.',
  'setup.sso.change': 'Modifier l’authentification unique',
  'setup.dsync.name': 'Synchronisation d’annuaire',
  'setup.dsync.about': 'Les utilisateurs et les groupes suivent votre annuaire.',
  'setup.dsync.change': 'Modifier la synchronisation d’annuaire',
  'setup.audit_logs.name': 'Journaux d’audit',
  'setup.audit_logs.about': 'Voyez qui a fait quoi dans votre organisation.',
  'setup.audit_logs.change': 'Consulter les journaux d’audit',
  'setup.log_streams.name': 'Flux de journaux',
  'setup.log_streams.about': 'Les journaux d’audit sont envoyés à votre propre système.',
  'setup.log_streams.change': 'Modifier les flux de journaux',
  'setup.domain_verification.name': 'Domaines',
  'setup.domain_verification.about':
    'Un domaine vérifié montre que ses adresses e-mail vous appartiennent.',
  'setup.domain_verification.change': 'Vérifier un autre domaine',
  'setup.certificate_renewal.name': 'Certificat de connexion',
  'setup.certificate_renewal.about':
    'Votre fournisseur d’identité signe ses réponses avec ce certificat.',
  'setup.certificate_renewal.notNeeded': 'Seules les connexions SAML actives en ont besoin.',
  'setup.certificate_renewal.change': 'Renouveler le certificat à l’avance',
  'setup.bring_your_own_key.name': 'Clé de chiffrement',
  'setup.bring_your_own_key.about': 'Vos données sont chiffrées avec votre propre clé.',
  'setup.bring_your_own_key.change': 'Modifier votre clé de chiffrement',
  'setup.certificate': 'Certificat jusqu’au {date}',
  'setup.certificateExpired': 'Certificat expiré le {date}',
  'setup.notChosen': 'Fournisseur d’identité pas encore choisi',
  'setup.noSignIn': 'Personne ne s’est encore connecté',
  'setup.firstSignIn': 'Utilisé depuis le {date}',
  'setup.test': 'Tester la connexion',
  'setup.testNamed': 'Tester la connexion par {name}',
  'setup.failed':
    'Rien n’a été modifié. Patientez un instant, puis réessayez, ou revenez à l’aperçu.',
  'setup.back': 'Retour à l’aperçu',
};
