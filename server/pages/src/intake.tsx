// The counter: one page from top to bottom, by keyboard, from the procedure to the printed receipt.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ask, now, problem_of, type Problem } from './api';
import {
  at_rows, body_of, components_of, empty_draft, forget_draft, full_papers, keep_draft, kept_draft, next_draft, no_papers, saved_draft,
  type Draft, type Papers,
} from './draft';
import { faults_of, Finder, focus_next, Summary, type Faults, type Found } from './field';
import { Components, Extras, Person, Side, type Part } from './intake_parts';
import { card_start, read_card } from './person';
import { use_keys } from './place';
import { print_receipt } from './print';
import { Accepted } from './receipt';
import type { Deadline, Dossier, DuplicateList, Page, Procedure, ProcedureLine, User } from './types';
import { limit, rfc3339, time } from './words';

async function find_procedures(typed: string): Promise<(Found & ProcedureLine)[]> {
  const found = await ask<Page<ProcedureLine>>(`procedures?limit=8&q=${encodeURIComponent(typed)}`);
  return found.items.map((line) => ({
    ...line, key: line.code, main: line.name, more: `${line.code} · ${line.field_label ?? ''} · ${limit(line.time_limit)}`,
  }));
}

async function find_deadline(procedure: Procedure, chosen: string, who: User): Promise<Deadline | null> {
  const wanted = procedure.cases.find((one) => one.code === chosen)?.time_limit ?? procedure.time_limit;
  if (!wanted)
    return null;
  const query = new URLSearchParams({
    received_at: rfc3339(now()), quantity: `${wanted.quantity}`, unit: wanted.unit,
    ...(who.agency ? { agency: who.agency.code } : {}),
  });
  return ask<Deadline>(`deadlines?${query.toString()}`);
}

const field_at = (pointer: string): HTMLElement | null => document.querySelector(`[data-pointer="${pointer}"]`);
/** Not before the screen has followed. */
const focus_on = (pointer: string): void => { setTimeout(() => field_at(pointer)?.focus(), 0); };

export function IntakeScreen({ who }: { who: User }): JSX.Element {
  const draft = useSignal<Draft>(kept_draft() ?? empty_draft());
  const procedure = useSignal<Procedure | null>(null), deadline = useSignal<Deadline | null>(null);
  const faults = useSignal<Faults>({}), problem = useSignal<Problem | null>(null);
  const is_busy = useSignal(false), notice = useSignal<{ words: string; undo?: () => void } | null>(null);
  const accepted = useSignal<Dossier | null>(null), is_going_on = useSignal(false);
  const was_kept = useSignal(draft.value.procedure !== '' || draft.value.owner.name !== '');
  const finder = useRef<HTMLInputElement | null>(null);
  const same = useSignal<DuplicateList['items']>([]), asked_number = useRef('');
  const before_scan = useRef(''), scanned_at = useRef(0);

  const change = (next: Draft): void => {
    draft.value = next;
    keep_draft(next);
  };
  const set: Part['set'] = (part) => change({ ...draft.value, ...part });

  const take_procedure = async (code: string, is_kept = false): Promise<void> => {
    try {
      const found = await ask<Procedure>(`procedures/${encodeURIComponent(code)}`);
      procedure.value = found;
      if (!is_kept)
        change({ ...draft.value, procedure: code, case: '', papers: {}, fee_ground: '' });
      focus_on('/owner/name');
    } catch (caught) {
      problem.value = problem_of(caught);
    }
  };
  useEffect(() => {
    if (draft.value.procedure !== '')
      void take_procedure(draft.value.procedure, true);
    else
      finder.current?.focus();
    if (draft.value.procedure === '' && draft.value.owner.name === '') {
      const untouched = draft.value;
      saved_draft().then((found) => {
        if (!found || draft.value !== untouched)
          return; /* typed meanwhile: that counts */
        draft.value = found;
        was_kept.value = true;
        if (found.procedure !== '')
          void take_procedure(found.procedure, true);
      }).catch(() => undefined); /* a form to type in is what matters */
    }
  }, []);
  const number = draft.value.owner.kind === 'CITIZEN' ? draft.value.owner.personal_id.trim() : draft.value.owner.tax_code.trim();
  useEffect(() => {
    same.value = [];
    if (!procedure.value || !/^(0\d{11}|\d{9}|\d{10}(-\d{3})?)$/.test(number))
      return undefined;
    const code = procedure.value.code, wanted = draft.value.owner.kind === 'CITIZEN' ? { personal_id: number } : { tax_code: number };
    const timer = setTimeout(() => {
      ask<DuplicateList>('duplicates', { method: 'POST', body: { procedure: code, ...wanted }, is_aside: true })
        .then(({ items }) => { if (asked_number.current === number) same.value = items; }).catch(() => undefined);
    }, 200);
    asked_number.current = number;
    return () => clearTimeout(timer);
  }, [procedure.value, number]);
  useEffect(() => {
    const chosen = procedure.value;
    if (!chosen)
      return undefined;
    const look = (): void => {
      find_deadline(chosen, draft.value.case, who).then((found) => { deadline.value = found; })
        .catch(() => { deadline.value = null; });
    };
    look();
    const timer = setInterval(look, 60_000);
    return () => clearInterval(timer);
  }, [procedure.value, draft.value.case]);

  const start_again = (next: Draft): void => {
    accepted.value = null;
    problem.value = null;
    faults.value = {};
    change(next);
    if (next.procedure === '') {
      procedure.value = null;
      setTimeout(() => finder.current?.focus(), 0);
    } else {
      focus_on('/owner/name');
    }
  };

  const submit = async (then: 'show' | 'next'): Promise<void> => {
    const chosen = procedure.value;
    if (is_busy.value || accepted.value)
      return;
    if (!chosen) {
      faults.value = { '/procedure': 'Chọn thủ tục trước' };
      finder.current?.focus();
      return;
    }
    is_busy.value = true;
    problem.value = null;
    const body = draft.value.sent ?? body_of(draft.value, chosen);
    try {
      const made = await ask<Dossier>('dossiers', { method: 'POST', key: draft.value.key, body });
      faults.value = {};
      notice.value = null;
      was_kept.value = false;
      accepted.value = made;
      is_going_on.value = then === 'next';
      if (then === 'next') {
        change(next_draft(draft.value));
        focus_on('/owner/name');
      } else {
        forget_draft();
      }
      if (made.accepted_at)
        print_receipt(made.code).catch((caught: Error) => { notice.value = { words: caught.message }; });
    } catch (caught) {
      const found = at_rows(problem_of(caught), draft.value, chosen);
      const is_unknown = found.status === 0 || found.status >= 502;
      problem.value = found;
      faults.value = faults_of(found);
      set({ sent: is_unknown ? body : null });
    }
    is_busy.value = false;
  };

  const all_papers = (): void => {
    if (!procedure.value)
      return;
    const rows = components_of(procedure.value, draft.value.case).filter((one) => one.is_required);
    set({ papers: { ...draft.value.papers, ...Object.fromEntries(rows.map((one) => [one.code,
      draft.value.papers[one.code]?.is_there ? draft.value.papers[one.code] ?? no_papers : full_papers(one)])) } });
  };
  const set_papers = (code: string, part: Partial<Papers>): void => {
    const old = draft.value.papers[code] ?? no_papers;
    set({ papers: { ...draft.value.papers, [code]: { ...old, ...part } } });
  };

  /* A card read into any field fills the person that the field is about; the field itself gets back what it had. */
  const on_input = (event: Event): void => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || !field.value.includes('|'))
      return;
    const pointer = field.dataset.pointer ?? '', start = card_start(field.value, before_scan.current);
    const reading = read_card(field.value.slice(start));
    if (reading.kind !== 'card')
      return;
    event.stopPropagation();
    scanned_at.current = event.timeStamp;
    field.value = field.value.slice(0, start);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    const { card } = reading, old = draft.value;
    const part = pointer.startsWith('/submitter') ? 'submitter' : 'owner';
    faults.value = {};
    change({ ...draft.value, [part]: {
      ...draft.value[part], ...(part === 'owner' ? { kind: 'CITIZEN' } : {}), name: card.name,
      personal_id: card.personal_id, address: card.address,
    } });
    const other = old[part].name !== '' && old[part].name !== card.name ? ` Đã thay “${old[part].name}”.` : '';
    notice.value = {
      words: `Đã điền từ thẻ căn cước: ${card.name}, sinh ${card.birth}, ${card.sex}, cấp ${card.issued}.${other}`,
      ...(other ? { undo: () => { change(old); notice.value = null; } } : {}),
    };
    focus_on(`/${part}/phone`);
  };
  /* Said only after the field itself has taken the letter: between two listeners the screen is drawn anew. */
  const on_typed = (event: Event): void => {
    const field = event.target;
    const reading = field instanceof HTMLInputElement ?
      read_card(field.value.slice(card_start(field.value, before_scan.current))) : { kind: 'none' as const };
    if (reading.kind === 'garbled' && field instanceof HTMLInputElement)
      faults.value = { ...faults.value, [field.dataset.pointer ?? '']: reading.why };
  };
  const on_key = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.ctrlKey && !event.altKey && !event.defaultPrevented &&
        event.target instanceof HTMLInputElement) {
      event.preventDefault();
      if (event.timeStamp - scanned_at.current > 150) /* the reader's own Enter is not the clerk's */
        focus_next(event.target);
    }
  };

  use_keys([
    { key: 'Ctrl+Enter', does: 'Tiếp nhận và in giấy hẹn', run: () => void submit('show') },
    { key: 'Alt+Enter', does: 'Tiếp nhận, in và thêm mới cùng thủ tục', run: () => void submit('next') },
    { key: 'Alt+D', does: 'Đủ giấy tờ theo danh mục', run: all_papers },
    { key: 'Alt+N', does: 'Hồ sơ mới', run: () => start_again(empty_draft()) },
    { key: 'F4', does: 'In lại giấy hẹn vừa cấp', run: () => {
      if (accepted.value)
        print_receipt(accepted.value.code).catch((caught: Error) => { notice.value = { words: caught.message }; });
    } },
  ]);

  const made = accepted.value;
  if (made && !is_going_on.value)
    return (
      <Accepted dossier={made} again={() => start_again(next_draft(draft.value))}
        fresh={() => start_again(empty_draft())} />
    );
  const part: Part = { draft: draft.value, set, faults: faults.value };
  const found = procedure.value, wrong = problem.value;
  return (
    <>
      <h1>Tiếp nhận hồ sơ</h1>
      {made && <p class="notice" role="status">Đã tiếp nhận <a href={`/ho-so/${made.code}`}>{made.code}</a>, giấy hẹn đang in.
        {(made.open_dossiers?.length ?? 0) > 0 && ` Người này còn hồ sơ cùng thủ tục chưa xong: ${made.open_dossiers?.join(', ')}.`}</p>}
      {was_kept.value && <p class="notice" role="status">Đã lấy lại bản đang nhập dở.{' '}
        <button onClick={() => { was_kept.value = false; start_again(empty_draft()); }}>Bỏ, nhập mới</button></p>}
      {notice.value && <p class="notice" role="status">{notice.value.words}{' '}
        {notice.value.undo && <button onClick={notice.value.undo}>Hoàn tác</button>}</p>}
      {wrong && <Summary title={wrong.message} faults={faults.value} request_id={wrong.request_id}>
        {part.draft.sent && <p>Chưa rõ máy chủ đã ghi hay chưa. Gửi lại sẽ gửi đúng nội dung này và không bao giờ thành hai hồ sơ.{' '}
          <button onClick={() => void submit('show')}>Gửi lại (Ctrl+Enter)</button>{' '}
          <button onClick={() => { problem.value = null; set({ sent: null }); }}>Sửa lại</button></p>}
        {wrong.code === 'idempotency-key-reused' && <p>Lần gửi trước đã được ghi, với nội dung trước khi sửa: mở <a href="/viec">việc của tôi</a> để
          xem, rồi bắt đầu hồ sơ mới (Alt+N).</p>}
      </Summary>}
      <form class="intake" onInputCapture={on_input} onInput={on_typed} onKeyDown={on_key} onSubmit={(event) => event.preventDefault()}
        onFocusCapture={(event) => {
          before_scan.current = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
            ? event.target.value : '';
        }}>
        <fieldset disabled={part.draft.sent !== null} class="sheet">
          <legend class="hidden">Hồ sơ</legend>
          <section aria-labelledby="h-procedure">
            <h2 id="h-procedure">1. Thủ tục</h2>
            {found ? (
              <p class="chosen"><b>{found.name}</b> <span class="quiet">{found.code} · {limit(found.time_limit)}</span>{' '}
                <button type="button" tabIndex={-1} onClick={() => start_again({ ...draft.value, procedure: '', case: '', papers: {} })}>Đổi</button></p>
            ) : (
              <Finder label="Tên hoặc mã thủ tục" placeholder="ho kinh doanh, khai sinh, 1.001612…" find={find_procedures}
                take={(one) => void take_procedure(one.code)} pointer="/procedure" faults={part.faults} input_ref={finder} />
            )}
          </section>
          <Person {...part} />
          <div aria-live="polite">{same.value.length > 0 && <div class="warning same">
            <b>Người này còn hồ sơ cùng thủ tục chưa xong:</b>
            <ul>{same.value.map((one) => <li key={one.code}><a href={`/ho-so/${one.code}`}>{one.code}</a> nộp {time(one.submitted_at)}, {one.state_label.toLowerCase()}
              {one.due_at && `, hẹn trả ${time(one.due_at)}`}</li>)}</ul>
            Vẫn tiếp nhận được nếu đúng là hồ sơ khác.</div>}</div>
          {found && <Components {...part} procedure={found} set_papers={set_papers} all_papers={all_papers} />}
          {found && <Extras {...part} procedure={found} />}
        </fieldset>
        <Side {...part} procedure={found} deadline={deadline.value} is_busy={is_busy.value} submit={(then) => void submit(then)} />
      </form>
    </>
  );
}
