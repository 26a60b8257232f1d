/* What members ask of their own: devices, calendar links, a trainer's hours; and the demo's mail. */
import { BASE, collection, get, inPath, post, query, remove } from './api.ts';
import type * as wire from './wire.ts';

export const own = {
  devices: () => get<wire.Items<wire.Device>>('/me/devices'),
  revoke: (device: string) => remove(`/me/devices/${inPath(device)}`),
  feeds: () => get<wire.Items<wire.Feed>>('/me/feeds'),
  addFeed: (kind: string, subject?: string, comment?: string) =>
    post<wire.Feed>('/me/feeds', { kind, ...(subject ? { subject } : {}), ...(comment ? { comment } : {}) }),
  reissueFeed: (feed: string) => post<wire.Feed>(`/me/feeds/${inPath(feed)}/reissue`),
  removeFeed: (feed: string) => remove(`/me/feeds/${inPath(feed)}`),
};

export const trainers = collection<wire.Trainer>('trainers');
export const exceptions = collection<wire.AvailabilityException>('availability-exceptions');

export const demoMail = {
  list: (after?: string) => get<wire.Page<wire.CaughtMail>>(`/demo/mail${query({ after })}`),
  read: (mail: string) => get<wire.CaughtMailParts>(`/demo/mail/${inPath(mail)}`),
  rawAddress: (mail: string) => `${BASE}/demo/mail/${inPath(mail)}/raw`,
  calendarAddress: (mail: string) => `${BASE}/demo/mail/${inPath(mail)}/calendar`,
};
