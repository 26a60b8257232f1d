/* The only file that calls fetch, and the calls of the first load; what later pages ask stands in
 * *-api.ts beside it. Every answer is typed; every failure becomes a Problem whose code has a
 * sentence in the problems dictionary. Reads are retried quietly on a broken network or a busy
 * server; writes never. */
import { uuid } from './uuid.ts';
import type * as wire from './wire.ts';

export const BASE = '/api/v1';
const TIMEOUT_MS = 15_000;
const READ_RETRIES_MS = [400, 1500];

export interface ProblemBody {
  code: string;
  status: number;
  title?: string;
  detail?: string;
  pointer?: string;
  request_id?: string;
  [extra: string]: unknown;
}

/* What went wrong, in the server's stable codes, or `offline` and `slow` for the network. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly pointer: string | undefined;
  readonly body: ProblemBody;
  readonly retryAfterSeconds: number;

  constructor(body: ProblemBody, retryAfterSeconds = 0) {
    super(body.detail ?? body.title ?? body.code);
    this.code = body.code;
    this.status = body.status;
    this.pointer = body.pointer;
    this.body = body;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /* Worth trying the very same request again later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function asProblem(failure: unknown): Problem {
  return failure instanceof Problem
    ? failure
    : new Problem({ code: 'internal', status: 500, detail: String(failure) });
}

export interface CallOptions {
  body?: unknown;
  /* The row's version, for If-Match. */
  version?: number;
  /* A client UUID: the server answers a repeat with the first answer. */
  key?: string;
  signal?: AbortSignal;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

let language = 'it';
let onSignedOut: () => void = () => undefined;
/* The server's clock minus ours, milliseconds; business never asks the device for the time. */
let skew = 0;

export function setApiLanguage(lang: string): void {
  language = lang;
}
export function whenSignedOut(run: () => void): void {
  onSignedOut = run;
}
/* The server's present instant, as of its last word. */
export const now = (): number => Date.now() + skew;
export function noteServerNow(instant: string): void {
  skew = Date.parse(instant) - Date.now();
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

async function problemOf(response: Response): Promise<Problem> {
  const after = Number(response.headers.get('Retry-After') ?? 0) || 0;
  try {
    const body = (await response.json()) as Partial<ProblemBody>;
    return new Problem({ ...body, code: body.code ?? 'internal', status: response.status }, after);
  } catch {
    const code = response.status === 404 ? 'not_found' : response.status === 503 ? 'busy' : 'internal';
    return new Problem({ code, status: response.status }, after);
  }
}

async function once<T>(method: Method, path: string, options: CallOptions): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language };
  if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (options.version !== undefined) {
    headers['If-Match'] = `"${options.version}"`;
  }
  if (options.key) {
    headers['Idempotency-Key'] = options.key;
  }
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      credentials: 'same-origin',
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
  } catch (failure) {
    if (options.signal?.aborted) {
      throw failure;
    }
    throw new Problem({ code: timeout.aborted ? 'slow' : 'offline', status: 0 });
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (problem.code === 'unauthenticated' && !path.startsWith('/sign-in')) {
      onSignedOut();
    }
    throw problem;
  }
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  const retries = method === 'GET' ? READ_RETRIES_MS : [];
  for (const wait of retries) {
    try {
      return await once<T>(method, path, options);
    } catch (failure) {
      if (!(failure instanceof Problem) || !failure.passing || failure.status === 429) {
        throw failure;
      }
      await pause(wait);
    }
  }
  return once<T>(method, path, options);
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  call<T>('GET', path, signal ? { signal } : {});
export const post = <T>(path: string, body: unknown = {}, options: CallOptions = {}): Promise<T> =>
  call<T>('POST', path, { ...options, body });
export const patch = <T>(path: string, body: unknown, version?: number): Promise<T> =>
  call<T>('PATCH', path, version === undefined ? { body } : { body, version });
export const remove = (path: string, version?: number): Promise<void> =>
  call<void>('DELETE', path, version === undefined ? {} : { version });

/* "?a=1&b=2", leaving out what is empty. */
export function query(values: Record<string, string | number | boolean | undefined>): string {
  const used = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return used.length ? `?${new URLSearchParams(used.map(([key, value]) => [key, String(value)])).toString()}` : '';
}

/* A value as one segment of an address. */
export const inPath = encodeURIComponent;

/* Rows of the generic collections: `collection('rooms').list()` and so on. */
export function collection<Row extends wire.Row>(name: string) {
  return {
    list: (filter: Record<string, string | number | boolean | undefined> = {}, signal?: AbortSignal) =>
      get<wire.Page<Row>>(`/${name}${query(filter)}`, signal),
    read: (row: string) => get<Row>(`/${name}/${inPath(row)}`),
    create: (values: unknown) => post<Row>(`/${name}`, values, { key: uuid() }),
    change: (row: { id: string; version: number }, values: unknown) =>
      patch<Row>(`/${name}/${inPath(row.id)}`, values, row.version),
    remove: (row: { id: string; version: number }) => remove(`/${name}/${inPath(row.id)}`, row.version),
  };
}

export const me = {
  async read(): Promise<wire.Me> {
    const answer = await get<wire.Me>('/me');
    noteServerNow(answer.now);
    return answer;
  },
  change: (values: { language?: string; phone?: string; password?: { current?: string; new: string } }) =>
    patch<wire.Me>('/me', values),
  home: (signal?: AbortSignal) => get<wire.Home>('/me/home', signal),
  sessions: (from?: string, to?: string, signal?: AbortSignal) =>
    get<wire.Items<wire.Published>>(`/me/sessions${query({ from, to })}`, signal),
};

export const signIn = {
  password: (email: string, password: string) => post<{ person: wire.PersonName }>('/sign-in', { email, password }),
  link: (email: string, next?: string) => post<object>('/sign-in/link', next ? { email, next } : { email }),
  confirm: (token: string) => post<{ person: wire.PersonName; next?: string }>('/sign-in/confirm', { token }),
  out: () => call<void>('POST', '/sign-out', { body: {} }),
};

/* Where the websocket lives; live.ts alone opens it. */
export function liveAddress(): string {
  const url = new URL(`${BASE}/live`, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
