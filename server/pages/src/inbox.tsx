// The work of a person, what he can be late with first. Everything by keyboard; several at once with a result for each.
import { computed, signal, useSignal } from '@preact/signals';
import { Component, type JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ask, problem_of } from './api';
import { Batch } from './batch';
import { use_news } from './news';
import { go, use_keys } from './place';
import { Rows } from './rows';
import type { Page, WorkLine } from './types';
import { plain, risk, time, time_left } from './words';

/** What was read last: the dossier's page asks it for the next one and for the time left. */
const work = signal<readonly WorkLine[]>([]);
const PAGES_MAX = 25, PAGE_LINES = 200, PAUSE_MS = 2_000, LONG_PAUSE_MS = 20_000;

let under_way: Promise<readonly WorkLine[]> | null = null;
async function read_work(): Promise<readonly WorkLine[]> {
  const all: WorkLine[] = [];
  let next: string | null = '';
  for (let i = 0; next !== null && i < PAGES_MAX; i++) {
    const page: Page<WorkLine> = await ask(`inbox?limit=${PAGE_LINES}${next && `&cursor=${encodeURIComponent(next)}`}`);
    all.push(...page.items);
    next = page.next;
    if (work.value.length < all.length)
      work.value = [...all]; /* what is due first is on the screen while the rest comes */
  }
  work.value = all;
  prepare(all, 0);
  return all;
}
/** What the filter compares, made while nobody waits for it. */
function prepare(all: readonly WorkLine[], from: number): void {
  all.slice(from, from + 250).forEach(text_of);
  if (from + 250 < all.length && work.value === all)
    setTimeout(() => prepare(all, from + 250), 20);
}
/** One reading at a time, whoever asks for it. */
export function load_work(): Promise<readonly WorkLine[]> {
  under_way ??= read_work().finally(() => { under_way = null; });
  return under_way;
}
export function next_work(code: string): string | null {
  const at = work.value.findIndex((line) => line.code === code);
  const next = work.value[at + 1] ?? work.value.find((line) => line.code !== code);
  return next ? `/ho-so/${next.code}` : null;
}
export const remaining_of = (code: string, version: number): number | null | undefined =>
  work.value.find((line) => line.code === code && line.version === version)?.remaining_minutes;

const tabs: readonly (readonly [string, string, (line: WorkLine) => boolean])[] = [
  ['all', 'Tất cả', () => true],
  ['late', 'Quá hạn', (line) => risk(line.remaining_minutes) === 'late'],
  ['soon', 'Sắp đến hạn', (line) => risk(line.remaining_minutes) === 'soon'],
  ['new', 'Mới đến', (line) => ['SUBMITTED', 'ACCEPTED', 'IN_TRANSFER', 'ASSIGNING'].includes(line.state)],
  ['doing', 'Đang thụ lý', (line) => ['PROCESSING', 'REVIEW', 'SIGNING', 'ISSUING'].includes(line.state)],
  ['asked', 'Chờ phối hợp', (line) => ['CONSULTING', 'LEG_HANDOVER'].includes(line.state)],
  ['waiting', 'Chờ công dân', (line) => ['SUPPLEMENT_WAIT', 'FINANCIAL_WAIT', 'INTAKE_SUPPLEMENT', 'WITHDRAW_REQUESTED'].includes(line.state)],
  ['ready', 'Chờ trả', (line) => ['RESULT_READY', 'REFUSED_WITH_REASON', 'RETURN_IN_POST', 'UNCLAIMED'].includes(line.state)],
];

/** Each tab's lines, found once for each reading. */
const by_tab = computed(() => new Map(tabs.map(([name, , fits]) => [name, work.value.filter(fits)])));
const texts = new WeakMap<WorkLine, string>();
function text_of(line: WorkLine): string {
  let text = texts.get(line);
  if (text === undefined) {
    text = plain(`${line.code} ${line.owner_name ?? ''} ${line.procedure.name ?? ''} ${line.state_label} ${line.handler_name ?? ''}`);
    texts.set(line, text);
  }
  return text;
}

export interface Picks { at: number; picked: ReadonlySet<string> }

/** j, k, x and the like: the same on every list of dossiers. `reveal` brings a row into sight. */
export function use_list(lines: readonly { code: string }[], picks: Picks, set: (picks: Picks) => void, reveal?: (index: number) => void): void {
  const move = (to: number): void => {
    const at = Math.max(0, Math.min(lines.length - 1, to));
    set({ ...picks, at });
    if (reveal)
      reveal(at);
    else
      document.getElementById(`line-${lines[at]?.code}`)?.scrollIntoView({ block: 'nearest' });
  };
  const here = lines[picks.at]?.code;
  const toggle = (): void => {
    if (!here)
      return;
    const picked = new Set(picks.picked);
    if (!picked.delete(here))
      picked.add(here);
    set({ ...picks, picked });
  };
  use_keys([
    { key: 'j', does: 'Xuống', run: () => move(picks.at + 1) },
    { key: 'k', does: 'Lên', run: () => move(picks.at - 1) },
    { key: 'Home', does: 'Đầu danh sách', run: () => move(0) },
    { key: 'End', does: 'Cuối danh sách', run: () => move(lines.length - 1) },
    { key: 'ArrowDown', does: 'Xuống', run: () => move(picks.at + 1), is_hidden: true },
    { key: 'ArrowUp', does: 'Lên', run: () => move(picks.at - 1), is_hidden: true },
    { key: 'Enter', does: 'Mở hồ sơ', run: () => { if (here) go(`/ho-so/${here}`); } },
    { key: 'x', does: 'Chọn, bỏ chọn', run: toggle },
  ]);
}

interface LineProps { line: WorkLine; index: number; is_at: boolean; is_picked: boolean; go_to: (index: number) => void; choose: (code: string) => void }

/** Drawn anew only when something of it has changed: a key moves two rows of sixty. */
class Line extends Component<LineProps> {
  override shouldComponentUpdate(next: LineProps): boolean {
    return next.line !== this.props.line || next.index !== this.props.index || next.is_at !== this.props.is_at || next.is_picked !== this.props.is_picked;
  }
  override render({ line, index, is_at, is_picked, go_to, choose }: LineProps): JSX.Element {
    return (
      <tr id={`line-${line.code}`} class={is_at ? 'at' : ''} onClick={() => go_to(index)}>
        <td><input type="checkbox" aria-label={`Chọn ${line.code}`} checked={is_picked} onChange={() => choose(line.code)} /></td>
        <td><span class={risk(line.remaining_minutes)}>{time_left(line.remaining_minutes)}</span></td>
        <td><a href={`/ho-so/${line.code}`}>{line.code}</a></td><td>{line.owner_name}</td><td title={line.procedure.name ?? ''}>{line.procedure.name}</td>
        <td>{line.state_label}</td><td>{line.handler_name}</td><td class="number">{time(line.due_at)}</td>
      </tr>
    );
  }
}

export function InboxScreen(): JSX.Element {
  const fault = useSignal(''), tab = useSignal('all'), is_loaded = useSignal(false), typed = useSignal('');
  const picks = useSignal<Picks>({ at: 0, picked: new Set() });
  const show = useRef<(index: number) => void>(() => undefined), filter = useRef<HTMLInputElement>(null);
  const loaded_at = useRef(0), later = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const load = (): void => {
    loaded_at.current = Date.now();
    load_work().then(() => { fault.value = ''; is_loaded.value = true; })
      .catch((caught) => { fault.value = problem_of(caught).message; });
  };
  /* Much news is one reading, and long lists are read less often. */
  const load_soon = (): void => {
    const pause = work.value.length > PAGE_LINES ? LONG_PAUSE_MS : PAUSE_MS;
    clearTimeout(later.current);
    later.current = setTimeout(load, Math.max(0, loaded_at.current + pause - Date.now()));
  };
  useEffect(() => {
    load();
    return () => clearTimeout(later.current);
  }, []);
  use_news({ work: load_soon });
  const of_tab = by_tab.value.get(tab.value) ?? [], wanted = plain(typed.value.trim());
  const lines = useMemo(() => wanted === '' ? of_tab : of_tab.filter((line) => text_of(line).includes(wanted)), [of_tab, wanted]);
  use_list(lines, picks.value, (next) => { picks.value = next; }, (index) => show.current(index));
  use_keys([{ key: 'f', does: 'Lọc trong danh sách', run: () => filter.current?.focus() }]);
  const go_to = (index: number): void => { picks.value = { ...picks.value, at: index }; };
  const choose = (code: string): void => {
    const picked = new Set(picks.value.picked);
    if (!picked.delete(code))
      picked.add(code);
    picks.value = { ...picks.value, picked };
  };
  return (
    <>
      <h1>Việc của tôi</h1>
      {fault.value && <p class="fault" role="alert">{fault.value}</p>}
      <div class="tabs" role="group" aria-label="Lọc">
        {tabs.map(([name, words]) => {
          const count = by_tab.value.get(name)?.length ?? 0;
          return (name === 'all' || count > 0 || name === tab.value) && <button key={name} aria-pressed={tab.value === name}
            onClick={() => { tab.value = name; picks.value = { at: 0, picked: new Set() }; }}>{words} ({count})</button>;
        })}
        <input type="search" class="filter" ref={filter} value={typed.value} placeholder="Lọc: mã, tên, thủ tục (f)" aria-label="Lọc danh sách"
          onInput={(event) => { typed.value = event.currentTarget.value; picks.value = { ...picks.value, at: 0 }; }} />
      </div>
      {picks.value.picked.size > 0 && <Batch seen={work.value.filter((line) => picks.value.picked.has(line.code))} key={[...picks.value.picked].join()}
        close={() => { picks.value = { ...picks.value, picked: new Set() }; load(); }} changed={load} />}
      {is_loaded.value && lines.length === 0 && <p role="status">{wanted === '' ? 'Không có việc nào đang chờ.' : 'Không có việc nào khớp.'}</p>}
      {lines.length > 0 && (
        <Rows lines={lines} reveal={(reveal) => { show.current = reveal; }}
          head={<tr><th><span class="hidden">Chọn</span></th><th>Còn lại</th><th>Mã hồ sơ</th><th>Chủ hồ sơ</th><th>Thủ tục</th>
            <th>Trạng thái</th><th>Người xử lý</th><th class="number">Hẹn trả</th></tr>}
          row={(line, index) => <Line key={line.code} line={line} index={index} is_at={index === picks.value.at}
            is_picked={picks.value.picked.has(line.code)} go_to={go_to} choose={choose} />} />
      )}
      <p class="quiet no-print"><kbd>j</kbd> <kbd>k</kbd> lên xuống, <kbd>Enter</kbd> mở, <kbd>x</kbd> chọn nhiều, <kbd>f</kbd> lọc, <kbd>?</kbd> mọi phím tắt</p>
    </>
  );
}
