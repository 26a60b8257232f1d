/* The main navigation, one row a place, in order of importance within a role. Phones show the
 * first four below and the rest behind "Altro". */
import { roles } from './session.ts';
import type { Me, Role } from './wire.ts';

export type NavKey =
  | 'home' | 'my_sessions' | 'check_in' | 'availability' | 'teaching' | 'projects' | 'courses' | 'organisations'
  | 'people' | 'services' | 'venues' | 'trainers' | 'outbox' | 'demo_mail';

interface Place {
  key: NavKey;
  href: string;
  icon: string;
  who: 'members' | readonly Role[];
  /* Only where mail is caught. */
  demo?: true;
}

const PLACES: readonly Place[] = [
  { key: 'home', href: '/', icon: 'pa', who: 'members' },
  { key: 'teaching', href: '/teaching', icon: 'presentation', who: ['trainer'] },
  { key: 'availability', href: '/availability', icon: 'clock', who: ['trainer'] },
  { key: 'my_sessions', href: '/my-sessions', icon: 'calendar', who: ['participant', 'trainer'] },
  { key: 'check_in', href: '/check-in', icon: 'check-circle', who: ['participant'] },
  { key: 'projects', href: '/projects', icon: 'calendar', who: ['coordinator', 'admin'] },
  { key: 'courses', href: '/courses', icon: 'presentation', who: ['coordinator', 'admin'] },
  { key: 'people', href: '/people', icon: 'user', who: ['coordinator', 'admin', 'contact'] },
  { key: 'organisations', href: '/organisations', icon: 'pa', who: ['coordinator', 'admin', 'contact'] },
  { key: 'trainers', href: '/trainers', icon: 'star-outline', who: ['coordinator', 'admin'] },
  { key: 'venues', href: '/venues', icon: 'map-marker', who: ['coordinator', 'admin'] },
  { key: 'services', href: '/services', icon: 'bookmark', who: ['coordinator', 'admin', 'technician'] },
  { key: 'outbox', href: '/outbox', icon: 'inbox', who: ['coordinator', 'admin'] },
  { key: 'demo_mail', href: '/demo/mail', icon: 'mail', who: ['coordinator', 'admin'], demo: true },
];

export function places(me: Me | null): readonly Place[] {
  const held = roles(me);
  if (!me?.signed_in) {
    return [];
  }
  return PLACES.filter(({ who, demo }) =>
    (who === 'members' || who.some((role) => held.includes(role))) && (!demo || me.alliance.demo));
}
