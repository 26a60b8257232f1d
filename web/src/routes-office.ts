/* The coordinator's pages: lists and forms, the plan's board, review and releases. */
import * as words from '../lang/office.ts';
import type { Route } from './router.ts';
import type { Role } from './wire.ts';

const OFFICE: readonly Role[] = ['coordinator', 'admin'];
const lists = () => import('../pages/manage/lists.tsx');
const listWords = [words.manage, words.availability, words.problems];
const planWords = [words.plan, words.rules, words.problems];

export const ROUTES: readonly Route[] = [
  { path: '/projects', page: lists, words: listWords, who: 'members' },
  { path: '/organisations', page: lists, words: listWords, who: ['coordinator', 'admin', 'contact'] },
  { path: '/people', page: lists, words: listWords, who: ['coordinator', 'admin', 'contact', 'trainer'] },
  { path: '/trainers', page: lists, words: listWords, who: OFFICE },
  { path: '/services', page: lists, words: listWords, who: ['coordinator', 'admin', 'technician'] },
  { path: '/courses', page: lists, words: listWords, who: 'members' },
  { path: '/venues', page: () => import('../pages/manage/places.tsx'), words: listWords, who: OFFICE },
  { path: '/projects/{id}', page: () => import('../pages/manage/project.tsx'), words: listWords, who: 'members' },
  {
    path: '/calls/{id}',
    page: () => import('../pages/manage/call.tsx'),
    words: listWords,
    who: ['coordinator', 'admin', 'contact'],
  },
  {
    path: '/organisations/{id}',
    page: () => import('../pages/manage/organisation.tsx'),
    words: listWords,
    who: ['coordinator', 'admin', 'contact'],
  },
  {
    path: '/people/{id}',
    page: () => import('../pages/manage/person.tsx'),
    words: listWords,
    who: ['coordinator', 'admin', 'contact', 'trainer'],
  },
  { path: '/trainers/{id}', page: () => import('../pages/manage/trainer.tsx'), words: listWords, who: OFFICE },
  { path: '/courses/{id}', page: () => import('../pages/manage/course.tsx'), words: listWords, who: 'members' },
  { path: '/editions/{id}', page: () => import('../pages/manage/edition.tsx'), words: listWords, who: 'members' },
  { path: '/new-course', page: () => import('../pages/manage/new-course.tsx'), words: listWords, who: ['coordinator'] },
  {
    path: '/outbox',
    page: () => import('../pages/manage/outbox.tsx'),
    words: [words.manage, words.problems],
    who: OFFICE,
  },
  {
    path: '/templates',
    page: () => import('../pages/manage/templates.tsx'),
    words: [words.manage, words.problems],
    who: OFFICE,
  },
  {
    path: '/projects/{id}/board',
    page: () => import('../pages/planner/board.tsx'),
    words: planWords,
    who: ['coordinator'],
    wide: true,
  },
  {
    path: '/projects/{id}/review',
    page: () => import('../pages/planner/review.tsx'),
    words: planWords,
    who: ['coordinator'],
  },
  {
    path: '/projects/{id}/releases',
    page: () => import('../pages/planner/releases.tsx'),
    words: planWords,
    who: ['coordinator'],
  },
];
