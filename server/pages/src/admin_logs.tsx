// What was changed and by whom, who read whose dossier, calendars, and how the server is.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { use_loaded } from './admin_parts';
import { Field } from './field';
import type { Page } from './types';
import { date, time } from './words';

const action_words: Record<string, string> = {
  person_create: 'Thêm người dùng', person_rename: 'Đổi tên', person_lock: 'Khóa tài khoản', person_unlock: 'Mở khóa',
  password_reset: 'Đặt mật khẩu tạm', password_change: 'Tự đổi mật khẩu', role_give: 'Giao vai trò', role_end: 'Thôi vai trò',
  leave_give: 'Ghi ngày nghỉ', leave_end: 'Kết thúc ngày nghỉ', session_stop: 'Kết thúc phiên', catalogue_load: 'Nạp danh mục',
};
const route_words: Record<string, string> = { dossier_show: 'Xem hồ sơ', dossier_history: 'Xem lịch sử', form_print: 'In biểu mẫu' };

interface AdminEvent { at: string; actor: string; actor_name: string; action: string; subject: string; agency: string; detail: Record<string, unknown> }
const detail_words = (one: AdminEvent): string => one.action === 'catalogue_load' ? `${String(one.detail['change_count'] ?? '')} dòng đổi`
  : Object.entries(one.detail).filter(([, value]) => value !== null && typeof value !== 'object').map(([, value]) => String(value)).join('; ');

export function EventsPart(): JSX.Element {
  const before = useSignal<AdminEvent[]>([]), cursor = useSignal('');
  const { value, fault } = use_loaded<Page<AdminEvent>>(`administration/events?limit=50${cursor.value && `&cursor=${encodeURIComponent(cursor.value)}`}`);
  const page = value.value;
  return (
    <>
      <h1>Nhật ký quản trị</h1>
      <p class="hint">Mỗi việc quản trị là một dòng, không ai sửa hay xóa được.</p>
      {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
      <table class="rows list">
        <thead><tr><th>Lúc</th><th>Ai</th><th>Việc</th><th>Với</th><th>Nơi</th><th>Chi tiết</th></tr></thead>
        <tbody>{[...before.value, ...page?.items ?? []].map((one, index) => (
          <tr key={index}><td class="number">{time(one.at)}</td><td>{one.actor_name} ({one.actor})</td><td>{action_words[one.action] ?? one.action}</td>
            <td>{one.subject}</td><td>{one.agency}</td><td>{detail_words(one)}</td></tr>))}
        </tbody>
      </table>
      {page && page.items.length === 0 && before.value.length === 0 && <p role="status">Chưa có việc nào.</p>}
      {page?.next && <button onClick={() => { before.value = [...before.value, ...page.items]; cursor.value = page.next ?? ''; value.value = null; }}>Xem tiếp</button>}
    </>
  );
}

interface AccessLine { at: string; username: string | null; name: string | null; dossier: string | null; route: string }

export function AccessPart(): JSX.Element {
  const dossier = useSignal(''), person = useSignal(''), wanted = useSignal('');
  const { value, fault } = use_loaded<Page<AccessLine>>(wanted.value), page = value.value;
  return (
    <>
      <h1>Ai đã xem hồ sơ</h1>
      <form class="grid" onSubmit={(event) => {
        event.preventDefault();
        const query = new URLSearchParams({ limit: '200' });
        if (dossier.value.trim() !== '')
          query.set('dossier', dossier.value.trim().toUpperCase());
        if (person.value.trim() !== '')
          query.set('person', person.value.trim());
        wanted.value = `access-log?${query.toString()}`;
      }}>
        <Field class="w4" label="Mã hồ sơ" value={dossier.value} set={(value) => { dossier.value = value; }} />
        <Field class="w4" label="hoặc tên đăng nhập" value={person.value} set={(value) => { person.value = value; }} />
        <div class="w4 buttons"><button class="main">Xem</button></div>
      </form>
      {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
      {page && <p role="status">{page.items.length === 0 ? 'Chưa ai xem, hoặc ngoài phạm vi quản trị.' : `${page.items.length}${page.next ? ' lần gần nhất' : ' lần'}`}</p>}
      {page && page.items.length > 0 && (
        <table class="rows list">
          <thead><tr><th>Lúc</th><th>Ai</th><th>Hồ sơ</th><th>Việc</th></tr></thead>
          <tbody>{page.items.map((one, index) => (
            <tr key={index}><td class="number">{time(one.at)}</td><td>{one.name} ({one.username})</td><td>{one.dossier}</td><td>{route_words[one.route] ?? one.route}</td></tr>))}
          </tbody>
        </table>)}
    </>
  );
}

interface CalendarDay { date: string; kind: string; name?: string }
interface Calendar { code: string; name: string; parent: string | null; known_until?: string; days?: CalendarDay[]; agencies: { code: string; name: string }[];
  weeks?: { valid_from: string | null; valid_to: string | null; source?: string; days: { weekdays: string[]; sessions: string[][] }[] }[] }
const day_kinds: Record<string, string> = { HOLIDAY: 'Nghỉ lễ, Tết', COMP_OFF: 'Nghỉ bù', SWAP_OFF: 'Nghỉ hoán đổi', MAKEUP_WORK: 'Làm bù', OWN_HOURS: 'Giờ riêng' };
const weekday_words: Record<string, string> = { MON: 'thứ Hai', TUE: 'thứ Ba', WED: 'thứ Tư', THU: 'thứ Năm', FRI: 'thứ Sáu', SAT: 'thứ Bảy', SUN: 'Chủ nhật' };

export function CalendarPart(): JSX.Element {
  const { value, fault } = use_loaded<{ items: Calendar[] }>('calendars');
  return (
    <>
      <h1>Lịch làm việc</h1>
      <p class="hint">Đơn vị không ghi lịch riêng dùng lịch của cấp trên. Sửa lịch bằng cách nạp danh mục.</p>
      {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
      {value.value?.items.map((one) => (
        <section class="card" key={one.code}>
          <h2>{one.name} ({one.code})</h2>
          <p>{one.parent ? `Kế thừa lịch ${one.parent}. ` : ''}{one.known_until ? `Ngày lễ đã biết đến ${date(one.known_until)}. ` : ''}
            Ghi riêng tại: {one.agencies.map((agency) => `${agency.name} (${agency.code})`).join('; ') || 'chưa nơi nào'}.</p>
          {one.weeks?.map((week, index) => <p key={index}>{week.days.map((day) =>
            `${day.weekdays.map((name) => weekday_words[name] ?? name).join(', ')}: ${day.sessions.map((session) => session.join('–')).join(' và ')}`).join('; ')}.</p>)}
          <table class="list">
            <thead><tr><th>Ngày</th><th>Loại</th><th>Tên</th></tr></thead>
            <tbody>{[...one.days ?? []].sort((a, b) => b.date.localeCompare(a.date)).map((day) => (
              <tr key={day.date}><td class="number">{date(day.date)}</td><td>{day_kinds[day.kind] ?? day.kind}</td><td>{day.name}</td></tr>))}
            </tbody>
          </table>
        </section>))}
    </>
  );
}

interface Health { version: string; workers: number; database: Record<string, number | string | boolean | null>; worker: Record<string, number> }

export function HealthPart(): JSX.Element {
  const { value, fault, again } = use_loaded<Health>('administration/health'), health = value.value;
  const rows: [string, unknown][] = health ? [
    ['Phiên bản chương trình', health.version], ['Tiến trình phục vụ', health.workers], ['Yêu cầu đang xử lý', health.worker['requests_under_way']],
    ['Câu hỏi chờ cơ sở dữ liệu', health.worker['questions_waiting']], ['Câu hỏi lỗi từ lúc chạy', health.worker['questions_failed']],
    ['Câu hỏi quá thời gian', health.worker['questions_late']], ['Lần nối lại cơ sở dữ liệu', health.worker['reconnects']],
    ['Giờ của cơ sở dữ liệu', time(String(health.database['database_time']))], ['Là bản sao', health.database['is_replica'] ? 'có' : 'không'],
    ['Phiên bản lược đồ', health.database['schema_version']], ['Danh mục lần thứ', health.database['catalogue_epoch']],
    ['Dung lượng', `${Math.round(Number(health.database['database_bytes']) / 1_048_576)} MiB`], ['Hồ sơ (ước lượng)', health.database['dossiers_about']],
    ['Hồ sơ đang mở (ước lượng)', health.database['open_about']], ['Báo hạn chậm', `${String(health.database['timers_behind_seconds'] ?? 0)} giây`],
    ['Phiên đăng nhập', health.database['sessions']], ['Nhật ký xem đã chuẩn bị đến tháng', String(health.database['access_log_until']).replace('_', '-')],
  ] : [];
  return (
    <>
      <h1>Máy chủ</h1>
      {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
      <table class="list"><tbody>{rows.map(([words, figure]) => <tr key={words}><th scope="row">{words}</th><td class="number">{String(figure)}</td></tr>)}</tbody></table>
      <div class="buttons"><button onClick={again}>Xem lại</button></div>
    </>
  );
}
