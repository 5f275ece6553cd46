// What a dossier's page shows, each part by itself.
import type { JSX } from 'preact';
import type { Dossier, DossierEvent, Step } from './types';
import { channels, clock_words, database, fee_due, limit, long_time, methods, money, owner_kinds, time, worked } from './words';

function Pairs({ of }: { of: readonly (readonly [string, string | number | null | undefined])[] }): JSX.Element {
  return <dl class="pairs">{of.map(([name, value]) => value !== null && value !== undefined && value !== '' &&
    <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}

export function Identity({ dossier, is_late }: { dossier: Dossier; is_late: boolean }): JSX.Element {
  const { owner, submitter, clock } = dossier;
  return (
    <section class="card" aria-label="Hồ sơ của ai, ở đâu, đến khi nào">
      <h2>Thời hạn</h2>
      {clock.state === 'STOPPED' && <p class="warning">Đồng hồ đang dừng, chờ công dân
        {clock.supplement_due_at && `, đến ${time(clock.supplement_due_at)}`}.</p>}
      <Pairs of={[
        ['Hẹn trả', dossier.due_at && `${long_time(dossier.due_at)}${is_late ? ' (đã quá hạn)' : ''}`],
        ['Đã xin lỗi, hẹn lại', dossier.reappointed_due_at && long_time(dossier.reappointed_due_at)],
        ['Hạn trả lời của đơn vị được hỏi', time(clock.consultation_due_at)],
        ['Tiếp nhận', time(dossier.accepted_at ?? dossier.submitted_at)],
        ['Có kết quả', time(dossier.finished_at)], ['Đã trả', time(dossier.returned_at)],
        ['Thời hạn giải quyết', limit(dossier.procedure.time_limit)],
      ]} />
      <h2>Đang giữ</h2>
      <Pairs of={[['Đơn vị', dossier.holder.unit_name], ['Vai trò', dossier.holder.role_label],
        ['Người xử lý', dossier.handler?.name], ['Thẩm quyền', dossier.competent_agency.name]]} />
      <h2>Chủ hồ sơ</h2>
      {owner ? <Pairs of={[[owner_kinds[owner.kind], owner.name], ['Số định danh', owner.personal_id], ['Hộ chiếu', owner.passport],
        ['Mã số thuế', owner.tax_code], ['Điện thoại', owner.phone], ['Thư điện tử', owner.email], ['Địa chỉ', owner.address]]} />
        : <p class="quiet">Không thuộc phạm vi được xem.</p>}
      {submitter && <><h2>Người nộp thay</h2><Pairs of={[['Họ tên', submitter.name], ['Số định danh', submitter.personal_id],
        ['Điện thoại', submitter.phone], ['Giấy ủy quyền', submitter.authorisation]]} /></>}
      <h2>Nhận và trả</h2>
      <Pairs of={[['Nơi nhận', dossier.receiving_unit.name], ['Kênh nộp', channels[dossier.channel]],
        ['Trả kết quả', channels[dossier.return_channel]], ['Ghi chú', dossier.note]]} />
    </section>
  );
}

export function Papers({ dossier }: { dossier: Dossier }): JSX.Element {
  return (
    <section class="card">
      <h2>Thành phần hồ sơ</h2>
      {dossier.components.length === 0 ? <p class="quiet">Không có giấy tờ.</p> : (
        <table>
          <thead><tr><th>Thành phần</th><th class="number">Bản chính</th><th class="number">Chứng thực</th><th class="number">Bản chụp</th></tr></thead>
          <tbody>{dossier.components.map((one) => (
            <tr key={one.code}><td>{one.name ?? one.code}{one.reused_from && <span class="quiet"> thay bằng {database(one.reused_from)}</span>}</td>
              <td class="number">{one.originals}</td><td class="number">{one.certified_copies}</td><td class="number">{one.plain_copies}</td></tr>))}
          </tbody>
        </table>
      )}
    </section>
  );
}

export function Fees({ dossier }: { dossier: Dossier }): JSX.Element | null {
  if (dossier.fees.length === 0)
    return null;
  return (
    <section class="card">
      <h2>Phí, lệ phí {dossier.fee_owed > 0 && <span class="owed">còn phải nộp {money(dossier.fee_owed)}</span>}</h2>
      <table><tbody>{dossier.fees.map((fee) => (
        <tr key={fee.code}><td>{fee.name} <span class="quiet">{fee.is_paid
          ? `đã nộp ${time(fee.paid_at)}${fee.method ? `, ${methods[fee.method].toLowerCase()}` : ''}` : `nộp ${fee_due[fee.due]}`}</span></td>
        <td class="number">{fee.reduced > 0 && <s>{money(fee.full)}</s>} {money(fee.amount)}</td></tr>))}
      </tbody></table>
    </section>
  );
}

const step_words = { DONE: 'xong', CURRENT: 'đang làm', PLANNED: 'sắp tới' } as const;
const when = (step: Step): string => step.state === 'DONE' ? time(step.ended_at)
  : step.state === 'CURRENT' ? `đến ${time(step.due_at)}` : step.planned_due_at ? `dự kiến ${time(step.planned_due_at)}` : '';

export function Steps({ dossier }: { dossier: Dossier }): JSX.Element {
  return (
    <section class="card">
      <h2>Các bước</h2>
      <table>
        <thead><tr><th>Bước</th><th>Định mức</th><th>Nơi làm</th><th class="number">Thời điểm</th></tr></thead>
        <tbody>{dossier.steps.map((step, index) => (
          <tr key={index} class={step.state === 'CURRENT' ? 'at' : ''}>
            <td>{step.name} <span class="quiet">({step_words[step.state]})</span></td>
            <td>{worked(step.quota_minutes)}</td>
            <td>{step.unit_name}{step.handler && <span class="quiet">, {step.handler}</span>}</td>
            <td class="number">{when(step)}</td>
          </tr>))}
        </tbody>
      </table>
    </section>
  );
}

/** The words that people wrote with a step; what is not words stays in the ledger. */
function said(event: DossierEvent): string[] {
  const input = event.input ?? {};
  const items = Array.isArray(input['items']) ? (input['items'] as { component: string; reason: string }[])
    .map((one) => `${one.component}: ${one.reason}`) : [];
  const texts = ['reason', 'question', 'opinion', 'note', 'proof', 'receiver_name', 'postal_number']
    .map((name) => input[name]).filter((value): value is string => typeof value === 'string' && value !== '');
  return [...input['is_refusal'] === true ? ['Dự thảo từ chối'] : [], ...texts, ...items,
    ...event.ground ? [`Căn cứ: ${event.ground}`] : [], ...event.document ? [`Văn bản: ${event.document}`] : []];
}

export function Timeline({ dossier, events }: { dossier: Dossier; events: readonly DossierEvent[] }): JSX.Element {
  return (
    <section class="card" aria-label="Quá trình">
      <h2>Quá trình</h2>
      <ol class="timeline">
        {[...events].reverse().map((event) => (
          <li key={event.seq}>
            <p><b>{event.action_label}</b> <span class="quiet when">{time(event.at)}</span></p>
            <p class="quiet">{event.actor ?? 'Hệ thống'} → {event.to_label}</p>
            {said(event).map((words) => <p key={words} class="said">{words}</p>)}
            {event.clock && <p class={`clock ${event.clock.toLowerCase()}`}>{clock_words[event.clock]}
              {event.due_at && event.clock !== 'PAUSE' && event.clock !== 'END' && `, hẹn trả ${time(event.due_at)}`}</p>}
          </li>
        ))}
      </ol>
      {events.length === 0 && <p class="quiet">{dossier.state_label}</p>}
    </section>
  );
}
