// People: found, made, locked; their roles with dates, absences with substitutes, sessions, first passwords.
import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { new_key } from './api';
import { role_words, use_doing, use_loaded } from './admin_parts';
import { Choice, Field } from './field';
import { go } from './place';
import type { Page } from './types';
import { date, parse_date, time } from './words';

interface PersonLine { username: string; name: string; is_active: boolean; agency: string | null; agency_name: string | null; roles: string[]; leave_until: string | null }
interface Grant { id: number; role: string; agency: string; agency_name: string | null; valid_from: string | null; valid_to: string | null }
interface Person {
  username: string; name: string; is_active: boolean; agency: string | null; agency_name: string | null;
  must_change_password: boolean; has_password: boolean; grants: Grant[];
  leaves: { id: number; first_day: string; last_day: string; substitute: string | null; ground: string }[];
  sessions: { id: number; created_at: string; last_used_at: string; expires_at: string }[];
}

function NewPerson(): JSX.Element {
  const username = useSignal(''), name = useSignal(''), agency = useSignal(''), doing = use_doing();
  return (
    <form class="card" onSubmit={(event) => {
      event.preventDefault();
      const body = { username: username.value.trim(), name: name.value.trim(), agency: agency.value.trim() };
      void doing.run('people', { method: 'POST', key: new_key(), body }).then((is_done) => { if (is_done) go(`/quan-tri/nguoi-dung/${body.username}`); });
    }}>
      <h2>Thêm người dùng</h2>
      <div class="grid">
        <Field class="w4" label="Họ và tên" value={name.value} set={(value) => { name.value = value; }} pointer="/name" faults={doing.faults.value} is_required />
        <Field class="w4" label="Tên đăng nhập" value={username.value} set={(value) => { username.value = value; }} pointer="/username" faults={doing.faults.value} is_required hint="Chữ thường không dấu, số, dấu chấm" />
        <Field class="w4" label="Mã cơ quan quản lý" value={agency.value} set={(value) => { agency.value = value; }} pointer="/agency" faults={doing.faults.value} is_required hint="Ví dụ H17.105.02; xem phần Cơ quan" />
      </div>
      {doing.fault.value !== '' && <p class="fault" role="alert">{doing.fault.value}</p>}
      <button class="main" disabled={doing.is_busy.value}>Thêm</button>
    </form>
  );
}

export function PeoplePart(): JSX.Element {
  const typed = useSignal(''), wanted = useSignal(''), is_adding = useSignal(false), before = useSignal<PersonLine[]>([]), cursor = useSignal('');
  const { value, fault } = use_loaded<Page<PersonLine>>(`people?q=${encodeURIComponent(wanted.value)}${cursor.value && `&cursor=${encodeURIComponent(cursor.value)}`}`);
  const page = value.value;
  return (
    <>
      <h1>Người dùng</h1>
      <form class="grid" role="search" aria-label="Tìm người dùng" onSubmit={(event) => { event.preventDefault(); before.value = []; cursor.value = ''; wanted.value = typed.value.trim(); }}>
        <Field class="w6" label="Tìm theo tên hoặc tên đăng nhập (không cần dấu)" value={typed.value} set={(value) => { typed.value = value; }} />
        <div class="w6 buttons"><button>Tìm</button><button type="button" aria-expanded={is_adding.value}
          onClick={() => { is_adding.value = !is_adding.value; }}>Thêm người dùng</button></div>
      </form>
      {is_adding.value && <NewPerson />}
      {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
      <table class="rows list">
        <thead><tr><th>Họ và tên</th><th>Tên đăng nhập</th><th>Cơ quan</th><th>Vai trò hiện có</th><th>Tình trạng</th></tr></thead>
        <tbody>{[...before.value, ...page?.items ?? []].map((one) => (
          <tr key={one.username}>
            <td><a href={`/quan-tri/nguoi-dung/${one.username}`}>{one.name}</a></td><td>{one.username}</td><td>{one.agency_name}</td>
            <td>{one.roles.map((role) => role_words[role] ?? role).join(', ') || 'chưa có'}</td>
            <td>{!one.is_active ? <span class="late">Đã khóa</span> : one.leave_until ? `Nghỉ đến ${date(one.leave_until)}` : 'Đang dùng'}</td>
          </tr>))}
        </tbody>
      </table>
      {page && page.items.length === 0 && before.value.length === 0 && <p role="status">Không có người nào khớp.</p>}
      {page?.next && <button onClick={() => { before.value = [...before.value, ...page.items]; cursor.value = page.next ?? ''; value.value = null; }}>Xem tiếp</button>}
    </>
  );
}

/** Letters that are not taken for each other; shown once, to be changed at the first sign-in. */
function first_password(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte, at) => `${at > 0 && at % 4 === 0 ? '-' : ''}${letters[byte % letters.length]}`).join('');
}

function Account({ person, again }: { person: Person; again: () => void }): JSX.Element {
  const doing = use_doing(), shown = useSignal('');
  const reset = async (): Promise<void> => {
    const password = first_password();
    if (await doing.run(`people/${person.username}/password`, { method: 'PUT', body: { password } })) {
      shown.value = password;
      again();
    }
  };
  const lock = async (): Promise<void> => {
    if (await doing.run(`people/${person.username}`, { method: 'PUT', body: { name: person.name, is_active: !person.is_active } }))
      again();
  };
  return (
    <section class="card">
      <h2>Tài khoản</h2>
      <p>{!person.is_active ? 'Đã khóa.' : !person.has_password ? 'Chưa có mật khẩu, chưa đăng nhập được.'
        : person.must_change_password ? 'Phải đổi mật khẩu khi đăng nhập.' : 'Đang dùng.'} Thuộc {person.agency_name} ({person.agency}).</p>
      {shown.value !== '' && <p class="notice" role="status">Mật khẩu tạm: <b class="big">{shown.value}</b>. Chỉ hiện một lần; hãy đưa tận tay.
        Người dùng phải đổi khi đăng nhập.</p>}
      {doing.fault.value !== '' && <p class="fault" role="alert">{doing.fault.value}</p>}
      <div class="buttons">
        <button disabled={doing.is_busy.value} onClick={() => void reset()}>Đặt mật khẩu tạm</button>
        <button disabled={doing.is_busy.value} onClick={() => void lock()}>{person.is_active ? 'Khóa tài khoản' : 'Mở khóa'}</button>
      </div>
    </section>
  );
}

function Ending({ where, words, again }: { where: string; words: string; again: () => void }): JSX.Element {
  const doing = use_doing();
  return (
    <>
      <button disabled={doing.is_busy.value} aria-label={words}
        onClick={() => { void doing.run(where, { method: 'DELETE' }).then((is_done) => { if (is_done) again(); }); }}>Kết thúc</button>
      {doing.fault.value !== '' && <p class="fault" role="alert">{doing.fault.value}</p>}
    </>
  );
}

function Roles({ person, again }: { person: Person; again: () => void }): JSX.Element {
  const role = useSignal('handler'), agency = useSignal(person.agency ?? ''), until = useSignal(''), ground = useSignal(''), doing = use_doing();
  const now = Date.now(), holds = (grant: Grant): boolean => grant.valid_to === null || Date.parse(grant.valid_to) > now;
  const give = async (): Promise<void> => {
    const day = until.value === '' ? null : parse_date(until.value);
    if (until.value !== '' && day === null) {
      doing.faults.value = { '/valid_to': 'Viết ngày/tháng/năm, ví dụ 31/12/2026' };
      return;
    }
    const body = { role: role.value, agency: agency.value.trim(), ground: ground.value.trim(), ...(day ? { valid_to: `${day}T23:59:59+07:00` } : {}) };
    if (await doing.run(`people/${person.username}/roles`, { method: 'POST', key: new_key(), body })) {
      ground.value = '';
      again();
    }
  };
  return (
    <section class="card">
      <h2>Vai trò</h2>
      <table class="list">
        <thead><tr><th>Vai trò</th><th>Tại</th><th>Từ</th><th>Đến</th><th><span class="hidden">Việc</span></th></tr></thead>
        <tbody>{person.grants.map((grant) => (
          <tr key={grant.id} class={holds(grant) ? undefined : 'ended'}>
            <td>{role_words[grant.role] ?? grant.role}</td><td>{grant.agency_name} ({grant.agency})</td>
            <td>{time(grant.valid_from) || 'từ đầu'}</td><td>{time(grant.valid_to) || 'không thời hạn'}</td>
            <td>{holds(grant) && <Ending where={`people/${person.username}/roles/${grant.id}`} words={`Kết thúc vai trò ${role_words[grant.role] ?? ''} tại ${grant.agency}`} again={again} />}</td>
          </tr>))}
        </tbody>
      </table>
      <form onSubmit={(event) => { event.preventDefault(); void give(); }}>
        <h3>Giao thêm vai trò</h3>
        <div class="grid">
          <Choice class="w3" label="Vai trò" value={role.value} set={(value) => { role.value = value; }} of={Object.entries(role_words)} />
          <Field class="w3" label="Tại (mã cơ quan)" value={agency.value} set={(value) => { agency.value = value; }} pointer="/agency" faults={doing.faults.value} is_required />
          <Field class="w2" label="Đến hết ngày" value={until.value} set={(value) => { until.value = value; }} pointer="/valid_to" faults={doing.faults.value} hint="Để trống: không thời hạn" />
          <Field class="w4" label="Căn cứ" value={ground.value} set={(value) => { ground.value = value; }} pointer="/ground" faults={doing.faults.value} is_required hint="Ví dụ Quyết định 12/QĐ-UBND" />
        </div>
        {doing.fault.value !== '' && <p class="fault" role="alert">{doing.fault.value}</p>}
        <button class="main" disabled={doing.is_busy.value}>Giao vai trò</button>
      </form>
    </section>
  );
}

function Leaves({ person, again }: { person: Person; again: () => void }): JSX.Element {
  const first = useSignal(''), last = useSignal(''), substitute = useSignal(''), ground = useSignal(''), doing = use_doing();
  const give = async (): Promise<void> => {
    const days = { '/first_day': parse_date(first.value), '/last_day': parse_date(last.value) };
    const wrong = Object.entries(days).filter(([, day]) => day === null).map(([pointer]) => [pointer, 'Viết ngày/tháng/năm']);
    if (wrong.length > 0) {
      doing.faults.value = Object.fromEntries(wrong);
      return;
    }
    const body = { first_day: days['/first_day'], last_day: days['/last_day'], ground: ground.value.trim(), ...(substitute.value.trim() ? { substitute: substitute.value.trim() } : {}) };
    if (await doing.run(`people/${person.username}/leaves`, { method: 'POST', key: new_key(), body }))
      again();
  };
  const field = (label: string, state: typeof first, pointer: string, more: object = {}): JSX.Element =>
    <Field class="w3" label={label} value={state.value} set={(value) => { state.value = value; }} pointer={pointer} faults={doing.faults.value} {...more} />;
  return (
    <section class="card">
      <h2>Ngày nghỉ và người thay</h2>
      {person.leaves.length === 0 ? <p>Không có ngày nghỉ nào sắp tới.</p> : (
        <ul>{person.leaves.map((one) => (
          <li key={one.id}>{date(one.first_day)} – {date(one.last_day)}: {one.ground}{one.substitute ? `; ${one.substitute} thay` : '; không có người thay'}{' '}
            <Ending where={`people/${person.username}/leaves/${one.id}`} words={`Kết thúc ngày nghỉ từ ${date(one.first_day)}`} again={again} /></li>))}
        </ul>)}
      <form onSubmit={(event) => { event.preventDefault(); void give(); }}>
        <div class="grid">
          {field('Nghỉ từ ngày', first, '/first_day', { is_required: true })}{field('đến hết ngày', last, '/last_day', { is_required: true })}
          {field('Người thay (tên đăng nhập)', substitute, '/substitute', { hint: 'Được giao các vai trò trong những ngày ấy' })}
          {field('Lý do', ground, '/ground', { is_required: true })}
        </div>
        {doing.fault.value !== '' && <p class="fault" role="alert">{doing.fault.value}</p>}
        <button disabled={doing.is_busy.value}>Ghi ngày nghỉ</button>
      </form>
    </section>
  );
}

function Sessions({ person, again }: { person: Person; again: () => void }): JSX.Element {
  return (
    <section class="card">
      <h2>Phiên đang mở</h2>
      {person.sessions.length === 0 ? <p>Không có phiên nào.</p> : (
        <ul>{person.sessions.map((one): ComponentChildren => (
          <li key={one.id}>Đăng nhập {time(one.created_at)}, dùng lần cuối {time(one.last_used_at)}{' '}
            <Ending where={`people/${person.username}/sessions/${one.id}`} words={`Kết thúc phiên mở lúc ${time(one.created_at)}`} again={again} /></li>))}
        </ul>)}
    </section>
  );
}

export function PersonPart({ username }: { username: string }): JSX.Element {
  const { value, fault, again } = use_loaded<Person>(`people/${encodeURIComponent(username)}`), person = value.value;
  return (
    <>
      <p><a href="/quan-tri/nguoi-dung">Tất cả người dùng</a></p>
      <h1>{person ? `${person.name} (${person.username})` : username}</h1>
      {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
      {person && <><Account person={person} again={again} /><Roles person={person} again={again} />
        <Leaves person={person} again={again} /><Sessions person={person} again={again} /></>}
    </>
  );
}
