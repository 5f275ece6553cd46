// After the acceptance: what was made, what is printed, what comes next.
import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { print_form, print_receipt, save_receipt } from './print';
import type { Dossier } from './types';
import { long_time, money } from './words';

export function Accepted({ dossier, again, fresh }: { dossier: Dossier; again: () => void; fresh: () => void }): JSX.Element {
  const next = useRef<HTMLButtonElement>(null);
  const is_accepted = dossier.accepted_at !== null, fault = useSignal('');
  const kind = dossier.state === 'INTAKE_REFUSED' ? 'refusal' : dossier.state === 'INTAKE_SUPPLEMENT' ? 'supplement' : null;
  useEffect(() => next.current?.focus(), []);
  return (
    <section class={`done ${is_accepted ? '' : 'not'}`}>
      <h1>{is_accepted ? 'Đã tiếp nhận' : dossier.state_label}: {dossier.code}</h1>
      <dl class="pairs">
        <div><dt>Thủ tục</dt><dd>{dossier.procedure.name}</dd></div>
        <div><dt>Chủ hồ sơ</dt><dd>{dossier.owner?.name}</dd></div>
        {dossier.due_at && <div><dt>Hẹn trả</dt><dd class="big">{long_time(dossier.due_at)}</dd></div>}
        {is_accepted && <div><dt>Phí, lệ phí còn phải nộp</dt><dd>{money(dossier.fee_owed)}</dd></div>}
        {dossier.register_no !== undefined && <div><dt>Số thứ tự trong sổ</dt><dd>{dossier.register_no}</dd></div>}
      </dl>
      {(dossier.open_dossiers?.length ?? 0) > 0 && (
        <div class="warning" role="alert">
          <b>Người này còn hồ sơ cùng thủ tục chưa xong:</b>{' '}
          {dossier.open_dossiers?.map((code) => <span key={code}><a href={`/ho-so/${code}`}>{code}</a> </span>)}
        </div>
      )}
      {fault.value && <p class="fault" role="alert">{fault.value}</p>}
      <p class="buttons">
        <button class="main" ref={next} onClick={again}>Thêm hồ sơ cùng thủ tục (Enter)</button>
        <button onClick={fresh}>Hồ sơ mới (Alt+N)</button>
        {is_accepted && <button onClick={() => void print_receipt(dossier.code)}>In lại giấy hẹn (F4)</button>}
        {kind && <button onClick={() => { print_form(dossier.code, kind).catch((caught: Error) => { fault.value = caught.message; }); }}>
          {kind === 'refusal' ? 'In phiếu từ chối (Mẫu 03)' : 'In phiếu yêu cầu bổ sung (Mẫu 02)'}</button>}
        {is_accepted && <button onClick={() => void save_receipt(dossier.code)}>Lưu PDF</button>}
        <a class="button" href={`/ho-so/${dossier.code}`}>Mở hồ sơ</a>
      </p>
    </section>
  );
}
