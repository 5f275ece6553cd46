// One dossier: who, where, until when; its papers and steps; what has happened; what may be done now.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { meet } from './action_fields';
import { ActionForm } from './action_form';
import { ask, now, problem_of } from './api';
import { Fees, Identity, Legs, Papers, Steps, Timeline } from './dossier_parts';
import { load_work, next_work, remaining_of } from './inbox';
import { go, is_watched, use_keys, type Key } from './place';
import { print_receipt, save_receipt } from './print';
import type { Action, Dossier, DossierEvent, Page } from './types';
import { risk, time, time_left } from './words';

const LOOK_MS = 30_000;

export async function load_events(code: string): Promise<DossierEvent[]> {
  return (await ask<Page<DossierEvent>>(`dossiers/${encodeURIComponent(code)}/history?limit=200`)).items;
}

export function DossierScreen({ code }: { code: string }): JSX.Element {
  const dossier = useSignal<Dossier | null>(null), events = useSignal<DossierEvent[]>([]);
  const fault = useSignal(''), notice = useSignal(''), chosen = useSignal<Action | null>(null);
  const actions_box = useRef<HTMLElement>(null);

  const load = async (): Promise<void> => {
    const where = `dossiers/${encodeURIComponent(code)}`;
    [dossier.value, events.value] = await Promise.all([ask<Dossier>(where), load_events(code)]);
    meet(dossier.value.handler);
  };
  const reload = async (): Promise<string> => {
    const seen = events.value.length;
    await load();
    const news = events.value.slice(seen);
    return news.map((one) => `${one.actor ?? 'Hệ thống'}: ${one.action_label} lúc ${time(one.at)}.`).join(' ');
  };
  useEffect(() => {
    load().catch((caught) => { fault.value = problem_of(caught).message; });
    load_work().catch(() => undefined); /* for the time left and what is next; the page does without */
    /* Others' changes come in by themselves, except under the hands of somebody who is filling a form. */
    const timer = setInterval(() => {
      if (dossier.value && !chosen.value && is_watched())
        reload().then((news) => { if (news !== '') notice.value = `Vừa thay đổi. ${news}`; }).catch(() => undefined);
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, []);

  const print = (): void => { print_receipt(code).catch((caught: Error) => { notice.value = caught.message; }); };
  const open_next = (): void => go(next_work(code) ?? '/viec');
  const numbered: Key[] = (dossier.value?.actions ?? []).slice(0, 9).map((one, index) => ({
    key: `${index + 1}`, does: one.label, run: () => { notice.value = ''; chosen.value = one; },
  }));
  use_keys([...numbered,
    { key: 'n', does: 'Việc tiếp theo', run: open_next },
    { key: 'u', does: 'Về việc của tôi', run: () => go('/viec') },
    { key: 'F4', does: 'In giấy hẹn', run: print }]);

  const shown = dossier.value;
  if (fault.value !== '')
    return <><h1>{code}</h1><p class="fault" role="alert">{fault.value}</p><p><a href="/viec">Về việc của tôi</a></p></>;
  if (!shown)
    return <h1 aria-busy="true">{code}</h1>;
  const done = (after: Dossier, action: Action): void => {
    chosen.value = null;
    notice.value = `${action.label}: đã xong. ${after.state_label}, ${after.holder.unit_name} giữ.`;
    dossier.value = after;
    meet(after.handler);
    load_events(code).then((all) => { events.value = all; }).catch(() => undefined);
    setTimeout(() => actions_box.current?.focus(), 0);
  };
  const remaining = remaining_of(code, shown.version);
  const is_late = shown.due_at !== null && shown.finished_at === null && Date.parse(shown.due_at) < now();
  return (
    <>
      <div class="head">
        <h1>{shown.code} <span class="quiet">{shown.procedure.name}</span></h1>
        <p><b class="state">{shown.state_label}</b>{' '}
          {remaining !== undefined ? <span class={risk(remaining)}>{time_left(remaining)} <span class="quiet">ở bước này</span></span>
            : is_late && <span class="late">Quá hạn trả</span>}</p>
      </div>
      {notice.value && <p class="notice" role="status">{notice.value}</p>}
      <div class="dossier">
        <Identity dossier={shown} is_late={is_late} />
        <div class="middle">
          <section class="card no-print" aria-label="Việc làm được lúc này" tabIndex={-1} ref={actions_box}>
            <h2>Việc làm được lúc này</h2>
            {shown.actions.length === 0 && <p class="quiet">Bạn không có việc ở bước này: hồ sơ đang do {shown.holder.role_label.toLowerCase()} của{' '}
              {shown.holder.unit_name}{shown.holder.role === 'handler' && shown.handler && ` (${shown.handler.name})`} giữ.</p>}
            <p class="buttons">
              {shown.actions.map((one, index) => (
                <button key={`${one.action} ${one.leg ?? ''}`} aria-pressed={chosen.value?.action === one.action && chosen.value.leg === one.leg}
                  onClick={() => { notice.value = ''; chosen.value = one; }}>
                  {index < 9 && <kbd>{index + 1}</kbd>} {one.label}{one.leg && ` (chặng ${one.leg})`}</button>
              ))}
              <button onClick={open_next}><kbd>n</kbd> Việc tiếp theo</button>
              {shown.accepted_at && <button onClick={print}><kbd>F4</kbd> In giấy hẹn</button>}
              {shown.accepted_at && <button onClick={() => void save_receipt(code)}>Lưu PDF</button>}
            </p>
          </section>
          {chosen.value && <ActionForm key={`${chosen.value.action} ${chosen.value.leg ?? ''}`} action={chosen.value} dossier={shown} done={done} reload={reload}
            cancel={() => { chosen.value = null; actions_box.current?.focus(); }} />}
          {shown.legs && <Legs legs={shown.legs} />}
          <Papers dossier={shown} />
          <Fees dossier={shown} />
          <Steps dossier={shown} />
        </div>
        <Timeline dossier={shown} events={events.value} />
      </div>
    </>
  );
}
