/* The live channel's client against a socket of our own: resume, gaps, repeats, reconnects. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

class Socket {
  static readonly OPEN = 1;
  static made: Socket[] = [];
  readyState = 0;
  sent: Record<string, unknown>[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: () => void;

  constructor(
    readonly address: string,
    readonly protocol: string,
  ) {
    Socket.made.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }
  close() {
    this.drop();
  }
  accept() {
    this.readyState = 1;
    this.onopen?.();
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  drop() {
    this.readyState = 3;
    this.onclose?.();
  }
}

const page = new EventTarget();
let watch: (typeof import('../src/live.ts'))['watch'];

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  Socket.made = [];
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('location', new URL('https://cronotopo.example/live/s'));
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  ({ watch } = await import('../src/live.ts'));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const last = () => Socket.made[Socket.made.length - 1]!;
const about = { topic: 'session', id: 's' };

function start() {
  const heard: [string, unknown][] = [];
  const stop = watch('session', 's', {
    snapshot: (data) => heard.push(['snapshot', data]),
    delta: (data) => heard.push(['delta', data]),
    state: (state) => heard.push(['state', state]),
    refused: (code) => heard.push(['refused', code]),
  });
  last().accept();
  return { heard, stop };
}

describe('the live channel', () => {
  it('subscribes, takes the snapshot, then the deltas in order', () => {
    const { heard } = start();
    expect(last().address).toBe('wss://cronotopo.example/api/v1/live');
    expect(last().protocol).toBe('cronotopo.live.1');
    expect(last().sent).toEqual([{ op: 'subscribe', ...about }]);
    last().say({ op: 'snapshot', ...about, revision: 4, data: 'all' });
    last().say({ op: 'delta', ...about, revision: 5, data: 'five' });
    expect(heard).toEqual([
      ['state', 'connecting'],
      ['snapshot', 'all'],
      ['state', 'live'],
      ['delta', 'five'],
    ]);
  });

  it('names its last revision after a lost connection', () => {
    const { heard } = start();
    last().say({ op: 'snapshot', ...about, revision: 4, data: 'all' });
    last().drop();
    expect(heard.at(-1)).toEqual(['state', 'lost']);
    vi.advanceTimersByTime(1000);
    expect(Socket.made.length).toBe(2);
    last().accept();
    expect(last().sent).toEqual([{ op: 'subscribe', ...about, revision: 4 }]);
  });

  it('asks for a snapshot when a delta is missing, and drops repeats', () => {
    const { heard } = start();
    last().say({ op: 'snapshot', ...about, revision: 4, data: 'all' });
    last().say({ op: 'delta', ...about, revision: 4, data: 'again' });
    last().say({ op: 'delta', ...about, revision: 7, data: 'seven' });
    expect(heard.filter(([what]) => what === 'delta')).toEqual([]);
    expect(last().sent.at(-1)).toEqual({ op: 'subscribe', ...about });
  });

  it('waits longer after each failure, and not at all once the network is back', () => {
    start();
    last().drop();
    for (let failure = 0; failure < 8; failure += 1) {
      vi.advanceTimersByTime(30_000);
      last().drop();
    }
    const tried = Socket.made.length;
    vi.advanceTimersByTime(10_000);
    expect(Socket.made.length).toBe(tried);
    page.dispatchEvent(new Event('online'));
    expect(Socket.made.length).toBe(tried + 1);
  });

  it('gives up a socket that has gone silent', () => {
    const { heard } = start();
    vi.advanceTimersByTime(70_000);
    expect(heard.at(-1)).toEqual(['state', 'lost']);
  });

  it('beats, says what it left, and closes after its last watcher', () => {
    const { stop } = start();
    vi.advanceTimersByTime(20_000);
    expect(last().sent.at(-1)).toEqual({ op: 'heartbeat', session: 's' });
    stop();
    expect(last().sent.at(-1)).toEqual({ op: 'unsubscribe', ...about });
    expect(last().readyState).toBe(3);
    vi.advanceTimersByTime(60_000);
    expect(Socket.made.length).toBe(1);
  });

  it('passes a refusal on', () => {
    const { heard } = start();
    last().say({ op: 'error', ...about, code: 'forbidden' });
    expect(heard.at(-1)).toEqual(['refused', 'forbidden']);
  });
});
