/* Sessions in progress: what is published, the live board, its codes, marks and check-ins. */
import { get, inPath, post } from './api.ts';
import type * as wire from './wire.ts';

export const sessions = {
  published: (session: string) => get<wire.Published>(`/published/${inPath(session)}`),
  live: (session: string) => get<wire.LiveSession>(`/sessions/${inPath(session)}/live`),
  code: (session: string) => get<wire.LiveCode>(`/sessions/${inPath(session)}/code`),
  mark: (session: string, mark: wire.Mark) =>
    post<{ events: unknown[] }>(`/sessions/${inPath(session)}/marks`, mark, { key: mark.nonce }),
  checkIn: (claim: wire.CheckIn) => post<wire.CheckInAnswer>('/checkins', claim, { key: claim.nonce }),
};
