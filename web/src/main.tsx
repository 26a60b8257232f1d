/* Where the page starts: the language's words and /me side by side, then the app. */
import '../style/main.scss';

import { render } from 'preact';

import * as words from '../lang/index.ts';
import { me, setApiLanguage } from './api.ts';
import { App } from './app.tsx';
import { deviceLang } from './i18n.ts';
import type { Me } from './wire.ts';

async function start(): Promise<void> {
  const lang = deviceLang();
  setApiLanguage(lang);
  document.documentElement.lang = lang;
  const asked: Promise<Me | null> = me.read().catch(() => null);
  await words.shell.load(lang);
  const root = document.getElementById('app');
  if (root) {
    render(<App lang={lang} asked={asked} />, root);
  }
  void words.problems.load(lang);
  if ('serviceWorker' in navigator && import.meta.env.PROD) {
    void navigator.serviceWorker.register('/sw.js').catch(() => undefined);
  }
}

void start();
