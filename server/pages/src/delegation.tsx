// Lending one's role for a time: leave, a journey, an illness. It works from its first minute to its last by itself.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ask, new_key, now, problem_of, user, type Problem } from './api';
import { Choice, faults_of, Field, Summary, type Faults } from './field';
import { use_keys } from './place';
import { PersonChoice } from './people';
import type { Delegation, DelegationList, Lent } from './types';
import { date, parse_time, rfc3339, time } from './words';

interface Typed { grant: string; delegate: string; from: string; to: string; ground: string }
const nothing = (): Typed => ({ grant: '', delegate: '', from: `${date(rfc3339(now()))} 07:00`, to: '', ground: '' });
const is_running = (one: Lent): boolean => Date.parse(one.valid_from) <= now();

export function DelegationScreen(): JSX.Element {
  const items = useSignal<readonly Lent[] | null>(null), typed = useSignal(nothing()), faults = useSignal<Faults>({});
  const problem = useSignal<Problem | null>(null), notice = useSignal(''), is_busy = useSignal(false);
  const key = useRef(new_key());
  const me = user.value?.username ?? '';
  const grants = (user.value?.grants ?? []).filter((one) => !['monitor', 'administrator', 'auditor'].includes(one.role));
  const chosen = grants.find((one) => `${one.role} ${one.agency}` === typed.value.grant) ?? (grants.length === 1 ? grants[0] : undefined);
  const label_of = (role: string): string => grants.find((one) => one.role === role)?.role_label ?? {
    receiver: 'Người tiếp nhận', return_clerk: 'Người trả kết quả', handler: 'Người xử lý', dept_head: 'Lãnh đạo phòng',
    leader: 'Lãnh đạo cơ quan', records_clerk: 'Văn thư' }[role] ?? role;

  const load = (): void => {
    ask<DelegationList>('delegations').then((found) => { items.value = found.items; })
      .catch((caught) => { problem.value = problem_of(caught); });
  };
  useEffect(load, []);
  const set = (part: Partial<Typed>): void => { typed.value = { ...typed.value, ...part }; };
  const submit = async (): Promise<void> => {
    const { delegate, from, to, ground } = typed.value, wrong: Faults = {};
    const valid_from = parse_time(from, 7), valid_to = parse_time(to);
    if (!chosen)
      wrong['/role'] = 'Chọn vai trò';
    if (delegate.trim() === '')
      wrong['/delegate'] = 'Chọn người nhận ủy quyền';
    if (!valid_from)
      wrong['/valid_from'] = 'Cần ngày dạng dd/mm/yyyy';
    if (!valid_to)
      wrong['/valid_to'] = 'Cần ngày dạng dd/mm/yyyy';
    if (ground.trim().length < 3)
      wrong['/ground'] = 'Ghi số quyết định hoặc lý do nghỉ';
    faults.value = wrong;
    problem.value = null;
    notice.value = '';
    if (Object.keys(wrong).length > 0 || !chosen || is_busy.value)
      return;
    is_busy.value = true;
    try {
      await ask<Delegation>('delegations', { method: 'POST', key: key.current, body: {
        role: chosen.role, agency: chosen.agency, delegate: delegate.trim(), valid_from, valid_to, ground: ground.trim() } });
      key.current = new_key();
      typed.value = nothing();
      notice.value = 'Đã ghi ủy quyền.';
      load();
    } catch (caught) {
      const found = problem_of(caught);
      if (found.status !== 0 && found.status < 500)
        key.current = new_key();
      problem.value = found;
      faults.value = faults_of(found);
    }
    is_busy.value = false;
  };
  const end = async (one: Lent): Promise<void> => {
    try {
      await ask(`delegations/${one.id}`, { method: 'DELETE' });
      notice.value = `Đã thôi ủy quyền cho ${one.delegate_name}.`;
      load();
    } catch (caught) {
      problem.value = problem_of(caught);
    }
  };
  use_keys([{ key: 'Ctrl+Enter', does: 'Ghi ủy quyền', run: () => void submit() }]);
  const has_faults = Object.keys(faults.value).length > 0;
  return (
    <>
      <h1>Ủy quyền, nghỉ phép</h1>
      {notice.value && <p class="notice" role="status">{notice.value}</p>}
      {(problem.value || has_faults) && <Summary title={problem.value?.message ?? 'Còn chỗ chưa đúng'} faults={faults.value}
        request_id={problem.value?.request_id ?? ''} />}
      {grants.length > 0 && <form class="card narrow" onSubmit={(event) => { event.preventDefault(); void submit(); }}>
        <h2>Ủy quyền cho người khác khi vắng mặt</h2>
        <div class="grid">
          {grants.length === 1 ? <p class="w12">Vai trò: <b>{grants[0]?.role_label}, {grants[0]?.agency_name}</b></p>
            : <Choice class="w6" label="Vai trò *" value={typed.value.grant} set={(grant) => set({ grant, delegate: '' })} pointer="/role" faults={faults.value}
              of={[['', 'Chọn vai trò'], ...grants.map((one) => [`${one.role} ${one.agency}`, `${one.role_label}, ${one.agency_name}`] as const)]} />}
          <PersonChoice class="w6" label="Người nhận ủy quyền" unit={chosen?.agency ?? ''} role={null} value={typed.value.delegate} but={me}
            set={(delegate) => set({ delegate })} pointer="/delegate" faults={faults.value} is_required={true} />
          <Field class="w3" label="Từ" value={typed.value.from} set={(from) => set({ from })} pointer="/valid_from" faults={faults.value}
            is_required hint="ngày/tháng/năm giờ:phút" />
          <Field class="w3" label="Đến hết" value={typed.value.to} set={(to) => set({ to })} pointer="/valid_to" faults={faults.value}
            is_required hint="bỏ giờ thì là 17:00" />
          <Field class="w6" label="Căn cứ" value={typed.value.ground} set={(ground) => set({ ground })} pointer="/ground" faults={faults.value}
            is_required hint="số quyết định, hoặc đơn nghỉ phép" />
        </div>
        <p class="buttons"><button class="main" disabled={is_busy.value}>Ghi ủy quyền (Ctrl+Enter)</button></p>
        <p class="quiet">Ủy quyền tự có hiệu lực và tự hết theo giờ đã ghi; người nhận làm việc dưới tên của chính mình, có ghi trong quá trình của từng hồ sơ.</p>
      </form>}
      <section class="card narrow">
        <h2>Ủy quyền đang có</h2>
        {items.value?.length === 0 && <p role="status">Không có ủy quyền nào đang hoặc sắp có hiệu lực.</p>}
        {items.value && items.value.length > 0 && <table>
          <thead><tr><th>Vai trò</th><th>Của</th><th>Cho</th><th>Thời gian</th><th>Căn cứ</th><th><span class="hidden">Thao tác</span></th></tr></thead>
          <tbody>{items.value.map((one) => (
            <tr key={one.id}>
              <td>{label_of(one.role)}<br /><span class="quiet">{one.agency_name}</span></td><td>{one.from_name}</td>
              <td>{one.delegate_name}</td>
              <td>{time(one.valid_from)} đến {time(one.valid_to)}{' '}
                <span class={is_running(one) ? 'calm' : 'quiet'}>{is_running(one) ? 'đang có hiệu lực' : 'chưa đến ngày'}</span></td>
              <td>{one.ground}</td>
              <td>{one.from === me && <button aria-label={`Thôi ủy quyền cho ${one.delegate_name}`} onClick={() => void end(one)}>Thôi</button>}</td>
            </tr>))}
          </tbody>
        </table>}
      </section>
    </>
  );
}
