/* The rotating code of a session in progress: the present step, and the next ones that the server
 * gives ahead, so that the screen goes on through a short break of the network. */
import { useEffect, useRef, useState } from 'preact/hooks';

import * as words from '../../lang/more.ts';
import { asProblem, noteServerNow, now } from '../../src/api.ts';
import type { Problem } from '../../src/api.ts';
import { sessions } from '../../src/session-api.ts';
import type { LiveCode } from '../../src/wire.ts';
import { Qr } from '../../ui/qr.tsx';

const LATE_MS = 250; /* ask this long after the step has turned */
const AGAIN_MS = 3_000;

export interface Shown {
  code: string;
  link: string;
  /* Server instants, milliseconds. */
  linkUntil: number;
  stale: boolean;
}

/* What to show at `instant` out of the server's last word. */
export function stepAt(word: LiveCode, instant: number): Shown {
  const steps = [
    { code: word.code, link: word.link, from: 0 },
    ...(word.next ?? []).map((step) => ({ ...step, from: Date.parse(step.from) })),
  ];
  const length = (steps[2]?.from ?? 0) - (steps[1]?.from ?? 0);
  const index = steps.findLastIndex((step) => step.from <= instant);
  const step = steps[Math.max(index, 0)] ?? { code: word.code, link: word.link };
  const following = steps[index + 1]?.from;
  const linkUntil = following ?? (index > 0 ? (steps[index]?.from ?? 0) + length : Date.parse(word.link_until));
  return { code: step.code, link: step.link, linkUntil, stale: instant > linkUntil + 1000 };
}

export function useCode(session: string): { shown: Shown | null; problem: Problem | null } {
  const word = useRef<LiveCode | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const turn = async () => {
      try {
        word.current = await sessions.code(session);
        noteServerNow(word.current.now);
        setProblem(null);
      } catch (failure) {
        setProblem(asProblem(failure));
      }
      if (over) {
        return;
      }
      const step = word.current && stepAt(word.current, now());
      setShown(step);
      const wait = step ? step.linkUntil - now() + LATE_MS : AGAIN_MS;
      timer = setTimeout(() => void turn(), Math.max(wait, step?.stale ? AGAIN_MS : LATE_MS));
    };
    void turn();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [session]);
  return { shown, problem };
}

/* Seconds until the step turns, counted on the screen. */
export function useSecondsLeft(until: number | undefined): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const count = () => setLeft(until ? Math.max(0, Math.ceil((until - now()) / 1000)) : 0);
    count();
    const timer = setInterval(count, 1000);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}

const HALF = 3;

/* "ABC 234": in two halves, spelled letter by letter to screen readers. */
export function CodeText({ code }: { code: string }) {
  const t = words.live.use();
  return (
    <p class="code-text">
      <span aria-hidden="true">
        <span>{code.slice(0, HALF)}</span> <span>{code.slice(HALF)}</span>
      </span>
      <span class="visually-hidden">{t('code.spelled', { letters: [...code].join(' ') })}</span>
    </p>
  );
}

export function CodeQr({ link }: { link: string }) {
  const t = words.live.use();
  return <Qr text={link} label={t('code.qr')} />;
}
