/* The service worker: makes the check-in page open without a network, and nothing else. It never
 * answers for the API and never keeps personal data. Pages come from the network while there is
 * one; hashed assets of the check-in page come from the cache. The build fills in the file list. */
interface Precache {
  version: string;
  files: string[];
}

declare const __PRECACHE__: Precache;
const precache: Precache = __PRECACHE__;
const CACHE = `cronotopo-${precache.version}`;
const SHELL = '/check-in';
/* Opened without a network these get the check-in page; a scanned /c/ link carries its own code. */
const SHELL_PATHS = /^\/(check-in|c\/.+)?$/;

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface WorkerFetchEvent extends WorkerEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface WorkerScope {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', run: (event: WorkerEvent) => void): void;
  addEventListener(type: 'fetch', run: (event: WorkerFetchEvent) => void): void;
}
const scope = self as unknown as WorkerScope;

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([SHELL, ...precache.files]);
  await scope.skipWaiting();
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith('cronotopo-') && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (failure) {
    const shell = await caches.match(SHELL);
    if (shell) {
      return shell;
    }
    throw failure;
  }
}

async function asset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

scope.addEventListener('install', (event) => event.waitUntil(install()));
scope.addEventListener('activate', (event) => event.waitUntil(activate()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) {
    return;
  }
  if (request.mode === 'navigate' && SHELL_PATHS.test(url.pathname)) {
    event.respondWith(page(request));
  } else if (url.pathname.startsWith('/assets/')) {
    event.respondWith(asset(request));
  }
});

export {};
