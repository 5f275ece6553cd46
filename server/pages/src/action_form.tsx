// One action of one dossier: its inputs, its sending, and what happens when somebody else was faster.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { ActionFields, first_values, read_values, type Values } from './action_fields';
import { ask, forget, keep, kept, new_key, problem_of, type Problem } from './api';
import { faults_of, Summary, type Faults } from './field';
import { use_keys } from './place';
import type { Action, Dossier } from './types';

/** News is read before it is answered: what came in this short a while ago has not been seen. */
const READING_MS = 1500;

export function ActionForm({ action, dossier, news, is_acting, done, cancel, reload }: {
  action: Action; dossier: Dossier; done: (after: Dossier, action: Action) => void; cancel: () => void;
  /** What others did to it since this form was opened, and when that was shown; '' for nothing. */
  news: { words: string; at: number };
  /** True while a step of his own is on its way. */
  is_acting: { current: boolean };
  /** Reads the dossier anew and tells in words what has happened to it meanwhile. */
  reload: () => Promise<string>;
}): JSX.Element {
  const place = `act.${dossier.code}.${action.action}.${action.leg ?? ''}`;
  const values = useSignal<Values>(kept<Values>(place) ?? first_values(action, dossier));
  const faults = useSignal<Faults>({}), problem = useSignal<Problem | null>(null), stale = useSignal('');
  const is_busy = useSignal(false);
  const seen = useRef(dossier.version);
  const key = useRef(new_key()), box = useRef<HTMLFormElement>(null);
  const is_possible = dossier.actions.some((one) => one.action === action.action && one.leg === action.leg);

  useLayoutEffect(() => {
    const first = box.current?.querySelector<HTMLElement>('input, textarea, select, button');
    first?.focus();
    if (first instanceof HTMLInputElement && first.type !== 'checkbox')
      first.select();
  }, []);
  const set = (next: Values): void => {
    values.value = next;
    keep(place, next);
  };
  const submit = async (): Promise<void> => {
    if (is_busy.value)
      return;
    const { body, faults: wrong } = read_values(action, values.value);
    problem.value = null;
    stale.value = '';
    faults.value = wrong;
    if (Object.keys(wrong).length > 0)
      return;
    is_busy.value = is_acting.current = true;
    if (Date.now() - news.at > READING_MS)
      seen.current = dossier.version;
    try {
      const after = await ask<Dossier>(`dossiers/${encodeURIComponent(dossier.code)}/actions`, {
        method: 'POST', key: key.current, version: seen.current, body,
      });
      forget(place);
      is_acting.current = false;
      done(after, action);
      return;
    } catch (caught) {
      const found = problem_of(caught);
      is_acting.current = false;
      const is_unknown = found.status === 0 || found.status >= 500;
      if (!is_unknown)
        key.current = new_key(); /* refused for sure: what is sent next is another thing */
      if (found.code === 'version-stale' || found.code === 'wrong-state' || found.code === 'not-your-action')
        stale.value = await reload().catch(() => '') || news.words || found.message;
      else
        problem.value = found;
      faults.value = faults_of(found);
    }
    is_busy.value = false;
  };
  use_keys([
    { key: 'Ctrl+Enter', does: action.label, run: () => void submit() },
    { key: 'Escape', does: 'Thôi, không làm', run: cancel },
  ]);
  const told = stale.value || news.words;
  const has_faults = Object.keys(faults.value).length > 0;
  return (
    <form class="card action" ref={box} onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <h2>{action.label}</h2>
      {told && <div class="warning" role="alert"><b>Hồ sơ vừa có người khác thay đổi.</b> {told}{' '}
        {is_possible ? 'Nội dung đã nhập còn nguyên: xem lại rồi gửi.' : 'Việc này không còn làm được ở bước hiện tại; nội dung đã nhập còn dưới đây.'}</div>}
      {(problem.value || has_faults) && <Summary title={problem.value?.message ?? 'Còn chỗ chưa đúng'} faults={faults.value}
        request_id={problem.value?.request_id ?? ''}>
        {problem.value?.status === 0 && <p>Gửi lại không thành hai lần.</p>}</Summary>}
      <ActionFields action={action} values={values.value} set={set} faults={faults.value} dossier={dossier} unit={dossier.processing_unit.code} />
      <p class="buttons">
        <button class="main" disabled={is_busy.value || !is_possible}>{action.label} (Ctrl+Enter)</button>
        <button type="button" onClick={cancel}>Thôi (Esc)</button>
      </p>
    </form>
  );
}
