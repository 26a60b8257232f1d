/* Every screen, one row each: the gates (gates.spec.ts) run on all of them. A new page adds its
 * row here. */
import type { APIRequestContext } from '@playwright/test';

import type { Role } from './cronotopo.ts';

/* Ids of the demo that addresses need. */
export interface Ids {
  /* A session in progress. */
  session: string;
  mail: string;
  project: string;
  organisation: string;
  person: string;
  course: string;
  edition: string;
  call: string;
  trainer: string;
}

export interface Screen {
  name: string;
  role: Role | null;
  path: string | ((ids: Ids) => string);
  /* Pressed before looking, by its role and Italian or English name (a dialog, a tab). */
  press?: { it: string; en: string };
}

export const SCREENS: readonly Screen[] = [
  { name: 'home of a stranger', role: null, path: '/' },
  { name: 'home of the coordinator', role: 'coordinator', path: '/' },
  { name: 'home of a trainer', role: 'trainer', path: '/' },
  { name: 'home of a participant', role: 'participant', path: '/' },
  { name: 'sign-in', role: null, path: '/sign-in' },
  { name: 'sign-in after a spent link', role: null, path: '/sign-in?link=gone' },
  { name: 'confirmation of a mailed link', role: null, path: '/sign-in/confirm?t=x' },
  { name: 'account', role: 'participant', path: '/account' },
  { name: 'revoking a device', role: 'participant', path: '/account', press: { it: 'Revoca', en: 'Revoke' } },
  { name: 'my sessions', role: 'participant', path: '/my-sessions' },
  {
    name: 'add to my calendar',
    role: 'participant',
    path: '/my-sessions',
    press: { it: 'Aggiungi al mio calendario', en: 'Add to my calendar' },
  },
  { name: 'connected calendars', role: 'participant', path: '/calendar' },
  { name: 'check-in', role: 'participant', path: '/check-in' },
  { name: 'check-in of a stranger', role: null, path: '/check-in' },
  { name: 'teaching', role: 'trainer', path: '/teaching' },
  { name: 'availability', role: 'trainer', path: '/availability' },
  { name: 'unusual dates', role: 'trainer', path: '/availability', press: { it: 'Aggiungi date', en: 'Add dates' } },
  { name: 'live board', role: 'trainer', path: ({ session }) => `/live/${session}` },
  {
    name: 'a person on the live board',
    role: 'trainer',
    path: ({ session }) => `/live/${session}`,
    press: { it: 'Dettagli di', en: 'Details of' },
  },
  { name: 'projector', role: 'trainer', path: ({ session }) => `/projector/${session}` },
  { name: 'caught mail', role: 'coordinator', path: '/demo/mail' },
  { name: 'a caught message', role: 'coordinator', path: ({ mail }) => `/demo/mail/${mail}` },
  { name: 'accessibility statement', role: null, path: '/accessibility' },
  { name: 'privacy', role: null, path: '/privacy' },
  { name: 'projects', role: 'coordinator', path: '/projects' },
  { name: 'a project', role: 'coordinator', path: ({ project }) => `/projects/${project}` },
  { name: 'a call', role: 'coordinator', path: ({ call }) => `/calls/${call}` },
  { name: 'a trainer', role: 'coordinator', path: ({ trainer }) => `/trainers/${trainer}` },
  { name: 'plan by rooms', role: 'coordinator', path: ({ project }) => `/projects/${project}/board` },
  { name: 'plan by trainers', role: 'coordinator', path: ({ project }) => `/projects/${project}/board?view=trainers` },
  { name: 'plan by days', role: 'coordinator', path: ({ project }) => `/projects/${project}/board?view=days` },
  { name: 'plan as a list', role: 'coordinator', path: ({ project }) => `/projects/${project}/board?view=list` },
  {
    name: 'moving a session',
    role: 'coordinator',
    path: ({ project }) => `/projects/${project}/board?view=list`,
    press: { it: 'LAB-', en: 'LAB-' },
  },
  {
    name: 'asking for a plan',
    role: 'coordinator',
    path: ({ project }) => `/projects/${project}/board`,
    press: { it: 'Pianifica', en: 'Plan' },
  },
  { name: 'review of a draft', role: 'coordinator', path: ({ project }) => `/projects/${project}/review` },
  { name: 'releases', role: 'coordinator', path: ({ project }) => `/projects/${project}/releases` },
  { name: 'organisations', role: 'coordinator', path: '/organisations' },
  { name: 'an organisation', role: 'coordinator', path: ({ organisation }) => `/organisations/${organisation}` },
  {
    name: 'form of an organisation',
    role: 'coordinator',
    path: '/organisations',
    press: { it: 'Nuova organizzazione', en: 'New organisation' },
  },
  { name: 'people', role: 'coordinator', path: '/people' },
  { name: 'a person', role: 'coordinator', path: ({ person }) => `/people/${person}` },
  { name: 'trainers', role: 'coordinator', path: '/trainers' },
  { name: 'form of a trainer', role: 'coordinator', path: '/trainers', press: { it: 'Modifica:', en: 'Edit:' } },
  { name: 'rooms', role: 'coordinator', path: '/venues' },
  { name: 'venues', role: 'coordinator', path: '/venues?tab=venues' },
  { name: 'closures', role: 'coordinator', path: '/venues?tab=closures' },
  { name: 'courses', role: 'coordinator', path: '/courses' },
  { name: 'a course', role: 'coordinator', path: ({ course }) => `/courses/${course}` },
  { name: 'an edition', role: 'coordinator', path: ({ edition }) => `/editions/${edition}` },
  { name: 'new course', role: 'coordinator', path: '/new-course' },
  { name: 'services', role: 'technician', path: '/services' },
  { name: 'outbox', role: 'coordinator', path: '/outbox' },
  { name: 'mail templates', role: 'coordinator', path: '/templates' },
  { name: 'an address without a page', role: null, path: '/nowhere' },
];

interface Rows {
  items?: Record<string, string>[];
  cards?: { code: string; ref?: string }[];
}

/* A caught message; where there is none yet, one that asks for a sign-in link. */
async function mailId(request: APIRequestContext, home: string): Promise<string> {
  const first = async () => {
    const answer = await request.get('/api/v1/demo/mail');
    return ((await answer.json()) as Rows).items?.[0]?.['id'] ?? '';
  };
  const me = (await (await request.get('/api/v1/me')).json()) as { person?: { email: string } };
  if ((await first()) === '' && me.person) {
    await request.post('/api/v1/sign-in/link', { data: { email: me.person.email }, headers: { Origin: home } });
  }
  for (let tries = 0; tries < 50 && (await first()) === ''; tries += 1) {
    await new Promise((done) => setTimeout(done, 100));
  }
  return first();
}

/* Asks the server for the ids, as whoever the request is signed in as; what a role may not see
 * stays empty. */
export async function idsFor(request: APIRequestContext, home: string): Promise<Ids> {
  const read = async (path: string): Promise<Rows> => {
    const answer = await request.get(`/api/v1${path}`);
    return answer.ok() ? ((await answer.json()) as Rows) : {};
  };
  const firstId = async (path: string) => (await read(path)).items?.[0]?.['id'] ?? '';
  const cards = (await read('/me/home')).cards ?? [];
  return {
    session: cards.find(({ code }) => code === 'session_now')?.ref ?? '',
    mail: await mailId(request, home),
    project: await firstId('/projects?limit=1'),
    organisation: await firstId('/organisations?limit=1'),
    person: await firstId('/people?limit=1'),
    course: await firstId('/courses?limit=1'),
    edition: await firstId('/editions?limit=1'),
    call: await firstId('/calls?limit=1'),
    trainer: await firstId('/trainers?limit=1'),
  };
}
