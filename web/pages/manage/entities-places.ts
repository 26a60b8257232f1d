/* Venues, rooms, virtual rooms, closures, services. */
import { COMUNI, OFFICE, choices, date, need, number, one, pick, text, words } from './entity.ts';
import type { Entity, FieldSpec, Label } from './entity.ts';

const HOURS: FieldSpec = { name: 'opening_hours', label: 'field.opening_hours', kind: 'hours' };
const name = (row: Parameters<Entity['name']>[0]) => text(row, 'name');

export const venues: Entity = {
  collection: 'venues',
  words: 'venues',
  make: 'venues.new',
  writers: OFFICE,
  searchable: true,
  filters: ['comune'],
  name,
  fields: [
    need(words('name', 'field.name', 120)),
    words('address', 'field.address', 200),
    one('comune', 'field.comune', 'territories', { where: COMUNI }),
    one('organisation', 'field.organisation', 'organisations'),
    HOURS,
    { name: 'access_note', label: 'field.access_note', kind: 'long', max: 2000 },
  ],
  columns: [
    { label: 'field.name', from: ['name'] },
    { label: 'field.address', from: ['address'] },
    { label: 'field.comune', from: ['comune_name'] },
    { label: 'field.opening_hours', from: ['opening_hours'], kind: 'hours' },
  ],
};

export const rooms: Entity = {
  collection: 'rooms',
  words: 'rooms',
  make: 'rooms.new',
  writers: OFFICE,
  searchable: true,
  filters: ['venue'],
  name: (row) => `${text(row, 'name')}, ${text(row, 'venue_name')}`,
  fields: [
    need(one('venue', 'field.venue', 'venues')),
    need(words('name', 'field.name', 120)),
    need(number('capacity', 'field.capacity', 1, 5000)),
    number('distanced_capacity', 'field.distanced_capacity', 0, 5000),
    { name: 'features', label: 'field.features', kind: 'texts' },
    HOURS,
  ],
  columns: [
    { label: 'field.room', from: ['name'] },
    { label: 'field.venue', from: ['venue_name'] },
    { label: 'field.comune', from: ['comune_name'] },
    { label: 'field.capacity', from: ['capacity'], kind: 'number' },
    { label: 'field.distanced_capacity', from: ['distanced_capacity'], kind: 'number' },
  ],
  initial: { capacity: 20 },
};

export const virtualRooms: Entity = {
  collection: 'virtual-rooms',
  words: 'virtual-rooms',
  make: 'virtual-rooms.new',
  writers: OFFICE,
  name,
  fields: [
    need(words('name', 'field.name', 120)),
    words('provider', 'field.provider', 60),
    { name: 'join_url', label: 'field.join_url', kind: 'url', max: 2000 },
    need(number('capacity', 'field.capacity', 1, 100_000)),
    HOURS,
  ],
  columns: [
    { label: 'field.name', from: ['name'] },
    { label: 'field.provider', from: ['provider'] },
    { label: 'field.capacity', from: ['capacity'], kind: 'number' },
  ],
  initial: { capacity: 100 },
};

export const closures: Entity = {
  collection: 'closures',
  words: 'closures',
  make: 'closures.new',
  writers: ['coordinator', 'admin', 'technician'],
  name,
  fields: [
    need(words('name', 'field.closure_name', 120)),
    need(date('first_date', 'field.first_date')),
    need(date('last_date', 'field.last_date')),
    one('venue', 'field.venue', 'venues'),
    one('room', 'field.room', 'rooms'),
    one('comune', 'field.comune', 'territories', { where: COMUNI }),
  ],
  columns: [
    { label: 'field.closure_name', from: ['name'] },
    { label: 'field.dates', from: ['first_date', 'last_date'], kind: 'dates' },
    { label: 'field.where', from: ['room_name', 'venue_name', 'comune_name'] },
  ],
};

const CATEGORIES = choices('category', 'youth', 'family', 'disability', 'elderly', 'wellbeing');
const CHANNELS = choices('channel', 'desk', 'phone', 'online');
const OFFERED_BY: Label = 'field.organisation';

export const services: Entity = {
  collection: 'services',
  words: 'services',
  make: 'services.new',
  writers: ['coordinator', 'admin', 'technician'],
  searchable: true,
  filters: ['category', 'comune', 'channel'],
  name,
  fields: [
    need(words('name', 'field.name', 200)),
    need(pick('category', 'field.category', CATEGORIES)),
    one('organisation', OFFERED_BY, 'organisations'),
    one('comune', 'field.comune', 'territories', { where: COMUNI }),
    pick('channel', 'field.channel', CHANNELS),
    HOURS,
    { name: 'seasonal', label: 'field.seasonal', kind: 'bool' },
    date('valid_from', 'field.valid_from'),
    date('valid_to', 'field.valid_to'),
    { name: 'description', label: 'field.description', kind: 'long', max: 4000 },
  ],
  columns: [
    { label: 'field.name', from: ['name'] },
    { label: 'field.category', from: ['category'], kind: 'choice', choices: CATEGORIES },
    { label: 'field.comune', from: ['comune_name'] },
    { label: 'field.opening_hours', from: ['opening_hours'], kind: 'hours' },
    { label: OFFERED_BY, from: ['organisation_name'] },
  ],
  initial: { category: 'family', channel: 'desk', seasonal: false },
};
