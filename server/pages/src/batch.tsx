// One action for several dossiers: asked one after the other, a result for each; one that fails stops no other.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ActionFields, first_values, no_values, read_values, type Values } from './action_fields';
import { ask, new_key, problem_of } from './api';
import { type Faults } from './field';
import { use_keys } from './place';
import type { Action, Dossier } from './types';

/** What cannot be the same for two dossiers. */
const own_needs = ['document_number', 'receiver_name', 'items', 'amount', 'postal_number', 'address', 'proof', 'new_due_at'];

/** A dossier as it stood when it was picked: what changed since is not acted upon unseen. */
export interface Seen { code: string; version: number }
interface Result { code: string; is_done: boolean; words: string }

async function act({ code, version }: Seen, action: Action, body: unknown, key: string): Promise<Result> {
  try {
    const where = `dossiers/${encodeURIComponent(code)}/actions`;
    const after = await ask<Dossier>(where, { method: 'POST', key, version, body });
    return { code, is_done: true, words: `${action.label}: xong. ${after.state_label}` };
  } catch (caught) {
    return { code, is_done: false, words: problem_of(caught).message };
  }
}

export function Batch({ seen, wanted, close, changed }: {
  seen: readonly Seen[]; wanted?: string; close: () => void; changed: () => void;
}): JSX.Element {
  const actions = useSignal<Action[] | null>(null), chosen = useSignal<Action | null>(null);
  const values = useSignal<Values>(no_values), faults = useSignal<Faults>({});
  const unit = useSignal('');
  const results = useSignal<Result[]>([]), is_busy = useSignal(false);
  const keys = useSignal<Record<string, string>>({}), versions = useSignal<Record<string, number>>({});
  const codes = seen.map((one) => one.code);

  const choose = (action: Action | undefined): void => {
    chosen.value = action ?? null;
    values.value = action ? first_values(action, null) : no_values;
    faults.value = {};
    setTimeout(() => document.querySelector<HTMLElement>('.batch input, .batch textarea, .batch select, .batch button')?.focus(), 0);
  };
  useEffect(() => {
    Promise.all(codes.map((code) => ask<Dossier>(`dossiers/${encodeURIComponent(code)}`))).then((all) => {
      const [first, ...rest] = all;
      const common = (first?.actions ?? []).filter((one) => !one.needs.some((need) => own_needs.includes(need)) &&
        rest.every((other) => other.actions.some((its) => its.action === one.action && its.needs.join() === one.needs.join())));
      actions.value = common;
      unit.value = first?.processing_unit.code ?? '';
      if (wanted)
        choose(common.find((one) => one.action === wanted));
    }).catch((caught) => { faults.value = { '': problem_of(caught).message }; });
  }, []);

  const run = async (these: readonly string[]): Promise<void> => {
    const action = chosen.value;
    if (!action || is_busy.value)
      return;
    const { body, faults: wrong } = read_values(action, values.value);
    faults.value = wrong;
    if (Object.keys(wrong).length > 0)
      return;
    is_busy.value = true;
    for (const code of these) {
      const key = keys.value[code] ?? new_key();
      keys.value = { ...keys.value, [code]: key };
      const version = versions.value[code] ?? seen.find((one) => one.code === code)?.version ?? 0;
      const result = await act({ code, version }, action, body, key);
      if (!result.is_done) { /* told; whoever tries again means it as it is now */
        const now = await ask<Dossier>(`dossiers/${encodeURIComponent(code)}`).catch(() => null);
        keys.value = { ...keys.value, [code]: new_key() };
        versions.value = { ...versions.value, [code]: now?.version ?? version };
      }
      results.value = [...results.value.filter((one) => one.code !== code), result];
    }
    is_busy.value = false;
    changed();
  };
  const failed = results.value.filter((one) => !one.is_done).map((one) => one.code);
  const left = codes.filter((code) => !results.value.some((one) => one.code === code));
  const todo = results.value.length > 0 ? failed : left;
  use_keys([
    { key: 'Ctrl+Enter', does: 'Làm với các hồ sơ đã chọn', run: () => void run(todo) },
    { key: 'Escape', does: 'Bỏ chọn', run: close },
  ]);
  return (
    <form class="card batch" aria-label="Làm nhiều hồ sơ" onSubmit={(event) => { event.preventDefault(); void run(todo); }}>
      <h2>Đã chọn {codes.length} hồ sơ</h2>
      {faults.value[''] && <p class="fault" role="alert">{faults.value['']}</p>}
      {actions.value?.length === 0 && <p>Các hồ sơ này không có việc nào làm chung được: chúng ở những bước khác nhau.</p>}
      {!wanted && <p class="buttons">{actions.value?.map((one) => <button type="button" key={one.action}
        aria-pressed={chosen.value?.action === one.action} onClick={() => choose(one)}>{one.label}</button>)}</p>}
      {chosen.value && results.value.length === 0 &&
        <ActionFields action={chosen.value} values={values.value} set={(next) => { values.value = next; }} faults={faults.value} dossier={null} unit={unit.value} />}
      {results.value.length > 0 && <div role="status"><ul class="results">{results.value.map((one) => (
        <li key={one.code} class={one.is_done ? 'calm' : 'late'}><a href={`/ho-so/${one.code}`}>{one.code}</a> {one.words}</li>))}</ul></div>}
      <p class="buttons">
        {chosen.value && todo.length > 0 && <button class="main" disabled={is_busy.value}>
          {results.value.length > 0 ? 'Thử lại' : chosen.value.label} {todo.length} hồ sơ (Ctrl+Enter)</button>}
        <button type="button" onClick={close}>{results.value.length > 0 && failed.length === 0 ? 'Xong' : 'Bỏ chọn'} (Esc)</button>
      </p>
    </form>
  );
}
