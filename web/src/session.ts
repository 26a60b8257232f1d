/* Who is signed in, for the whole page. Components read it with useSession(). */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { Me, Member, Role } from './wire.ts';

export interface Session {
  /* null while the server could not be asked (no network): pages then show what needs no account. */
  me: Me | null;
  /* Reads /me again, after signing in or changing something of it. */
  refresh(): Promise<Me | null>;
  /* Takes a new answer of /me without asking. */
  replace(me: Me): void;
}

export const SessionContext = createContext<Session>({
  me: null,
  refresh: () => Promise.resolve(null),
  replace: () => undefined,
});
export const useSession = (): Session => useContext(SessionContext);

export const member = (me: Me | null): Member | null => (me?.signed_in ? me : null);
export const roles = (me: Me | null): Role[] =>
  member(me) ? [...new Set(member(me)?.roles.map((held) => held.role))] : [];
export const hasRole = (me: Me | null, ...wanted: Role[]): boolean =>
  roles(me).some((role) => wanted.includes(role));

const STORED = 'cronotopo.person';

/* The id alone of whoever was last signed in here: an offline check-in is kept for that person. */
export function rememberedPerson(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}
export function rememberPerson(id: string | null): void {
  try {
    if (id) {
      localStorage.setItem(STORED, id);
    } else {
      localStorage.removeItem(STORED);
    }
  } catch {
    /* storage may be forbidden */
  }
}
