/** What people are told when they do not get in, or may not do something. */
export const peopleProblems = {
  csrf_refused: {
    status: 403,
    title: 'The request does not come from the console',
    remedy: 'Change things in the console itself; a script sends an API token and no cookie.',
  },
  action_denied: {
    status: 403,
    title: 'Your role does not allow this',
    remedy: 'Ask somebody who has one of the roles that `needs` names.',
  },
  sign_in_refused: {
    status: 403,
    title: 'The sign-in was refused',
    remedy: 'Start again from the sign-in page; the log of the server has the reason.',
  },
  sign_in_unavailable: {
    status: 503,
    title: 'The identity provider for people cannot be reached',
    remedy: 'Try again; until it answers, `vouchgate up --admin-link` on the server lets an owner in.',
  },
  sign_in_not_configured: {
    status: 404,
    title: 'No identity provider for people is configured',
    remedy: 'Configure `people.signIn` in vouchgate.yaml, or use an admin link.',
  },
  session_required: {
    status: 403,
    title: 'An API token cannot do this',
    remedy: 'Sign in as a person.',
  },
  session_unknown: {
    status: 404,
    title: 'There is no such session',
    remedy: 'List the sessions: GET /v1/sessions.',
  },
  api_token_unknown: {
    status: 404,
    title: 'There is no such API token',
    remedy: 'List the tokens: GET /v1/api-tokens.',
  },
  api_token_refused: {
    status: 409,
    title: 'This API token cannot be made',
    remedy: 'Ask for what you may do yourself, in repositories that you may see.',
  },
} as const;
