// Which screen: the address, and the keys that hold on every screen.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

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
      link.pathname.startsWith('/tra-cuu') || link.getAttribute('href')?.startsWith('#'))
    return;
  event.preventDefault();
  go(link.pathname);
});

/** Keys of a screen: "j", "Ctrl+Enter", "Alt+D"; single letters only count outside of fields. */
export interface Key { key: string; does: string; run: () => void; is_hidden?: boolean }
let stack: (readonly Key[])[] = [];
export const known_keys = signal<readonly Key[]>([]);

export function use_keys(keys: readonly Key[]): void {
  useEffect(() => {
    stack = [...stack, keys];
    known_keys.value = stack.flat().filter((one) => !one.is_hidden);
    return () => {
      stack = stack.filter((one) => one !== keys);
      known_keys.value = stack.flat().filter((one) => !one.is_hidden);
    };
  });
}

const name_of = (event: KeyboardEvent): string => {
  const key = event.code.startsWith('Key') && (event.altKey || event.ctrlKey) ? event.code.slice(3) : event.key;
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${key}`;
};

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.defaultPrevented)
    return;
  const name = name_of(event);
  const target = event.target;
  const is_typing = target instanceof HTMLElement && target.closest('input:not([type=checkbox]),textarea,select') !== null;
  const needs_no_field = !/^(Ctrl|Alt)\+|^F\d|^Escape$/.test(name);
  if (is_typing && needs_no_field)
    return;
  if (name === 'Enter' && target instanceof HTMLElement && target.closest('button,a,summary'))
    return;
  for (const keys of [...stack].reverse()) {
    const found = keys.find((one) => one.key === name);
    if (found) {
      event.preventDefault();
      found.run();
      return;
    }
  }
});
