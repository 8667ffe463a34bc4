import type { intents as en } from '../en/intents.ts';
import type { Translation } from '../catalogue.ts';

export const intents: Translation<typeof en> = {
  'intent.sso.task': 'Configurer l’authentification unique',
  'intent.sso.active': 'L’authentification unique est configurée',
  'intent.sso.inProgress': 'La configuration de l’authentification unique n’est pas terminée',
  'intent.sso.attention': 'L’authentification unique ne fonctionne pas en ce moment',
  'intent.sso.nothing': 'L’authentification unique n’est pas encore configurée',
  'intent.sso.items': 'Connexions',

  'intent.dsync.task': 'Configurer la synchronisation d’annuaire',
  'intent.dsync.active': 'La synchronisation d’annuaire est configurée',
  'intent.dsync.inProgress': 'La configuration de la synchronisation d’annuaire n’est pas terminée',
  'intent.dsync.attention': 'La synchronisation d’annuaire ne fonctionne pas en ce moment',
  'intent.dsync.nothing': 'La synchronisation d’annuaire n’est pas encore configurée',
  'intent.dsync.items': 'Annuaires',

  'intent.audit_logs.task': 'Consulter les journaux d’audit',
  'intent.audit_logs.active': 'Les journaux d’audit sont disponibles',
  'intent.audit_logs.inProgress': 'Les journaux d’audit ne sont pas encore disponibles',
  'intent.audit_logs.attention': 'Les journaux d’audit ne fonctionnent pas en ce moment',
  'intent.audit_logs.nothing': 'Les journaux d’audit ne sont pas encore activés',
  'intent.audit_logs.items': 'Journaux d’audit',

  'intent.log_streams.task': 'Configurer les flux de journaux',
  'intent.log_streams.active': 'Les flux de journaux sont configurés',
  'intent.log_streams.inProgress': 'La configuration des flux de journaux n’est pas terminée',
  'intent.log_streams.attention': 'Un flux de journaux ne fonctionne pas en ce moment',
  'intent.log_streams.nothing': 'Les flux de journaux ne sont pas encore configurés',
  'intent.log_streams.items': 'Flux de journaux',

  'intent.domain_verification.task': 'Vérifier un domaine',
  'intent.domain_verification.active': 'Votre domaine est vérifié',
  'intent.domain_verification.inProgress': 'Votre domaine n’est pas encore vérifié',
  'intent.domain_verification.attention': 'Votre domaine n’a pas pu être vérifié',
  'intent.domain_verification.nothing': 'Aucun domaine n’a encore été ajouté',
  'intent.domain_verification.items': 'Domaines',

  'intent.certificate_renewal.task': 'Renouveler un certificat de connexion',
  'intent.certificate_renewal.active': 'Le certificat est à jour',
  'intent.certificate_renewal.inProgress': 'Le certificat n’est pas encore renouvelé',
  'intent.certificate_renewal.attention': 'Le certificat n’est pas encore renouvelé',
  'intent.certificate_renewal.nothing': 'Aucun certificat n’est à renouveler',
  'intent.certificate_renewal.items': 'Certificats',

  'intent.bring_your_own_key.task': 'Utiliser votre propre clé de chiffrement',
  'intent.bring_your_own_key.active': 'Votre clé de chiffrement est utilisée',
  'intent.bring_your_own_key.inProgress': 'Votre clé de chiffrement n’est pas encore utilisée',
  'intent.bring_your_own_key.attention': 'Votre clé de chiffrement ne fonctionne pas en ce moment',
  'intent.bring_your_own_key.nothing': 'Aucune clé de chiffrement n’a encore été ajoutée',
  'intent.bring_your_own_key.items': 'Clés de chiffrement',
};
