// News from the server while somebody looks: one stream of the page that is seen; where there is none, looking now and then.
// What comes says only that something is new; it is read by the usual questions.
import { useEffect, useRef } from 'preact/hooks';
import { is_session_over } from './api';
import { is_watched } from './place';

const LOOK_MS = 30_000, CHECK_MS = 2_000;

export interface News {
  /** The list of one's own work may have changed. */
  work?: () => void;
  /** A dossier is open: it has this version now; 0: nobody knows, look. */
  dossier?: { code: string; changed: (version: number) => void };
}

export function use_news(news: News): void {
  const on = useRef(news);
  on.current = news;
  useEffect(() => {
    let stream: EventSource | null = null, is_heard = false, looked_at = Date.now(), tried_at = 0;
    const look = (): void => {
      looked_at = Date.now();
      on.current.work?.();
      on.current.dossier?.changed(0);
    };
    const close = (): void => {
      stream?.close();
      stream = null;
      is_heard = false;
    };
    const version_of = (event: Event): number =>
      (JSON.parse((event as MessageEvent<string>).data) as { version?: number }).version ?? 0;
    const open = (): void => {
      const code = on.current.dossier?.code;
      const is_again = tried_at > 0;
      tried_at = Date.now();
      stream = new EventSource(`/api/v1/live${code === undefined ? '' : `?dossier=${encodeURIComponent(code)}`}`);
      let is_first = true;
      stream.addEventListener('begin', (event) => {
        is_heard = true;
        if (code !== undefined)
          on.current.dossier?.changed(version_of(event));
        if (is_again || !is_first)
          on.current.work?.(); /* what was missed meanwhile */
        is_first = false;
      });
      stream.addEventListener('dossier', (event) => on.current.dossier?.changed(version_of(event)));
      stream.addEventListener('work', () => on.current.work?.());
      stream.addEventListener('error', () => {
        is_heard = false;
        if (stream?.readyState === EventSource.CLOSED)
          stream = null;
      });
    };
    const check = (): void => {
      if (!is_watched() || is_session_over.value) {
        close(); /* a PC left alone lets its session end, and hidden pages hold no connection */
        return;
      }
      if (!stream && Date.now() - tried_at >= (tried_at === 0 ? 0 : LOOK_MS / 2))
        open();
      if (!is_heard && Date.now() - looked_at >= LOOK_MS)
        look();
    };
    const seen = (): void => {
      if (document.hidden) {
        close();
      } else if (tried_at > 0) {
        tried_at = 1; /* at once, and what was missed with it */
        check();
      }
    };
    check();
    const timer = setInterval(check, CHECK_MS);
    document.addEventListener('visibilitychange', seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
      close();
    };
  }, []);
}
