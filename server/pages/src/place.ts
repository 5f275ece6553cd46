// Which screen: the address, and the keys that hold on every screen.
import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

export const path = signal(location.pathname);

export function go(to: string): void {
  if (to === path.value)
    return;
  history.pushState(null, '', to);
  path.value = to;
  window.scrollTo(0, 0);
}
export function replace(to: string): void {
  history.replaceState(null, '', to);
  path.value = to;
}
window.addEventListener('popstate', () => { path.value = location.pathname; });
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey ||
      link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin ||
      /^\/(tra-cuu|thu-tuc)/.test(link.pathname) || link.getAttribute('href')?.startsWith('#'))
    return;
  event.preventDefault();
  go(link.pathname);
});

/** The dossier whose receipt was just scanned: its page begins with what comes next at the desk. */
export const scanned = signal('');

/** Screens look for news by themselves only while somebody works: a PC left alone lets its session end. */
const ALONE_MS = 10 * 60_000;
let touched_at = Date.now();
for (const kind of ['keydown', 'pointerdown', 'pointermove', 'wheel'])
  document.addEventListener(kind, () => { touched_at = Date.now(); }, { passive: true });
export const is_watched = (): boolean => !document.hidden && Date.now() - touched_at < ALONE_MS;

/** Keys of a screen: "j", "Ctrl+Enter", "Alt+D"; single letters only count outside of fields. */
export interface Key { key: string; does: string; run: () => void; is_hidden?: boolean }
interface Layer { keys: readonly Key[] }
let stack: Layer[] = [];
export const known_keys = (): readonly Key[] => stack.flatMap((layer) => layer.keys).filter((one) => !one.is_hidden);

/** What comes later lies above; the frame's own keys are the ground below every screen's. */
export function use_keys(keys: readonly Key[], is_ground = false): void {
  const layer = useRef<Layer>({ keys });
  layer.current.keys = keys;
  useLayoutEffect(() => {
    stack = is_ground ? [layer.current, ...stack] : [...stack, layer.current];
    return () => { stack = stack.filter((one) => one !== layer.current); };
  }, []);
}

const name_of = (event: KeyboardEvent): string => {
  const key = event.code.startsWith('Key') && (event.altKey || event.ctrlKey) ? event.code.slice(3) : event.key;
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${key}`;
};

/** A reader types "https://…" into no field at all: its letters are no keys of the screen; "/" then finds the search. */
let typed = '', typed_at = 0;
function is_reader(event: KeyboardEvent): boolean {
  typed = event.timeStamp - typed_at < 60 ? (typed + event.key).slice(-5) : event.key;
  typed_at = event.timeStamp;
  return 'https'.startsWith(typed) && typed.length > 1;
}

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.defaultPrevented)
    return;
  const name = name_of(event);
  const target = event.target;
  const is_typing = target instanceof HTMLElement && target.closest('input:not([type=checkbox]),textarea,select') !== null;
  const needs_no_field = !/^(Ctrl|Alt)\+|^F\d|^Escape$/.test(name);
  if (is_typing && needs_no_field || is_reader(event))
    return;
  if (name === 'Enter' && target instanceof HTMLElement && target.closest('button,a,summary'))
    return;
  for (const layer of [...stack].reverse()) {
    const found = layer.keys.find((one) => one.key === name);
    if (found) {
      event.preventDefault();
      found.run();
      return;
    }
  }
});
