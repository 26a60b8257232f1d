/* Projects and what they teach. */
import { COMUNI, OFFICE, choices, date, need, number, one, personName, pick, text, words } from './entity.ts';
import type { AnyRow, Entity, FieldSpec } from './entity.ts';

const title = (row: AnyRow) => text(row, 'title');
const titleField = need(words('title', 'field.title', 200));
const dates: readonly FieldSpec[] = [
  need(date('starts_on', 'field.starts_on')),
  need(date('ends_on', 'field.ends_on')),
];
const MODALITIES = choices('modality', 'presence', 'remote', 'hybrid');
const COURSE_KINDS = choices('course_kind', 'training', 'webinar', 'lab', 'workshop', 'table', 'consultancy');
const window: readonly FieldSpec[] = [date('window_from', 'field.window_from'), date('window_to', 'field.window_to')];

export const projects: Entity = {
  collection: 'projects',
  words: 'projects',
  make: 'projects.new',
  writers: OFFICE,
  searchable: true,
  name: title,
  href: (row) => `/projects/${row.id}`,
  fields: [
    need(words('code', 'field.code', 20)),
    titleField,
    one('lead', 'field.lead', 'organisations'),
    ...dates,
    number('notice_days', 'field.notice_days', 0, 60),
    { name: 'funder_wording', label: 'field.funder_wording', kind: 'long', max: 1000 },
    words('plan_title', 'field.plan_title', 300),
    words('protocol', 'field.protocol', 100),
    words('notice', 'field.notice', 200),
    words('cup', 'field.cup', 15),
  ],
  columns: [
    { label: 'field.title', from: ['title'], kind: 'name' },
    { label: 'field.code', from: ['code'] },
    { label: 'field.lead', from: ['lead_name'] },
    { label: 'field.dates', from: ['starts_on', 'ends_on'], kind: 'dates' },
  ],
  initial: { notice_days: 3 },
};

export const activities: Entity = {
  collection: 'activities',
  words: 'activities',
  make: 'activities.new',
  writers: OFFICE,
  name: title,
  fields: [
    need(one('project', 'field.project', 'projects', { fixed: true })),
    need(number('number', 'field.number', 0, 999)),
    titleField,
    ...dates,
    { name: 'description', label: 'field.description', kind: 'long', max: 4000 },
  ],
  columns: [
    { label: 'field.number', from: ['number'], kind: 'number' },
    { label: 'field.title', from: ['title'] },
    { label: 'field.dates', from: ['starts_on', 'ends_on'], kind: 'dates' },
  ],
};

export const calls: Entity = {
  collection: 'calls',
  words: 'calls',
  make: 'calls.new',
  writers: OFFICE,
  name: title,
  href: (row) => `/calls/${row.id}`,
  fields: [
    need(one('activity', 'field.activity', 'activities', { whereField: { project: 'project' } })),
    titleField,
    need(date('opens_on', 'field.opens_on')),
    need(date('closes_on', 'field.closes_on')),
    { name: 'text', label: 'field.text', kind: 'long', max: 20_000 },
  ],
  columns: [
    { label: 'field.title', from: ['title'], kind: 'name' },
    { label: 'field.activity', from: ['activity_title'] },
    { label: 'field.dates', from: ['opens_on', 'closes_on'], kind: 'dates' },
  ],
};

const ADHESIONS = choices('adhesion', 'invited', 'adhered', 'accepted', 'refused', 'withdrawn');

export const adhesions: Entity = {
  collection: 'adhesions',
  words: 'adhesions',
  make: 'adhesions.new',
  writers: OFFICE,
  searchable: true,
  filters: ['state'],
  name: (row) => `${text(row, 'organisation_name')}, ${text(row, 'call_title')}`,
  fields: [
    need(one('call', 'field.call', 'calls', { fixed: true })),
    need(one('organisation', 'field.organisation', 'organisations', { fixed: true })),
    need(pick('state', 'field.state', ADHESIONS)),
    number('maturity', 'field.maturity', 0, 100),
    number('past_editions', 'field.past_editions', 0, 100),
  ],
  columns: [
    { label: 'field.organisation', from: ['organisation_name'] },
    { label: 'field.call', from: ['call_title'] },
    { label: 'field.state', from: ['state'], kind: 'choice', choices: ADHESIONS },
    { label: 'field.maturity', from: ['maturity'], kind: 'number' },
  ],
  initial: { state: 'invited', past_editions: 0 },
};

export const guideGroups: Entity = {
  collection: 'guide-groups',
  words: 'guide-groups',
  make: 'guide-groups.new',
  writers: OFFICE,
  name: (row) => text(row, 'name'),
  fields: [
    need(one('project', 'field.project', 'projects', { fixed: true })),
    need(words('name', 'field.name', 120)),
    { name: 'organisations', label: 'field.organisations', kind: 'refs', of: 'organisations' },
  ],
  columns: [
    { label: 'field.name', from: ['name'] },
    { label: 'field.organisations', from: ['organisations'], kind: 'refs', of: 'organisations' },
  ],
};

export const courses: Entity = {
  collection: 'courses',
  words: 'courses',
  make: 'courses.new',
  writers: OFFICE,
  searchable: true,
  filters: ['kind', 'project'],
  name: title,
  href: (row) => `/courses/${row.id}`,
  fields: [
    need(one('project', 'field.project', 'projects')),
    one('activity', 'field.activity', 'activities', { whereField: { project: 'project' } }),
    need(words('code', 'field.code', 40)),
    titleField,
    need(pick('kind', 'field.kind', COURSE_KINDS)),
    { name: 'description', label: 'field.description', kind: 'long', max: 8000 },
    { name: 'objectives', label: 'field.objectives', kind: 'long', max: 8000 },
  ],
  columns: [
    { label: 'field.title', from: ['title'], kind: 'name' },
    { label: 'field.code', from: ['code'] },
    { label: 'field.kind', from: ['kind'], kind: 'choice', choices: COURSE_KINDS },
    { label: 'field.project', from: ['project_title'] },
  ],
  initial: { kind: 'training' },
};

const PHASES = choices('phase', 'reading', 'modelling', 'prototyping', 'test', 'development');

export const modules: Entity = {
  collection: 'modules',
  words: 'modules',
  make: 'modules.new',
  writers: OFFICE,
  name: title,
  fields: [
    need(one('course', 'field.course', 'courses', { fixed: true })),
    need(number('position', 'field.position', 1, 200)),
    titleField,
    pick('phase', 'field.phase', PHASES),
    need({ name: 'minutes', label: 'field.minutes', kind: 'minutes', min: 15, max: 60_000 }),
    number('min_gap_days', 'field.min_gap_days', 0, 365),
    ...window,
    { name: 'skills', label: 'field.skills', kind: 'refs', of: 'skills' },
  ],
  columns: [
    { label: 'field.position', from: ['position'], kind: 'number' },
    { label: 'field.title', from: ['title'] },
    { label: 'field.phase', from: ['phase'], kind: 'choice', choices: PHASES },
    { label: 'field.minutes', from: ['minutes'], kind: 'minutes' },
    { label: 'field.skills', from: ['skills'], kind: 'refs', of: 'skills' },
  ],
  initial: { position: 1, minutes: 240, min_gap_days: 0 },
};

const AUDIENCE = choices(
  'audience',
  'everyone',
  'workers',
  'companies',
  'administrators',
  'technicians',
  'families',
  'professionals',
);

export const editions: Entity = {
  collection: 'editions',
  words: 'editions',
  make: 'editions.new',
  writers: OFFICE,
  searchable: true,
  filters: ['audience', 'modality'],
  name: (row) => `${text(row, 'code')} ${text(row, 'title')}`,
  href: (row) => `/editions/${row.id}`,
  fields: [
    need(one('course', 'field.course', 'courses', { fixed: true })),
    need(words('code', 'field.code', 40)),
    titleField,
    need(pick('audience', 'field.audience', AUDIENCE)),
    need(pick('modality', 'field.modality', MODALITIES)),
    need(number('seats', 'field.seats', 1, 100_000)),
    ...dates,
    one('comune', 'field.comune', 'territories', { where: COMUNI }),
    number('attendance_percent', 'field.attendance_percent', 1, 100),
    { name: 'open_to_public', label: 'field.open_to_public', kind: 'bool' },
    { name: 'preferred_hours', label: 'field.preferred_hours', kind: 'hours' },
  ],
  columns: [
    { label: 'field.title', from: ['title'], kind: 'name' },
    { label: 'field.code', from: ['code'] },
    { label: 'field.audience', from: ['audience'], kind: 'choice', choices: AUDIENCE },
    { label: 'field.modality', from: ['modality'], kind: 'choice', choices: MODALITIES },
    { label: 'field.dates', from: ['starts_on', 'ends_on'], kind: 'dates' },
    { label: 'field.seats', from: ['seated', 'seats', 'waiting'], kind: 'seats' },
  ],
  initial: { audience: 'everyone', modality: 'presence', seats: 20, attendance_percent: 75, open_to_public: false },
};

export const sessions: Entity = {
  collection: 'sessions',
  words: 'sessions',
  make: 'sessions.new',
  writers: OFFICE,
  name: title,
  fields: [
    need(one('edition', 'field.edition', 'editions', { fixed: true })),
    need(number('position', 'field.position', 1, 2000)),
    titleField,
    one('module', 'field.module', 'modules', { whereField: { course: 'course' } }),
    need({ name: 'length_minutes', label: 'field.length_minutes', kind: 'minutes', min: 15, max: 720 }),
    need(pick('modality', 'field.modality', MODALITIES)),
    { name: 'distanced', label: 'field.distanced', kind: 'bool' },
    number('trainers_needed', 'field.trainers_needed', 0, 8),
    { name: 'features', label: 'field.features', kind: 'texts' },
    { name: 'skills', label: 'field.skills', kind: 'refs', of: 'skills' },
    ...window,
  ],
  columns: [
    { label: 'field.position', from: ['position'], kind: 'number' },
    { label: 'field.title', from: ['title'] },
    { label: 'field.length_minutes', from: ['length_minutes'], kind: 'minutes' },
    { label: 'field.modality', from: ['modality'], kind: 'choice', choices: MODALITIES },
    { label: 'field.phase', from: ['phase'], kind: 'choice', choices: PHASES },
  ],
  initial: { position: 1, length_minutes: 240, modality: 'presence', distanced: false, trainers_needed: 1 },
};

const SEATS = choices('seat', 'seated', 'waiting', 'withdrawn');

export const enrolments: Entity = {
  collection: 'enrolments',
  words: 'enrolments',
  make: 'enrolments.new',
  writers: ['coordinator', 'admin', 'contact'],
  searchable: true,
  filters: ['state'],
  name: (row) => `${personName(row)}, ${text(row, 'edition_code')}`,
  fields: [
    need(one('edition', 'field.edition', 'editions', { fixed: true })),
    need(one('person', 'field.person', 'people', { fixed: true })),
    one('organisation', 'field.organisation', 'organisations'),
    need(pick('state', 'field.state', SEATS)),
  ],
  columns: [
    { label: 'field.person_name', from: ['given_name', 'family_name'] },
    { label: 'field.edition', from: ['edition_code', 'edition_title'] },
    { label: 'field.organisation', from: ['organisation_name'] },
    { label: 'field.state', from: ['state'], kind: 'choice', choices: SEATS },
  ],
  initial: { state: 'seated' },
};
