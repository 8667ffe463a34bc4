import type { problems as en } from '../en/problems.ts';
import type { Translation } from '../catalogue.ts';

export const problems: Translation<typeof en> = {
  'problem.other.title': 'Un problème est survenu',
  'problem.other.next':
    'Retournez dans votre application et recommencez de là. Si cela se reproduit, contactez l’assistance en indiquant la référence ci-dessous.',
  'problem.internal.title': 'Un problème est survenu de notre côté',
  'problem.internal.next':
    'Patientez un instant, puis rechargez cette page. Si cela se reproduit, contactez l’assistance en indiquant la référence ci-dessous.',
  'problem.ourMistake.title': 'Nous n’avons pas pu ouvrir cette page',
  'problem.ourMistake.next':
    'Vous n’y êtes pour rien. Veuillez contacter l’assistance en indiquant la référence ci-dessous.',
  'problem.unavailable.title': 'Ceci n’est pas disponible pour le moment',
  'problem.unavailable.next':
    'Patientez un instant, puis rechargez cette page. Votre lien reste valable jusqu’à son expiration ; ensuite, retournez dans votre application et recommencez.',
  'problem.notAnswering.title': 'Un service dont nous dépendons ne répond pas',
  'problem.notAnswering.next':
    'Patientez un instant, puis rechargez cette page. Votre lien reste valable jusqu’à son expiration ; ensuite, retournez dans votre application et recommencez.',
  'problem.busy.title': 'Le service est très sollicité en ce moment',
  'problem.busy.next':
    'Patientez un instant, puis rechargez cette page. Votre lien reste valable jusqu’à son expiration ; ensuite, retournez dans votre application et recommencez.',
  'problem.tooMany.title': 'Trop de demandes à la fois',
  'problem.tooMany.next':
    'Patientez une minute, puis ouvrez votre application et recommencez de là.',

  'problem.launchGone.title': 'Ce lien ne fonctionne plus',
  'problem.launchGone.next':
    'Un lien ne s’ouvre qu’une fois et pendant peu de temps. Retournez dans votre application et recommencez pour en obtenir un nouveau.',
  'problem.incomplete.title': 'Ce lien est incomplet',
  'problem.incomplete.next': 'Retournez dans votre application et recommencez de là.',
  'problem.notFound.title': 'Il n’y a rien à cette adresse',
  'problem.notFound.next':
    'Vérifiez l’adresse, ou retournez dans votre application et recommencez de là.',
  'problem.unreadable.title': 'Nous n’avons pas pu lire la demande de votre navigateur',
  'problem.unreadable.next': 'Retournez dans votre application et recommencez de là.',
  'problem.headersTooLarge.title': 'Votre navigateur a envoyé trop de données',
  'problem.headersTooLarge.next':
    'Supprimez les cookies de ce site, puis retournez dans votre application et recommencez.',
  'problem.navigation.title': 'Ce lien doit s’ouvrir dans une fenêtre du navigateur',
  'problem.navigation.next':
    'Il a été chargé à l’avance ou à l’intérieur d’une autre page. Ouvrez-le d’un clic, dans sa propre fenêtre ; il n’a pas été consommé.',
  'problem.method.title': 'Cette page ne peut pas être ouverte de cette façon',
  'problem.method.next':
    'Ouvrez à nouveau votre lien dans une fenêtre du navigateur. Si cela ne suffit pas, retournez dans votre application et recommencez.',

  'problem.signInAddress.title': 'Cette adresse de connexion n’est pas correcte',
  'problem.signInAddress.next':
    'Vous n’y êtes pour rien. Veuillez contacter l’assistance en indiquant la référence ci-dessous.',
  'problem.loginExpired.title': 'Cette connexion n’est plus valable',
  'problem.loginExpired.next':
    'Elle a pris trop de temps, était déjà terminée ou a commencé dans un autre navigateur. Retournez dans votre application et connectez-vous à nouveau de là.',
  'problem.loginNotHere.title': 'Veuillez vous connecter depuis votre application',
  'problem.loginNotHere.next':
    'Ouvrez l’application que vous souhaitez utiliser et connectez-vous-y.',
  'problem.signInEnded.title': 'Veuillez vous reconnecter',
  'problem.signInEnded.next':
    'Votre connexion a pris fin ou n’est pas valable ici. Connectez-vous à votre application, puis recommencez de là.',
  'problem.signInFirst.title': 'Veuillez d’abord vous connecter',
  'problem.signInFirst.next':
    'Seuls les administrateurs informatiques de votre organisation peuvent ouvrir cette page. Connectez-vous à votre application, puis recommencez de là.',
  'problem.itAdminRequired.title': 'Seuls les administrateurs informatiques peuvent le faire',
  'problem.itAdminRequired.next':
    'Votre compte n’est pas celui d’un administrateur informatique de cette organisation. Demandez à votre administrateur de s’en charger, ou connectez-vous avec un compte qui en a le droit.',
  'problem.notOnList.title': 'Vous ne figurez pas encore parmi les administrateurs informatiques',
  'problem.notOnList.next':
    'Demandez à votre administrateur informatique de vous ajouter, ou connectez-vous à votre application et recommencez de là.',
  'problem.scope.title': 'Votre application n’a pas le droit d’ouvrir cette page',
  'problem.scope.next':
    'Vous n’y êtes pour rien. Veuillez contacter l’assistance en indiquant la référence ci-dessous.',

  'problem.tenantNotFound.title': 'Nous n’avons pas trouvé votre organisation',
  'problem.tenantNotFound.next':
    'Retournez dans votre application et recommencez de là. Si cela se reproduit, contactez l’assistance en indiquant la référence ci-dessous.',
  'problem.paused.title': 'La configuration de votre organisation est suspendue',
  'problem.paused.next': 'Veuillez contacter l’assistance en indiquant la référence ci-dessous.',
  'problem.needsSupport.title':
    'La configuration de votre organisation nécessite notre intervention',
  'problem.needsSupport.next':
    'Vous n’y êtes pour rien. Veuillez contacter l’assistance en indiquant la référence ci-dessous.',
  'problem.preparing.title': 'Votre organisation est encore en préparation',
  'problem.preparing.next':
    'Cela prend moins d’une minute. Patientez un instant, puis rechargez cette page.',

  'link.heading': 'Pour la personne qui a créé ce lien',
  'link.ticket': 'doit être le ticket de l’url du launch, sans modification.',
  'link.launch': 'doit être le jeton envoyé au portail d’administration, sans modification.',
  'link.client_id': 'doit être l’identifiant de votre client.',
  'link.tenant_id':
    'doit être votre propre identifiant de tenant, et non un identifiant d’organisation (org_…).',
  'link.intent': 'doit être l’une de ces valeurs : {intents}.',
  'link.return_url':
    'doit être une adresse https dont l’origine est enregistrée pour votre client.',
  'link.success_url':
    'doit être une adresse https dont l’origine est enregistrée pour votre client.',
};
