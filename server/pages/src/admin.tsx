// The administrator's screens: which part, and the way between them.
import type { JSX } from 'preact';
import { CataloguePart, ProcedurePart, TreePart } from './admin_catalogue';
import { AccessPart, CalendarPart, EventsPart, HealthPart } from './admin_logs';
import { PeoplePart, PersonPart } from './admin_people';
import { ImportPart } from './admin_import';
import type { ScreenProps } from './later';

const parts = [
  ['nguoi-dung', 'Người dùng', true], ['co-quan', 'Cơ quan', true], ['thu-tuc', 'Thủ tục', true], ['lich', 'Lịch làm việc', true],
  ['nap', 'Nạp danh mục', true], ['nhat-ky', 'Nhật ký quản trị', false], ['doc', 'Ai đã xem hồ sơ', false], ['may-chu', 'Máy chủ', true],
] as const;

function part(name: string, id: string | undefined): JSX.Element {
  switch (name) {
    case 'nguoi-dung': return id ? <PersonPart username={id} key={id} /> : <PeoplePart />;
    case 'co-quan': return <TreePart />;
    case 'thu-tuc': return id ? <ProcedurePart code={id} key={id} /> : <CataloguePart />;
    case 'lich': return <CalendarPart />;
    case 'nap': return <ImportPart />;
    case 'nhat-ky': return <EventsPart />;
    case 'doc': return <AccessPart />;
    case 'may-chu': return <HealthPart />;
    default: return <p>Không có phần này.</p>;
  }
}

export function AdminScreen({ who, at }: ScreenProps): JSX.Element {
  const is_administrator = who.roles.includes('administrator');
  const mine = parts.filter(([, , only]) => is_administrator || !only);
  const [, , name = mine[0]?.[0] ?? '', id] = at.split('/');
  return (
    <div class="office">
      <nav aria-label="Quản trị">{mine.map(([to, words]) => (
        <a key={to} href={`/quan-tri/${to}`} aria-current={to === name ? 'page' : undefined}>{words}</a>))}
      </nav>
      <div>{part(name, id === undefined ? undefined : decodeURIComponent(id))}</div>
    </div>
  );
}
