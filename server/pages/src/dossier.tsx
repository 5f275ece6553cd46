// One dossier: who, where, until when; its papers and steps; what has happened; what may be done now.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ActionForm } from './action_form';
import { ask, now, problem_of } from './api';
import { Blocked, Fees, Identity, Legs, Papers, Steps, Timeline } from './dossier_parts';
import { load_work, next_work, remaining_of } from './inbox';
import { use_news } from './news';
import { go, scanned, use_keys, type Key } from './place';
import { forms_of, print_form, save_receipt, title_of, type Kind } from './print';
import type { Action, Dossier, DossierEvent, Page } from './types';
import { risk, time, time_left } from './words';

/** What the desk does first with a dossier whose receipt was scanned. */
const at_desk = ['collect_fee', 'return_result', 'receive_supplement', 'confirm_delivery', 'accept'];

const no_news = { words: '', at: 0 };

export async function load_events(code: string): Promise<DossierEvent[]> {
  return (await ask<Page<DossierEvent>>(`dossiers/${encodeURIComponent(code)}/history?limit=200`)).items;
}

export function DossierScreen({ code }: { code: string }): JSX.Element {
  const dossier = useSignal<Dossier | null>(null), events = useSignal<DossierEvent[]>([]);
  const fault = useSignal(''), notice = useSignal(''), chosen = useSignal<Action | null>(null);
  const news = useSignal(no_news), is_scanned = useRef(false);
  /* Up to which version he has been told, and whether a step of his own is under way: that is no news to him. */
  const known = useRef(0), is_acting = useRef(false);
  const actions_box = useRef<HTMLElement>(null);

  const load = async (): Promise<void> => {
    const where = `dossiers/${encodeURIComponent(code)}`;
    const [found, all] = await Promise.all([ask<Dossier>(where), load_events(code)]);
    if (dossier.value && found.version < dossier.value.version)
      return; /* asked before one's own step, answered after it */
    dossier.value = found;
    events.value = all;
  };
  const reload = async (): Promise<string> => {
    await load();
    const fresh = events.value.filter((one) => one.seq > known.current);
    known.current = Math.max(known.current, dossier.value?.version ?? 0);
    return fresh.map((one) => `${one.actor ?? 'Hệ thống'}: ${one.action_label} lúc ${time(one.at)}.`).join(' ');
  };
  const choose = (action: Action | null): void => {
    notice.value = '';
    news.value = no_news;
    chosen.value = action;
  };
  const choose_next = (shown: Dossier): void => {
    const next = at_desk.map((name) => shown.actions.find((one) => one.action === name)).find(Boolean);
    if (is_scanned.current && next)
      chosen.value = next;
  };
  useEffect(() => {
    is_scanned.current = scanned.value === code;
    scanned.value = '';
    load().then(() => {
      known.current = dossier.value?.version ?? 0;
      if (dossier.value)
        choose_next(dossier.value);
    }).catch((caught) => { fault.value = problem_of(caught).message; });
    load_work().catch(() => undefined); /* for the time left and what is next; the page does without */
  }, []);
  use_news({ dossier: { code, changed: (version) => {
    if (!dossier.value || is_acting.current || version !== 0 && version <= dossier.value.version)
      return;
    reload().then((words) => {
      if (words === '')
        return;
      if (chosen.value)
        news.value = { words: `${news.value.words} ${words}`.trim(), at: Date.now() };
      else
        notice.value = `Vừa thay đổi. ${words}`;
    }).catch(() => undefined); /* the next news, or the next step, will say */
  } } });

  const print = (kind: Kind): void => { print_form(code, kind).catch((caught: Error) => { notice.value = caught.message; }); };
  const open_next = (): void => go(next_work(code) ?? '/viec');
  const numbered: Key[] = (dossier.value?.actions ?? []).slice(0, 9).map((one, index) => ({
    key: `${index + 1}`, does: one.label, run: () => choose(one),
  }));
  use_keys([...numbered,
    { key: 'n', does: 'Việc tiếp theo', run: open_next },
    { key: 'u', does: 'Về việc của tôi', run: () => go('/viec') },
    { key: 'F4', does: 'In giấy hẹn', run: () => print('receipt') }]);

  const shown = dossier.value;
  if (fault.value !== '')
    return <><h1>{code}</h1><p class="fault" role="alert">{fault.value}</p><p><a href="/viec">Về việc của tôi</a></p></>;
  if (!shown)
    return <h1 aria-busy="true">{code}</h1>;
  const done = (after: Dossier, action: Action): void => {
    chosen.value = null;
    notice.value = `${action.label}: đã xong. ${after.state_label}, ${after.holder.unit_name} giữ.`;
    dossier.value = after;
    known.current = after.version;
    news.value = no_news;
    load_events(code).then((all) => { events.value = all; }).catch(() => undefined);
    choose_next(after);
    if (!chosen.value)
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
                  onClick={() => choose(one)}>
                  {index < 9 && <kbd>{index + 1}</kbd>} {one.label}{one.leg && ` (chặng ${one.leg})`}</button>
              ))}
              <button onClick={open_next}><kbd>n</kbd> Việc tiếp theo</button>
            </p>
            <Blocked of={shown.blocked} />
            {forms_of(shown).length > 0 && <p class="buttons prints" role="group" aria-label="In biểu mẫu">
              {forms_of(shown).map((kind) => <button key={kind} onClick={() => print(kind)}>
                {kind === 'receipt' && <kbd>F4</kbd>} In {title_of(kind)}</button>)}
              {shown.accepted_at && <button onClick={() => void save_receipt(code)}>Lưu giấy hẹn (PDF)</button>}
            </p>}
          </section>
          {chosen.value && <ActionForm key={`${chosen.value.action} ${chosen.value.leg ?? ''}`} action={chosen.value} dossier={shown} news={news.value} is_acting={is_acting} done={done} reload={reload}
            cancel={() => { choose(null); actions_box.current?.focus(); }} />}
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
