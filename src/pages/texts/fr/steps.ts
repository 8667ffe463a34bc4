import type { Translation } from '../catalogue.ts';
import type { steps as english } from '../en/steps.ts';

export const steps: Translation<typeof english> = {
  'step.renew_expired_certificate':
    'Renouvelez le certificat de {name} : il a expiré le {date}, la connexion est peut-être impossible.',
  'step.renew_certificate': 'Renouvelez le certificat de {name} avant qu’il n’expire le {date}.',
  'step.repair_sso':
    'Réparez la connexion {name} : elle n’est pas active, personne ne peut donc l’utiliser.',
  'step.finish_sso': 'Terminez la configuration de la connexion {name}.',
  'step.set_up_sso': 'Connectez votre fournisseur d’identité, pour que chacun se connecte par lui.',
  'step.test_sso': 'Testez {name} : la connexion est active, mais personne ne l’a encore utilisée.',
  'step.repair_directory_sync': 'Réparez l’annuaire {name} : il ne se synchronise pas.',
  'step.finish_directory_sync': 'Terminez la configuration de l’annuaire {name}.',
  'step.set_up_directory_sync':
    'Connectez votre annuaire, pour que les utilisateurs et les groupes restent à jour.',
  'step.retry_domain_verification':
    'Vérifiez {name} de nouveau : son enregistrement DNS n’a pas été trouvé à temps.',
  'step.finish_domain_verification': 'Ajoutez l’enregistrement DNS qui vérifie {name}.',
  'step.add_domain': 'Vérifiez le domaine de vos adresses e-mail.',
  'step.repair_log_streams': 'Réparez le flux de journaux : il ne livre aucun événement.',
  'step.repair_encryption_key': 'Réparez votre clé de chiffrement : elle n’a pas pu être vérifiée.',
};
