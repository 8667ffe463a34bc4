import type { Translation } from '../catalogue.ts';
import type { tested as english } from '../en/tested.ts';

export const tested: Translation<typeof english> = {
  'test.works': 'La connexion fonctionne',
  'test.incomplete': 'La connexion fonctionne, mais des informations manquent',
  'test.worksText':
    'Votre fournisseur d’identité vous a connecté et a envoyé ces informations. C’est ce que votre application reçoit pour chaque personne.',
  'test.missing':
    'Votre fournisseur d’identité n’a envoyé aucune valeur pour : {names}. Ajoutez-la aux attributs (claims) qu’il envoie.',
  'test.email': 'Adresse e-mail',
  'test.firstName': 'Prénom',
  'test.lastName': 'Nom',
  'test.idpId': 'Identifiant chez le fournisseur',
  'test.raw': 'Tout ce qui a été envoyé',
  'test.nothingKept':
    'Ce n’était qu’un test : vous n’êtes connecté nulle part, et rien de tout cela n’est conservé.',
  'test.failed': 'La connexion n’a pas fonctionné',
  'test.unfinished':
    'Le test n’a pas abouti et personne n’a été connecté. Patientez un instant, puis testez de nouveau, ou revenez à l’aperçu.',
  'test.again': 'Tester de nouveau',
  'test.said': 'Voici la réponse reçue :',
  'test.code': 'Code d’erreur :',
  'test.cause.access_denied':
    'Votre fournisseur d’identité a refusé. En général, l’application n’est pas attribuée à la personne : attribuez-la aux personnes ou aux groupes qui doivent se connecter, puis testez de nouveau.',
  'test.cause.connection':
    'La connexion elle-même n’est pas acceptée. Elle est peut-être désactivée ou incomplète : ouvrez les réglages de l’authentification unique et vérifiez-la.',
  'test.cause.oauth':
    'Votre fournisseur d’identité n’a pas accepté l’application. Vérifiez des deux côtés l’identifiant client, le secret client (peut-être expiré) et l’URI de redirection.',
  'test.cause.secret':
    'Le secret client est faux ou a expiré. Créez-en un nouveau chez votre fournisseur d’identité et saisissez-le dans les réglages de l’authentification unique.',
  'test.cause.redirect':
    'L’URI de redirection (URL de réponse) chez votre fournisseur d’identité diffère de celle du portail d’administration. Copiez-la exactement.',
  'test.cause.certificate':
    'La signature n’a pas pu être vérifiée. En général, le fournisseur d’identité a un nouveau certificat : importez-le dans les réglages de l’authentification unique.',
  'test.cause.audience':
    'L’identifiant d’entité (audience ou émetteur) chez votre fournisseur d’identité diffère de celui du portail d’administration. Comparez-les caractère par caractère.',
  'test.cause.clock':
    'La réponse n’était pas valable à cette heure. Vérifiez l’horloge de votre fournisseur d’identité, puis testez de nouveau.',
  'test.cause.attribute':
    'Votre fournisseur d’identité n’a pas envoyé un attribut nécessaire, en général l’adresse e-mail. Ajoutez-le aux attributs (claims) qu’il envoie.',
  'test.cause.domain':
    'L’adresse e-mail de la personne n’appartient pas aux domaines de votre organisation. Vérifiez son domaine, ou connectez-vous avec une adresse d’un domaine vérifié.',
  'test.cause.consent':
    'La personne n’a pas accepté la connexion. Testez de nouveau et acceptez, ou demandez à un administrateur du fournisseur d’identité d’accepter pour tous.',
  'test.cause.server':
    'La réponse de votre fournisseur d’identité n’a pas pu être utilisée. Comparez des deux côtés le certificat, l’identifiant d’entité et les URL ; s’ils concordent, testez de nouveau dans quelques minutes.',
  'test.cause.again': 'La réponse était trop ancienne ou déjà utilisée. Testez de nouveau.',
  'test.cause.foreign':
    'Une personne d’une autre organisation s’est connectée. Connectez-vous avec un compte de votre propre organisation.',
  'test.cause.other':
    'La connexion a été refusée. Comparez les réglages de votre fournisseur d’identité avec ceux du portail d’administration, puis testez de nouveau.',
};
