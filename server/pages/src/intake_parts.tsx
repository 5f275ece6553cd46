// The parts of the intake form, top to bottom, and what stands beside it: due time, fees, the buttons.
import type { JSX } from 'preact';
import { components_of, fees_shown, full_papers, no_papers, type Draft, type Papers } from './draft';
import { Choice, Field, type Faults } from './field';
import type { Channel, Deadline, Procedure, ProcedureComponent } from './types';
import { channels, database, date, fee_due, long_time, methods, money, owner_kinds } from './words';

export interface Part { draft: Draft; set: (part: Partial<Draft>) => void; faults: Faults }

const entries = <T extends string>(words: Record<T, string>): [T, string][] => Object.entries(words) as [T, string][];

export function Person({ draft, set, faults }: Part): JSX.Element {
  const { owner, submitter } = draft;
  const own = (part: Partial<Draft['owner']>): void => set({ owner: { ...owner, ...part } });
  const sub = (part: Partial<Draft['submitter']>): void => set({ submitter: { ...submitter, ...part } });
  const is_citizen = owner.kind === 'CITIZEN';
  return (
    <section aria-labelledby="h-person">
      <h2 id="h-person">2. Chủ hồ sơ <span class="quiet">quét mã trên thẻ căn cước vào bất cứ ô nào</span></h2>
      <div class="grid">
        <Field class="w5" label={is_citizen ? 'Họ và tên' : 'Tên'} value={owner.name} is_required faults={faults}
          pointer="/owner/name" set={(name) => own({ name })} />
        {is_citizen
          ? <Field class="w3" label="Số định danh" value={owner.personal_id} faults={faults} pointer="/owner/personal_id"
            set={(personal_id) => own({ personal_id })} input={{ inputMode: 'numeric' }} />
          : <Field class="w3" label="Mã số thuế" value={owner.tax_code} faults={faults} pointer="/owner/tax_code"
            set={(tax_code) => own({ tax_code })} />}
        <Field class="w2" label="Điện thoại" value={owner.phone} faults={faults} pointer="/owner/phone"
          set={(phone) => own({ phone })} input={{ inputMode: 'tel' }} />
        <Choice class="w2" label="Là" value={owner.kind} set={(kind) => own({ kind })} of={entries(owner_kinds)}
          faults={faults} pointer="/owner/kind" />
        <Field class="w7" label="Địa chỉ" value={owner.address} is_required faults={faults} pointer="/owner/address"
          set={(address) => own({ address })} />
        <Field class="w3" label="Thư điện tử" value={owner.email} faults={faults} pointer="/owner/email"
          set={(email) => own({ email })} />
        <label class="check w2"><input type="checkbox" checked={draft.is_on_behalf} data-pointer="/submitter"
          onChange={(event) => set({ is_on_behalf: event.currentTarget.checked })} /> Nộp thay</label>
      </div>
      {draft.is_on_behalf && (
        <div class="grid">
          <Field class="w5" label="Người nộp thay" value={submitter.name} is_required faults={faults}
            pointer="/submitter/name" set={(name) => sub({ name })} />
          <Field class="w3" label="Số định danh của người nộp" value={submitter.personal_id} faults={faults}
            pointer="/submitter/personal_id" set={(personal_id) => sub({ personal_id })} />
          <Field class="w4" label="Điện thoại của người nộp" value={submitter.phone} faults={faults}
            pointer="/submitter/phone" set={(phone) => sub({ phone })} />
          <Field class="w7" label="Địa chỉ của người nộp" value={submitter.address} faults={faults}
            pointer="/submitter/address" set={(address) => sub({ address })} />
          <Field class="w5" label="Giấy ủy quyền" value={submitter.authorisation} faults={faults}
            pointer="/submitter/authorisation" set={(authorisation) => sub({ authorisation })} />
        </div>
      )}
    </section>
  );
}

const counts = [['originals', 'Bản chính'], ['certified_copies', 'Chứng thực'], ['plain_copies', 'Bản chụp']] as const;

function ComponentRow({ one, papers, set, faults, is_short }: {
  one: ProcedureComponent; papers: Papers; set: (part: Partial<Papers>) => void; faults: Faults; is_short: boolean;
}): JSX.Element {
  const at = `/components/${one.code}`;
  const fault = Object.entries(faults).find(([pointer]) => pointer === at || pointer.startsWith(`${at}/`))?.[1];
  return (
    <tr class={papers.is_there ? 'there' : ''}>
      <td>
        <label class="check"><input type="checkbox" checked={papers.is_there} data-pointer={at}
          onChange={(event) => set(event.currentTarget.checked ? full_papers(one) : no_papers)} />
        <span>{one.name}{one.is_required ? <span class="must" title="bắt buộc"> *</span> : ''}
          {one.is_shown_only && <span class="quiet"> (chỉ xuất trình)</span>}</span></label>
        {is_short && !papers.is_there && <input class="reason" aria-label={`Lý do cần bổ sung: ${one.name}`}
          placeholder="Cần bổ sung vì…" value={papers.reason} onInput={(event) => set({ reason: event.currentTarget.value })} />}
        {fault && <p class="fault">{fault}</p>}
      </td>
      {counts.map(([kind, words]) => (
        <td key={kind} class="count">
          {!one.is_shown_only && <input aria-label={`${words}: ${one.name}`} inputMode="numeric" value={papers[kind]}
            disabled={papers.reused_from !== ''} onInput={(event) => set({ is_there: true, [kind]: event.currentTarget.value })}
            onFocus={(event) => event.currentTarget.select()} tabIndex={papers.is_there ? 0 : -1} />}
        </td>
      ))}
      <td>
        {(one.replaceable_by ?? []).map((code) => (
          <label class="check" key={code}><input type="checkbox" checked={papers.reused_from === code}
            aria-label={`${one.name}: thay bằng ${database(code)}`}
            onChange={(event) => set(event.currentTarget.checked
              ? { ...no_papers, is_there: true, reused_from: code } : no_papers)} /> {database(code)}</label>
        ))}
      </td>
    </tr>
  );
}

export function Components({ draft, faults, procedure, set_papers, all_papers }: Part & {
  procedure: Procedure; set_papers: (code: string, part: Partial<Papers>) => void; all_papers: () => void;
}): JSX.Element {
  return (
    <section aria-labelledby="h-papers">
      <h2 id="h-papers">3. Giấy tờ{' '}
        <button type="button" tabIndex={-1} data-pointer="/components" onClick={all_papers}>Đủ theo danh mục (Alt+D)</button></h2>
      {faults['/components'] && <p class="fault">{faults['/components']}</p>}
      <table class="papers">
        <thead><tr><th>Thành phần</th>{counts.map(([kind, words]) => <th key={kind} class="count">{words}</th>)}
          <th>Thay bằng dữ liệu</th></tr></thead>
        <tbody>
          {components_of(procedure, draft.case).map((one) => (
            <ComponentRow key={one.code} one={one} papers={draft.papers[one.code] ?? no_papers} faults={faults}
              set={(part) => set_papers(one.code, part)} is_short={draft.decision === 'REQUEST_MORE' && one.is_required === true} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function Extras({ draft, set, faults, procedure }: Part & { procedure: Procedure }): JSX.Element {
  const fees = procedure.fees, is_paged = fees.some((fee) => fee.basis === 'PAGE');
  const grounds = new Map(fees.flatMap((fee) => fee.reductions ?? []).map((one) => [one.ground, one.name]));
  return (
    <section aria-labelledby="h-extras">
      <h2 id="h-extras">4. Trả kết quả, phí, ghi chú</h2>
      <div class="grid">
        {procedure.cases.length > 0 && <Choice class="w6" label="Trường hợp" value={draft.case} faults={faults} pointer="/case"
          set={(chosen) => set({ case: chosen })}
          of={[['', 'Thông thường'], ...procedure.cases.map((one) => [one.code, one.name] as const)]} />}
        <Choice<Channel> class="w3" label="Trả kết quả" value={draft.return_channel} faults={faults} pointer="/return_channel"
          set={(return_channel) => set({ return_channel })}
          of={procedure.return_channels.map((one) => [one, channels[one]] as const)} />
        {(is_paged || fees.some((fee) => fee.basis === 'COPY')) && <Field class="w2" label="Số bản" value={draft.copies}
          faults={faults} pointer="/copies" set={(copies) => set({ copies })} input={{ inputMode: 'numeric' }} />}
        {is_paged && <Field class="w2" label="Số trang mỗi bản" value={draft.pages} faults={faults} pointer="/pages"
          set={(pages) => set({ pages })} input={{ inputMode: 'numeric' }} />}
        {grounds.size > 0 && <Choice class="w4" label="Miễn, giảm" value={draft.fee_ground} faults={faults}
          pointer="/fee_ground" set={(fee_ground) => set({ fee_ground })} of={[['', 'Không'], ...grounds]} />}
        {fees.length > 0 && <Choice<Draft['payment_method']> class="w3" label="Đã thu bằng" value={draft.payment_method}
          faults={faults} pointer="/payment_method" set={(payment_method) => set({ payment_method })}
          of={[['', 'Chưa thu'], ...entries(methods)]} />}
        <Choice<Draft['decision']> class="w4" label="Quyết định tại quầy" value={draft.decision} faults={faults} pointer="/decision"
          set={(decision) => set({ decision })} of={[['ACCEPT', 'Tiếp nhận'], ['REQUEST_MORE', 'Hướng dẫn bổ sung (Mẫu 02)'],
            ['REFUSE', 'Từ chối tiếp nhận (Mẫu 03)']]} />
        {draft.decision === 'REFUSE' && <Field class="w6" label="Lý do từ chối" value={draft.reason} is_required faults={faults}
          pointer="/reason" set={(reason) => set({ reason })} />}
        {draft.decision === 'REFUSE' && <Field class="w6" label="Căn cứ" value={draft.ground} is_required faults={faults}
          pointer="/ground" set={(ground) => set({ ground })} />}
        <Field class="w12" label="Ghi chú" value={draft.note} faults={faults} pointer="/note" set={(note) => set({ note })} />
      </div>
    </section>
  );
}

const verbs = { ACCEPT: 'Tiếp nhận và in', REQUEST_MORE: 'Ghi phiếu yêu cầu bổ sung', REFUSE: 'Ghi từ chối' } as const;

export function Side({ draft, procedure, deadline, is_busy, submit }: Part & {
  procedure: Procedure | null; deadline: Deadline | null; is_busy: boolean; submit: (then: 'show' | 'next') => void;
}): JSX.Element {
  const fees = procedure ? fees_shown(draft, procedure) : [];
  const why = deadline?.explanation;
  return (
    <aside class="side" aria-label="Hẹn trả và phí">
      <h2>Hẹn trả</h2>
      {!procedure && <p class="quiet">Chọn thủ tục để biết ngày hẹn và phí.</p>}
      {procedure && !deadline && <p class="quiet">Thời hạn tính theo từng bước khi tiếp nhận.</p>}
      {deadline && <>
        <p class="big">{long_time(deadline.due_clock)}</p>
        <ul class="why">
          {[[why?.start, why?.start_source], [why?.count, why?.count_source], [why?.warning, null]].map(([words, source]) =>
            words && <li key={words}>{words}{source && <span class="quiet"> ({source})</span>}</li>)}
          {deadline.skipped.length > 0 && <li>Không tính: {deadline.skipped.map((one) =>
            `${one.name ?? 'ngày nghỉ'} ${date(one.date).slice(0, 5)}`).join(', ')}.</li>}
        </ul>
      </>}
      {procedure && <>
        <h2>Phí, lệ phí</h2>
        {fees.length === 0 ? <p>Không thu.</p> : <table class="fees"><tbody>
          {fees.map((fee) => <tr key={fee.code}><td>{fee.name}{fee.how && `, ${fee.how}`}
            <span class="quiet"> nộp {fee_due[fee.due as keyof typeof fee_due]}</span></td>
          <td class="number">{fee.amount < fee.full && <s>{money(fee.full)}</s>} {money(fee.amount)}</td></tr>)}
        </tbody><tfoot><tr><th>Cộng</th><td class="number">{money(fees.reduce((sum, fee) => sum + fee.amount, 0))}</td></tr></tfoot></table>}
      </>}
      <div class="buttons">
        <button type="button" class="main" disabled={is_busy} onClick={() => submit('show')}>{verbs[draft.decision]} (Ctrl+Enter)</button>
        <button type="button" disabled={is_busy} onClick={() => submit('next')}>
          {draft.decision === 'ACCEPT' ? 'Tiếp nhận và thêm mới' : 'Ghi và thêm mới'} (Alt+Enter)</button>
      </div>
      <p class="quiet">Bản đang nhập được giữ riêng cho bạn 24 giờ: mất điện hay đăng xuất rồi đăng nhập lại vẫn còn.</p>
    </aside>
  );
}
