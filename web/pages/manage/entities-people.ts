/* Organisations, people, their roles, skills and trainers. */
import { COMUNI, OFFICE, choices, date, need, number, one, personName, pick, text, words } from './entity.ts';
import type { Entity } from './entity.ts';

const KINDS = choices(
  'org_kind',
  'company',
  'public_body',
  'municipality',
  'third_sector',
  'union',
  'school',
  'trade_association',
);
const ALLIANCE_ROLES = choices('alliance_role', 'lead', 'partner', 'adherent');
const STAGES = choices('stage', 'known', 'invited', 'adhering', 'active', 'ended');

export const organisations: Entity = {
  collection: 'organisations',
  words: 'organisations',
  make: 'organisations.new',
  writers: OFFICE,
  searchable: true,
  filters: ['kind', 'alliance_role', 'stage'],
  name: (row) => text(row, 'name'),
  href: (row) => `/organisations/${row.id}`,
  fields: [
    need(words('name', 'field.name', 200)),
    need(pick('kind', 'field.kind', KINDS)),
    one('territory', 'field.territory', 'territories'),
    pick('alliance_role', 'field.alliance_role', ALLIANCE_ROLES),
    pick('stage', 'field.stage', STAGES),
    date('joined_on', 'field.joined_on'),
    date('left_on', 'field.left_on'),
    words('vat_number', 'field.vat_number', 11),
    { name: 'email', label: 'field.email', kind: 'email', max: 254 },
    { name: 'phone', label: 'field.phone', kind: 'tel', max: 40 },
    { name: 'website', label: 'field.website', kind: 'url', max: 500 },
    number('employees', 'field.employees', 0, 1_000_000),
    { name: 'note', label: 'field.note', kind: 'long', max: 4000 },
  ],
  columns: [
    { label: 'field.name', from: ['name'], kind: 'name' },
    { label: 'field.kind', from: ['kind'], kind: 'choice', choices: KINDS },
    { label: 'field.territory', from: ['territory_name'] },
    { label: 'field.alliance_role', from: ['alliance_role'], kind: 'choice', choices: ALLIANCE_ROLES },
    { label: 'field.stage', from: ['stage'], kind: 'choice', choices: STAGES },
  ],
  initial: { kind: 'company', stage: 'known' },
};

export const people: Entity = {
  collection: 'people',
  words: 'people',
  make: 'people.new',
  writers: OFFICE,
  searchable: true,
  filters: ['organisation', 'comune'],
  name: personName,
  href: (row) => `/people/${row.id}`,
  fields: [
    need(words('given_name', 'field.given_name', 80)),
    need(words('family_name', 'field.family_name', 80)),
    { name: 'email', label: 'field.email', kind: 'email', max: 254 },
    { name: 'phone', label: 'field.phone', kind: 'tel', max: 40 },
    one('organisation', 'field.organisation', 'organisations'),
    one('comune', 'field.comune', 'territories', { where: COMUNI }),
    words('fiscal_code', 'field.fiscal_code', 16),
    pick('sex', 'field.sex', choices('sex', 'f', 'm')),
    need(pick('language', 'field.language', choices('language', 'it', 'en'))),
    need(
      pick('calendar_channel', 'field.calendar_channel', choices('calendar_channel', 'invitations', 'feed', 'caldav')),
    ),
  ],
  columns: [
    { label: 'field.person_name', from: ['given_name', 'family_name'], kind: 'name' },
    { label: 'field.organisation', from: ['organisation_name'] },
    { label: 'field.email', from: ['email'] },
    { label: 'field.phone', from: ['phone'] },
  ],
  initial: { language: 'it', calendar_channel: 'invitations' },
};

const ROLES = choices('role', 'coordinator', 'trainer', 'contact', 'participant', 'technician', 'inspector', 'admin');

export const roles: Entity = {
  collection: 'roles',
  words: 'roles',
  make: 'roles.new',
  writers: OFFICE,
  name: (row) => `${personName(row)}, ${text(row, 'role')}`,
  fields: [
    need(one('person', 'field.person', 'people', { fixed: true })),
    need(pick('role', 'field.role', ROLES)),
    one('organisation', 'field.organisation', 'organisations'),
    one('territory', 'field.comune', 'territories', { where: COMUNI }),
    date('since', 'field.since'),
    date('until', 'field.until'),
  ],
  columns: [
    { label: 'field.person_name', from: ['given_name', 'family_name'] },
    { label: 'field.role', from: ['role'], kind: 'choice', choices: ROLES },
    { label: 'field.organisation', from: ['organisation_name', 'territory_name'] },
    { label: 'field.dates', from: ['since', 'until'], kind: 'dates' },
  ],
};

export const skills: Entity = {
  collection: 'skills',
  words: 'skills',
  make: 'skills.new',
  writers: OFFICE,
  searchable: true,
  name: (row) => text(row, 'name'),
  fields: [need(words('name', 'field.name', 120))],
  columns: [{ label: 'field.name', from: ['name'] }],
};

export const trainers: Entity = {
  collection: 'trainers',
  words: 'trainers',
  make: 'trainers.new',
  writers: OFFICE,
  searchable: true,
  name: personName,
  href: (row) => `/trainers/${row.id}`,
  fields: [
    need(one('person', 'field.person', 'people', { fixed: true })),
    { name: 'skills', label: 'field.skills', kind: 'refs', of: 'skills' },
    { name: 'weekly_hours', label: 'field.weekly_hours', kind: 'hours', required: true },
    { name: 'max_day_minutes', label: 'field.max_day_minutes', kind: 'minutes', min: 30, max: 1440 },
    { name: 'max_week_minutes', label: 'field.max_week_minutes', kind: 'minutes', min: 30, max: 10_080 },
    one('home_comune', 'field.home_comune', 'territories', { where: COMUNI }),
    { name: 'active', label: 'field.active', kind: 'bool' },
    { name: 'biography', label: 'field.biography', kind: 'long', max: 4000 },
  ],
  columns: [
    { label: 'field.person_name', from: ['given_name', 'family_name'], kind: 'name' },
    { label: 'field.skills', from: ['skills'], kind: 'refs', of: 'skills' },
    { label: 'field.weekly_hours', from: ['weekly_hours'], kind: 'hours' },
    { label: 'field.max_week_minutes', from: ['max_week_minutes'], kind: 'minutes' },
    { label: 'field.home_comune', from: ['home_comune_name'] },
  ],
  initial: { weekly_hours: 'Mo-Fr 09:00-18:00', max_day_minutes: 480, max_week_minutes: 2400, active: true },
};
