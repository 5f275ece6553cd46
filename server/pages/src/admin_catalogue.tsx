// Agencies as a tree with their validity; procedures as versions, their differences in words, their steps drawn.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask, now, problem_of } from './api';
import { role_words, use_loaded } from './admin_parts';
import { Choice, Field } from './field';
import type { Page } from './types';
import { date, limit, money, rfc3339, worked } from './words';

interface Agency { code: string; name: string; kind_label: string | null; parent: string | null; valid_from: string | null; valid_to: string | null; successor: string | null }

function Branch({ agency, all, today }: { agency: Agency; all: Map<string | null, Agency[]>; today: string }): JSX.Element {
  const below = all.get(agency.code) ?? [], is_over = agency.valid_to !== null && agency.valid_to < today;
  const words = (
    <span class={is_over ? 'ended' : undefined}>{agency.name} <b>{agency.code}</b> <span class="quiet">{agency.kind_label}
      {agency.valid_from && `, từ ${date(agency.valid_from)}`}{agency.valid_to && ` đến ${date(agency.valid_to)}`}{agency.successor && `, kế tục: ${agency.successor}`}</span></span>
  );
  return <li>{below.length === 0 ? words : <details open={!is_over}><summary>{words}</summary>
    <ul>{below.map((one) => <Branch key={one.code} agency={one} all={all} today={today} />)}</ul></details>}</li>;
}

export function TreePart(): JSX.Element {
  const items = useSignal<Agency[] | null>(null), fault = useSignal('');
  useEffect(() => {
    const load = async (): Promise<void> => {
      const all: Agency[] = [];
      for (let next: string | null = ''; next !== null;) {
        const page: Page<Agency> = await ask(`agencies?limit=200${next && `&cursor=${encodeURIComponent(next)}`}`);
        all.push(...page.items);
        next = page.next;
      }
      items.value = all;
    };
    load().catch((caught) => { fault.value = problem_of(caught).message; });
  }, []);
  const all = new Map<string | null, Agency[]>(), today = rfc3339(now()).slice(0, 10);
  for (const one of items.value ?? [])
    all.set(one.parent, [...all.get(one.parent) ?? [], one]);
  return (
    <>
      <h1>Cơ quan</h1>
      <p class="hint">Thêm cơ quan, ghi ngày kết thúc và cơ quan kế tục bằng <a href="/quan-tri/nap">nạp danh mục</a>; không cơ quan nào bị xóa.</p>
      {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
      <ul class="tree">{[...all.get(null) ?? []].sort((a, b) => (b.valid_to ?? '9').localeCompare(a.valid_to ?? '9'))
        .map((one) => <Branch key={one.code} agency={one} all={all} today={today} />)}</ul>
    </>
  );
}

interface ProcedureLine { code: string; version: number; name: string; field_label: string | null; time_limit: { quantity: number; unit: string } | null; valid_from: string }

export function CataloguePart(): JSX.Element {
  const typed = useSignal(''), wanted = useSignal('');
  const { value, fault } = use_loaded<Page<ProcedureLine>>(`procedures?limit=200&q=${encodeURIComponent(wanted.value)}`);
  return (
    <>
      <h1>Thủ tục</h1>
      <form class="grid" role="search" aria-label="Tìm thủ tục" onSubmit={(event) => { event.preventDefault(); wanted.value = typed.value.trim(); }}>
        <Field class="w6" label="Tên hoặc mã (không cần dấu)" value={typed.value} set={(value) => { typed.value = value; }} />
        <div class="w6 buttons"><button>Tìm</button><a class="button" href="/quan-tri/nap">Nạp danh mục</a></div>
      </form>
      {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
      <table class="rows list">
        <thead><tr><th>Mã</th><th>Tên</th><th>Lĩnh vực</th><th>Thời hạn</th><th class="number">Phiên bản</th></tr></thead>
        <tbody>{value.value?.items.map((one) => (
          <tr key={one.code}><td><a href={`/quan-tri/thu-tuc/${one.code}`}>{one.code}</a></td><td>{one.name}</td><td>{one.field_label}</td>
            <td>{limit(one.time_limit)}</td><td class="number">{one.version}</td></tr>))}
        </tbody>
      </table>
    </>
  );
}

type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
interface Step { code: string; name: string; phase: string; role: string; hours?: number; minutes?: number; parallel_group?: string }
interface Version { version: number; name: string; valid_from: string; valid_to: string | null; published_at: string; steps: Step[];
  legs: { code: string; name: string; steps: Step[] }[]; [key: string]: unknown }

const member_words: Record<string, string> = {
  name: 'Tên', field: 'Lĩnh vực', time_limit: 'Thời hạn', components: 'Giấy tờ', fees: 'Phí, lệ phí', steps: 'Bước', legs: 'Chặng liên thông', order: 'Trình tự',
  manner: 'Cách nộp', applicants: 'Ai được đề nghị', solver: 'Cơ quan giải quyết', result: 'Kết quả', legal_basis: 'Căn cứ pháp lý', channels: 'Kênh nộp',
  return_channels: 'Kênh trả', decision_no: 'Quyết định công bố', process_decision_no: 'Quyết định quy trình', cases: 'Trường hợp', competences: 'Thẩm quyền',
  conditions: 'Điều kiện', note: 'Ghi chú', max_supplements: 'Số lần bổ sung', supplement_mode: 'Khi bổ sung', online_level: 'Mức trực tuyến', level: 'Cấp', sets: 'Số bộ',
};
const left_out = new Set(['version', 'valid_from', 'valid_to', 'published_at', 'field_label', 'is_chain', 'sureness', 'code']);

/** One value as a line of words: what has a name by it, money as money, limits as limits. */
function words_of(value: Value): string {
  if (value === null || typeof value !== 'object')
    return typeof value === 'boolean' ? (value ? 'có' : 'không') : String(value ?? '');
  if (Array.isArray(value))
    return value.map(words_of).join('; ');
  if ('quantity' in value && 'unit' in value)
    return limit(value as { quantity: number; unit: string });
  const { name, code, ...rest } = value;
  const more = Object.entries(rest).filter(([, one]) => one !== null && one !== false && (!Array.isArray(one) || one.length > 0))
    .map(([key, one]) => `${key === 'amount' && typeof one === 'number' ? money(one) : key === 'hours' ? `${String(one)} giờ` : key === 'role' ? role_words[String(one)] ?? String(one) : words_of(one)}`);
  return [words_of(name ?? code ?? ''), more.join(', ')].filter(Boolean).join(': ');
}
const lines_of = (value: unknown): string[] => value === undefined || value === null ? [] : (Array.isArray(value) ? value : [value]).map((one) => words_of(one as Value)).filter(Boolean);

function Difference({ old, young }: { old: Version; young: Version }): JSX.Element {
  const members = [...new Set([...Object.keys(old), ...Object.keys(young)])].filter((key) => !left_out.has(key))
    .map((key) => {
      const before = lines_of(old[key]), after = lines_of(young[key]);
      return { key, removed: before.filter((line) => !after.includes(line)), added: after.filter((line) => !before.includes(line)),
        is_moved: before.join('\n') !== after.join('\n') };
    }).filter((one) => one.is_moved);
  return (
    <section class="card">
      <h2>Phiên bản {young.version} so với {old.version}</h2>
      {members.length === 0 && <p>Chỉ khác ngày hiệu lực.</p>}
      {members.map(({ key, removed, added }) => (
        <div key={key}>
          <h3>{member_words[key] ?? key}</h3>
          <ul class="diff">
            {removed.map((line) => <li key={`-${line}`} class="removed"><span class="hidden">Bỏ: </span>{line}</li>)}
            {added.map((line) => <li key={`+${line}`} class="added"><span class="hidden">Thêm: </span>{line}</li>)}
            {removed.length + added.length === 0 && <li>Đổi thứ tự</li>}
          </ul>
        </div>))}
    </section>
  );
}

const BOX_W = 176, BOX_H = 82, GAP = 30, LETTERS = 22;

/** Two lines of a box; what does not fit is told by the picture's label. */
function two_lines(text: string): [string, string] {
  const words = text.split(' ');
  let first = '';
  while (words.length > 0 && `${first} ${words[0]}`.length <= LETTERS + 1)
    first = `${first} ${words.shift()}`;
  const rest = words.join(' ');
  return [first.trim() || text.slice(0, LETTERS), rest.length > LETTERS ? `${rest.slice(0, LETTERS - 1)}…` : rest];
}

/** Steps from left to right; those of one parallel group stand below each other. */
function Drawn({ steps, name }: { steps: readonly Step[]; name: string }): JSX.Element {
  const columns: Step[][] = [];
  for (const step of steps) {
    const last = columns[columns.length - 1];
    if (last && step.parallel_group && last[0]?.parallel_group === step.parallel_group)
      last.push(step);
    else
      columns.push([step]);
  }
  const height = Math.max(...columns.map((one) => one.length), 1) * (BOX_H + 14) + 6, width = columns.length * (BOX_W + GAP) - GAP + 4;
  const x = (column: number): number => column * (BOX_W + GAP) + 2, y = (row: number): number => row * (BOX_H + 14) + 2;
  const hours = (step: Step): string => step.hours !== undefined ? `${step.hours.toString().replace('.', ',')} giờ` : step.minutes !== undefined ? worked(step.minutes) : '';
  return (
    <div class="drawn" tabIndex={0} role="group" aria-label={`Hình vẽ các bước: ${name}`}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={steps.map((step) => `${step.name} (${role_words[step.role] ?? step.role}, ${hours(step)})`).join(' → ')}>
        {columns.slice(1).flatMap((column, index) => columns[index]?.flatMap((from, row) => column.map((to, below) => (
          <path key={`${from.code}-${to.code}`} d={`M${x(index) + BOX_W} ${y(row) + BOX_H / 2}L${x(index + 1) - 7} ${y(below) + BOX_H / 2}m-6 -4l7 4l-7 4`} />))) ?? [])}
        {columns.flatMap((column, index) => column.map((step, row) => (
          <g key={step.code}>
            <rect x={x(index)} y={y(row)} width={BOX_W} height={BOX_H} rx="5" />
            {two_lines(step.name).map((line, at) => <text key={at} x={x(index) + 8} y={y(row) + 19 + at * 16}>{line}</text>)}
            <text class="small" x={x(index) + 8} y={y(row) + 56}>{role_words[step.role] ?? step.role}</text>
            <text class="small" x={x(index) + 8} y={y(row) + 72}>{hours(step)}</text>
          </g>)))}
      </svg>
    </div>
  );
}

export function ProcedurePart({ code }: { code: string }): JSX.Element {
  const { value, fault } = use_loaded<{ items: Version[] }>(`procedures/${encodeURIComponent(code)}/versions`);
  const wanted = useSignal(''), items = value.value?.items ?? [];
  const shown = items.find(({ version }) => String(version) === wanted.value) ?? items[0];
  const older = items.find(({ version }) => shown && version < shown.version);
  return (
    <>
      <p><a href="/quan-tri/thu-tuc">Tất cả thủ tục</a></p>
      <h1>{code}{shown && `: ${shown.name}`}</h1>
      {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
      {shown && <>
        <div class="grid"><Choice class="w6" label="Phiên bản" value={String(shown.version)} set={(value) => { wanted.value = value; }}
          of={items.map((one) => [String(one.version), `Phiên bản ${one.version}: ${date(one.valid_from)} – ${one.valid_to ? date(one.valid_to) : 'nay'}`] as const)} /></div>
        <section class="card">
          <h2>Các bước</h2>
          {shown.steps.length > 0 && <Drawn steps={shown.steps} name={shown.name} />}
          {shown.legs.map((leg) => <div key={leg.code}><h3>{leg.name}</h3><Drawn steps={leg.steps} name={leg.name} /></div>)}
        </section>
        {older ? <Difference old={older} young={shown} /> : <p>Đây là phiên bản đầu, chưa có gì để so.</p>}
        <p><a href={`/thu-tuc/${code}`}>Trang cho người dân</a></p>
      </>}
    </>
  );
}
