// A table of dossiers of which only the rows in sight are drawn, so that five thousand are as quick as five. All have one
// height; on paper all are drawn.
import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const AROUND = 12, ALL_AT_ONCE = 120;

export function Rows<T extends { code: string }>({ lines, head, row, reveal }: {
  lines: readonly T[]; head: ComponentChildren; row: (line: T, index: number) => JSX.Element;
  /** Is given the function that brings a row into sight. */
  reveal: (show: (index: number) => void) => void;
}): JSX.Element {
  const from = useSignal(0), to = useSignal(ALL_AT_ONCE), is_print = useSignal(false);
  const body = useRef<HTMLTableSectionElement>(null), height = useRef(38);
  const is_all = is_print.value || lines.length <= ALL_AT_ONCE;

  const look = (): void => {
    const top = body.current?.getBoundingClientRect().top ?? 0;
    const first = Math.max(0, Math.floor(-top / height.current) - AROUND);
    const last = Math.ceil((innerHeight - top) / height.current) + AROUND;
    if (first < from.value || last > to.value || first > from.value + AROUND || last < to.value - 2 * AROUND) {
      from.value = first;
      to.value = last;
    }
  };
  useLayoutEffect(() => {
    const drawn = body.current?.querySelector('tr[id]');
    if (drawn)
      height.current = drawn.getBoundingClientRect().height || height.current;
    look();
    const before = (): void => { is_print.value = true; }, after = (): void => { is_print.value = false; };
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, [lines.length]);
  reveal((index) => {
    const box = body.current?.getBoundingClientRect();
    if (!box)
      return;
    const top = box.top + index * height.current, head_height = 40;
    if (top < head_height)
      scrollBy(0, top - head_height);
    else if (top + height.current > innerHeight)
      scrollBy(0, top + height.current - innerHeight + 4);
  });
  const first = is_all ? 0 : Math.min(from.value, Math.max(0, lines.length - 1)), last = is_all ? lines.length : Math.min(to.value, lines.length);
  return (
    <table class={`rows ${is_all ? '' : 'long'}`} aria-rowcount={lines.length + 1}>
      <thead>{head}</thead>
      <tbody ref={body}>
        {first > 0 && <tr aria-hidden="true"><td class="gap" style={{ height: `${first * height.current}px` }} colSpan={8} /></tr>}
        {lines.slice(first, last).map((line, at) => row(line, first + at))}
        {last < lines.length && <tr aria-hidden="true"><td class="gap" style={{ height: `${(lines.length - last) * height.current}px` }} colSpan={8} /></tr>}
      </tbody>
    </table>
  );
}
