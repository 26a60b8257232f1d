/* Check-ins that wait for a network, kept in IndexedDB so that they survive a reload or a dead
 * battery. Each has a UUID of its own made when the person pressed the button; the server takes a
 * UUID once, and one browser tab at a time sends, so every presence is sent exactly once however
 * often we must try. Nobody's presence is sent under another person's name: an entry remembers who
 * was signed in. */
import { Problem, asProblem, now } from './api.ts';
import { sessions } from './session-api.ts';
import { uuid } from './uuid.ts';
import type { CheckIn, CheckInAnswer } from './wire.ts';

const DATABASE = 'cronotopo';
const STORE = 'checkins';
const LOCK = 'cronotopo.outbox';
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

export interface Waiting {
  nonce: string;
  claim: CheckIn;
  /* Who was signed in, null when nobody was. */
  person: string | null;
  queued_at: string;
  /* Set once the server refused it for good; it is then only shown. */
  refused?: string;
}

export type Outcome = { sent: true; answer: CheckInAnswer } | { sent: false; waiting: Waiting; problem: Problem };

let opened: Promise<IDBDatabase> | undefined;
let person: string | null = null;
let wait = FIRST_WAIT_MS;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<(entries: Waiting[]) => void>();
/* Being sent by checkIn() itself: flush() leaves them alone. */
const inHand = new Set<string>();

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'nonce' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no storage'));
  });
  return opened;
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await database()).transaction(STORE, mode, { durability: 'strict' });
  const request = work(transaction.objectStore(STORE));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error ?? new Error('storage failed'));
  });
}

export async function entries(): Promise<Waiting[]> {
  const all = await run<Waiting[]>('readonly', (store) => store.getAll() as IDBRequest<Waiting[]>);
  return all.sort((a, b) => a.queued_at.localeCompare(b.queued_at));
}

async function changed(): Promise<void> {
  const all = await entries();
  listeners.forEach((listener) => listener(all));
}

/* Calls `listener` now and after every change, until the returned function is called. */
export function observe(listener: (entries: Waiting[]) => void): () => void {
  listeners.add(listener);
  void entries().then(listener, () => listener([]));
  return () => listeners.delete(listener);
}

export async function dismiss(nonce: string): Promise<void> {
  await run('readwrite', (store) => store.delete(nonce));
  await changed();
}

let turn: Promise<unknown> = Promise.resolve();

/* One sender at a time: among all tabs where the browser has locks (https and localhost), within
 * this one otherwise; the server's check of UUIDs stands behind both. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  if ('locks' in navigator) {
    return navigator.locks.request(LOCK, work);
  }
  const mine = turn.then(work);
  turn = mine.catch(() => undefined);
  return mine;
}

/* Stores the claim first, then tries to send it. Resolves once it is sent, refused or waiting. */
export async function checkIn(values: Omit<CheckIn, 'nonce'>): Promise<Outcome> {
  const nonce = uuid();
  const queued_at = new Date(now()).toISOString();
  const waiting: Waiting = { nonce, claim: { ...values, nonce, claimed_at: queued_at }, person, queued_at };
  inHand.add(nonce);
  try {
    await run('readwrite', (store) => store.put(waiting));
    return await alone(() => send(waiting));
  } finally {
    inHand.delete(nonce);
  }
}

/* One attempt, under the lock. A final refusal of what was just typed is answered, not kept. */
async function send(waiting: Waiting, keepRefusal = false): Promise<Outcome> {
  try {
    const answer = await sessions.checkIn(waiting.claim);
    await run('readwrite', (store) => store.delete(waiting.nonce));
    wait = FIRST_WAIT_MS;
    return { sent: true, answer };
  } catch (failure) {
    const problem = asProblem(failure);
    if (problem.passing || problem.code === 'unauthenticated') {
      later(problem);
    } else if (keepRefusal) {
      await run('readwrite', (store) => store.put({ ...waiting, refused: problem.code }));
    } else {
      await run('readwrite', (store) => store.delete(waiting.nonce));
    }
    return { sent: false, waiting, problem };
  } finally {
    await changed();
  }
}

function later(problem: Problem): void {
  if (problem.code === 'unauthenticated') {
    return; /* flush() runs again at the next sign-in */
  }
  clearTimeout(timer);
  timer = setTimeout(() => void flush(), Math.max(wait, problem.retryAfterSeconds * 1000));
  wait = Math.min(LONGEST_WAIT_MS, wait * 2);
}

const sendable = (entry: Waiting): boolean =>
  !entry.refused && !inHand.has(entry.nonce) && person !== null && (entry.person === null || entry.person === person);

/* Sends what waits, oldest first, and stops at the first that must wait longer. */
export async function flush(): Promise<Outcome[]> {
  return alone(async () => {
    const outcomes: Outcome[] = [];
    for (const entry of (await entries()).filter(sendable)) {
      const outcome = await send(entry, true);
      outcomes.push(outcome);
      if (!outcome.sent && outcome.problem.passing) {
        break;
      }
    }
    return outcomes;
  });
}

/* Tells the outbox who is signed in (null: nobody) and sends what waits for that person. */
export function setPerson(id: string | null): void {
  person = id;
  if (id) {
    void flush().catch(() => undefined);
  }
}

addEventListener('online', () => {
  wait = FIRST_WAIT_MS;
  void flush().catch(() => undefined);
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') {
    void flush().catch(() => undefined);
  }
});
