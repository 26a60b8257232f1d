/* The live channel: one websocket for the page, any number of subscriptions on it.
 *
 * A subscription gets a snapshot with a revision, then numbered deltas. After a lost connection it
 * names its last revision and gets what it missed, or a fresh snapshot. A gap in the numbers asks
 * for a snapshot. Reconnects wait 0.5 s, 1 s, 2 s ... 30 s, each shortened by chance so that a hall
 * of phones does not come back at once; coming back online or into view tries at once. */
import { liveAddress, noteServerNow } from './api.ts';

const PROTOCOL = 'cronotopo.live.1';
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const BEAT_MS = 20_000;
const SILENCE_MS = 45_000;
const HIDDEN_MS = 5 * 60_000;

export type Topic = 'session' | 'job' | 'draft';
export type LiveState = 'connecting' | 'live' | 'lost';

export interface Watcher<Snapshot, Delta> {
  snapshot?(data: Snapshot, revision: number): void;
  delta(data: Delta, revision: number): void;
  state?(state: LiveState): void;
  refused?(code: string): void;
}

interface Subscription {
  topic: Topic;
  id: string;
  revision: number | null;
  watcher: Watcher<unknown, unknown>;
}

interface Message {
  op: 'snapshot' | 'delta' | 'error' | 'pong';
  topic?: Topic;
  id?: string;
  revision?: number;
  data?: unknown;
  code?: string;
  now?: string;
}

const subscriptions = new Set<Subscription>();
let socket: WebSocket | null = null;
let state: LiveState = 'connecting';
let failures = 0;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let beatTimer: ReturnType<typeof setInterval> | undefined;
let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
let lastWord = 0;
let listening = false;

/* Watches a topic until the function it returns is called. */
export function watch<Snapshot, Delta>(topic: Topic, id: string, watcher: Watcher<Snapshot, Delta>): () => void {
  const subscription: Subscription = { topic, id, revision: null, watcher: watcher as Watcher<unknown, unknown> };
  subscriptions.add(subscription);
  listen();
  if (socket?.readyState === WebSocket.OPEN) {
    ask(subscription);
  } else {
    open();
  }
  watcher.state?.(state);
  return () => {
    subscriptions.delete(subscription);
    const shared = [...subscriptions].some((other) => other.topic === topic && other.id === id);
    if (!shared) {
      send({ op: 'unsubscribe', topic, id });
    }
    if (subscriptions.size === 0) {
      close();
    }
  };
}

function listen(): void {
  if (listening) {
    return;
  }
  listening = true;
  addEventListener('online', retryNow);
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiddenTimer);
    if (document.visibilityState === 'visible') {
      retryNow();
    } else {
      hiddenTimer = setTimeout(close, HIDDEN_MS);
    }
  });
}

function retryNow(): void {
  failures = 0;
  open();
}

function open(): void {
  if (subscriptions.size === 0 || (socket && socket.readyState <= WebSocket.OPEN)) {
    return;
  }
  clearTimeout(retryTimer);
  const opening = new WebSocket(liveAddress(), PROTOCOL);
  socket = opening;
  opening.onopen = () => {
    failures = 0;
    lastWord = Date.now();
    subscriptions.forEach(ask);
    clearInterval(beatTimer);
    beatTimer = setInterval(beat, BEAT_MS);
  };
  opening.onmessage = (event) => {
    lastWord = Date.now();
    receive(JSON.parse(String(event.data)) as Message);
  };
  opening.onclose = () => {
    if (socket === opening) {
      socket = null;
      clearInterval(beatTimer);
      lost();
    }
  };
}

function lost(): void {
  if (subscriptions.size === 0) {
    return;
  }
  tell('lost');
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
  failures += 1;
  clearTimeout(retryTimer);
  retryTimer = setTimeout(open, longest * (0.5 + Math.random() / 2));
}

function close(): void {
  clearTimeout(retryTimer);
  clearInterval(beatTimer);
  const closing = socket;
  socket = null;
  closing?.close(1000);
  tell('connecting');
}

function beat(): void {
  if (Date.now() - lastWord > SILENCE_MS) {
    const silent = socket;
    socket = null;
    clearInterval(beatTimer);
    silent?.close();
    lost();
    return;
  }
  const session = [...subscriptions].find((subscription) => subscription.topic === 'session');
  send(session ? { op: 'heartbeat', session: session.id } : { op: 'heartbeat' });
}

function send(message: object): void {
  if (socket?.readyState === WebSocket.OPEN) {
    socket.send(JSON.stringify(message));
  }
}

function ask({ topic, id, revision }: Subscription): void {
  send(revision === null ? { op: 'subscribe', topic, id } : { op: 'subscribe', topic, id, revision });
}

function tell(next: LiveState): void {
  state = next;
  subscriptions.forEach(({ watcher }) => watcher.state?.(next));
}

function receive(message: Message): void {
  if (message.op === 'pong') {
    if (message.now) {
      noteServerNow(message.now);
    }
    return;
  }
  for (const subscription of [...subscriptions]) {
    if (subscription.topic === message.topic && subscription.id === message.id) {
      deliver(subscription, message);
    }
  }
  if (message.op !== 'error' && state !== 'live') {
    tell('live');
  }
}

function deliver(subscription: Subscription, message: Message): void {
  const { watcher } = subscription;
  if (message.op === 'error') {
    watcher.refused?.(message.code ?? 'internal');
    return;
  }
  const revision = message.revision ?? 0;
  if (message.op === 'snapshot') {
    subscription.revision = revision;
    watcher.snapshot?.(message.data, revision);
  } else if (subscription.revision !== null && revision <= subscription.revision) {
    return; /* already seen */
  } else if (subscription.revision !== null && revision > subscription.revision + 1) {
    subscription.revision = null; /* missed one: start over */
    ask(subscription);
  } else {
    subscription.revision = revision;
    watcher.delta(message.data, revision);
  }
}
