// The work of a person, what he can be late with first. Everything by keyboard; several at once with a result for each.
import { signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask, problem_of } from './api';
import { Batch } from './batch';
import { go, is_watched, use_keys } from './place';
import type { Page, WorkLine } from './types';
import { risk, time, time_left } from './words';

/** What was read last: the dossier's page asks it for the next one and for the time left. */
const work = signal<readonly WorkLine[]>([]);
const PAGES_MAX = 5, PAGE_LINES = 200, LOOK_MS = 30_000;

export async function load_work(): Promise<readonly WorkLine[]> {
  const all: WorkLine[] = [];
  let next: string | null = '';
  for (let i = 0; next !== null && i < PAGES_MAX; i++) {
    const page: Page<WorkLine> = await ask(`inbox?limit=${PAGE_LINES}${next && `&cursor=${encodeURIComponent(next)}`}`);
    all.push(...page.items);
    next = page.next;
  }
  work.value = all;
  return all;
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

export interface Picks { at: number; picked: ReadonlySet<string> }

/** j, k, x and the like: the same on every list of dossiers. */
export function use_list(lines: readonly { code: string }[], picks: Picks, set: (picks: Picks) => void): void {
  const move = (to: number): void => {
    const at = Math.max(0, Math.min(lines.length - 1, to));
    set({ ...picks, at });
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
    { key: 'ArrowDown', does: 'Xuống', run: () => move(picks.at + 1), is_hidden: true },
    { key: 'ArrowUp', does: 'Lên', run: () => move(picks.at - 1), is_hidden: true },
    { key: 'Enter', does: 'Mở hồ sơ', run: () => { if (here) go(`/ho-so/${here}`); } },
    { key: 'x', does: 'Chọn, bỏ chọn', run: toggle },
  ]);
}

export function InboxScreen(): JSX.Element {
  const fault = useSignal(''), tab = useSignal('all'), is_loaded = useSignal(false);
  const picks = useSignal<Picks>({ at: 0, picked: new Set() });
  const load = (): void => {
    load_work().then(() => { fault.value = ''; is_loaded.value = true; })
      .catch((caught) => { fault.value = problem_of(caught).message; });
  };
  useEffect(() => {
    load();
    const timer = setInterval(() => { if (is_watched()) load(); }, LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const fits = tabs.find(([name]) => name === tab.value)?.[2] ?? (() => true);
  const lines = work.value.filter(fits);
  use_list(lines, picks.value, (next) => { picks.value = next; });
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
        {tabs.map(([name, words, of]) => {
          const count = work.value.filter(of).length;
          return (name === 'all' || count > 0 || name === tab.value) && <button key={name} aria-pressed={tab.value === name}
            onClick={() => { tab.value = name; picks.value = { at: 0, picked: new Set() }; }}>{words} ({count})</button>;
        })}
      </div>
      {picks.value.picked.size > 0 && <Batch seen={lines.filter((line) => picks.value.picked.has(line.code))} key={[...picks.value.picked].join()}
        close={() => { picks.value = { ...picks.value, picked: new Set() }; load(); }} changed={load} />}
      {is_loaded.value && lines.length === 0 && <p role="status">Không có việc nào đang chờ.</p>}
      {lines.length > 0 && (
        <table class="rows">
          <thead><tr><th><span class="hidden">Chọn</span></th><th>Còn lại</th><th>Mã hồ sơ</th><th>Chủ hồ sơ</th><th>Thủ tục</th>
            <th>Trạng thái</th><th>Người xử lý</th><th class="number">Hẹn trả</th></tr></thead>
          <tbody>{lines.map((line, index) => (
            <tr key={line.code} id={`line-${line.code}`} class={index === picks.value.at ? 'at' : ''}
              onClick={() => { picks.value = { ...picks.value, at: index }; }}>
              <td><input type="checkbox" aria-label={`Chọn ${line.code}`} checked={picks.value.picked.has(line.code)}
                onChange={() => choose(line.code)} /></td>
              <td><span class={risk(line.remaining_minutes)}>{time_left(line.remaining_minutes)}</span></td>
              <td><a href={`/ho-so/${line.code}`}>{line.code}</a></td><td>{line.owner_name}</td><td>{line.procedure.name}</td>
              <td>{line.state_label}</td><td>{line.handler_name}</td><td class="number">{time(line.due_at)}</td>
            </tr>))}
          </tbody>
        </table>
      )}
      <p class="quiet"><kbd>j</kbd> <kbd>k</kbd> lên xuống, <kbd>Enter</kbd> mở, <kbd>x</kbd> chọn nhiều, <kbd>?</kbd> mọi phím tắt</p>
    </>
  );
}
