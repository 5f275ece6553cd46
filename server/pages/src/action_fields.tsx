// The inputs of an action, made from what the server says it needs and takes.
import type { JSX } from 'preact';
import { ask, now } from './api';
import { Choice, Field, Finder, type Faults, type Found } from './field';
import { PersonChoice } from './people';
import type { Action, AgencyLine, Dossier, Page } from './types';
import { causes, date, methods, parse_date, parse_time, plain, rfc3339 } from './words';

export interface Item { component: string; reason: string }
export interface Values { texts: Record<string, string>; items: Item[]; is_refusal: boolean }
export const no_values: Values = { texts: {}, items: [], is_refusal: false };

/** The label, how it is typed, and its hint. */
const inputs: Record<string, { label: string; kind?: 'long' | 'time' | 'money' | 'day'; hint?: string }> = {
  handler: { label: 'Người xử lý' },
  reason: { label: 'Lý do', kind: 'long' },
  ground: { label: 'Căn cứ pháp lý' },
  question: { label: 'Nội dung cần lấy ý kiến', kind: 'long' },
  opinion: { label: 'Ý kiến trả lời', kind: 'long' },
  document_number: { label: 'Số văn bản' },
  document_date: { label: 'Ngày văn bản', kind: 'day', hint: 'ngày/tháng/năm' },
  receiver_name: { label: 'Người nhận kết quả' },
  authorisation: { label: 'Giấy ủy quyền', hint: 'khi người nhận không phải chủ hồ sơ' },
  postal_number: { label: 'Số bưu gửi' },
  address: { label: 'Địa chỉ nhận' },
  proof: { label: 'Chứng từ' },
  new_due_at: { label: 'Hẹn lại lúc', kind: 'time', hint: 'ngày/tháng/năm giờ:phút' },
  step_due: { label: 'Hạn của bước', kind: 'time', hint: 'ngày/tháng/năm giờ:phút' },
  amount: { label: 'Số tiền (đồng)', kind: 'money' },
  note: { label: 'Ghi chú', kind: 'long' },
  papers: { label: 'Danh mục bàn giao, mỗi dòng một mục', kind: 'long', hint: 'tên giấy tờ; số trang — hoặc tên tệp; mã băm SHA-256' },
};

/** "Trích lục khai tử; 2": a paper with its pages; "a.pdf; ab12…": a file with its hash. */
function read_papers(typed: string): { name: string; pages?: number; sha256?: string }[] | null {
  const rows = typed.split('\n').map((line) => line.trim()).filter((line) => line !== '').map((line) => {
    const at = line.lastIndexOf(';'), name = line.slice(0, at).trim(), mark = line.slice(at + 1).trim().toLowerCase();
    return at < 1 || name === '' ? null : /^[0-9a-f]{64}$/.test(mark) ? { name, sha256: mark } : /^[1-9][0-9]{0,5}$/.test(mark) ? { name, pages: Number(mark) } : null;
  });
  return rows.every((row) => row !== null) ? rows : null;
}

/** In the order in which they are filled; the number of a document brings its date. */
export const wants = (action: Action): string[] =>
  [...action.needs, ...action.takes].flatMap((name) => name === 'document_number' ? [name, 'document_date'] : [name]);

export function first_values(action: Action, dossier: Dossier | null): Values {
  const texts: Record<string, string> = {};
  if (wants(action).includes('document_date'))
    texts['document_date'] = date(rfc3339(now()));
  if (dossier?.owner && action.needs.includes('receiver_name'))
    texts['receiver_name'] = dossier.owner.name;
  if (dossier?.owner && action.needs.includes('address'))
    texts['address'] = dossier.owner.address;
  if (action.needs.includes('method'))
    texts['method'] = 'CASH';
  return { texts, items: [], is_refusal: false };
}

/** What is sent, or what is wrong with what was typed; the rest is the server's to say. */
export function read_values(action: Action, values: Values): { body: Record<string, unknown>; faults: Faults } {
  const body: Record<string, unknown> = { action: action.action, ...action.leg !== undefined && { leg: action.leg } }, faults: Faults = {};
  for (const name of wants(action)) {
    const typed = (values.texts[name] ?? '').trim();
    const is_needed = action.needs.includes(name) || name === 'document_date' && typed !== '';
    if (name === 'items') {
      body['items'] = values.items;
      if (action.needs.includes(name) && values.items.length === 0)
        faults['/items'] = 'Chọn ít nhất một thành phần cần bổ sung';
    } else if (name === 'is_refusal') {
      body['is_refusal'] = values.is_refusal;
    } else if (typed === '') {
      if (is_needed)
        faults[`/${name}`] = 'Cần nhập';
    } else if (name === 'papers') {
      const papers = read_papers(typed);
      if (papers === null)
        faults['/papers'] = 'Mỗi dòng: tên giấy tờ; số trang — hoặc tên tệp; mã băm 64 chữ số';
      body['papers'] = papers;
    } else {
      const kind = inputs[name]?.kind;
      const value = kind === 'time' ? parse_time(typed) : kind === 'day' ? parse_date(typed)
        : kind === 'money' ? Number(typed.replace(/[.\sđ]/g, '')) : typed;
      if (value === null || Number.isNaN(value))
        faults[`/${name}`] = kind === 'money' ? 'Cần một số tiền' : 'Cần ngày dạng dd/mm/yyyy';
      body[name] = value;
    }
  }
  return { body, faults };
}

let agencies: Promise<AgencyLine[]> | null = null;
async function load_agencies(): Promise<AgencyLine[]> {
  const all: AgencyLine[] = [];
  for (let next: string | null = ''; next !== null;) {
    const page: Page<AgencyLine> = await ask(`agencies?limit=200${next && `&cursor=${encodeURIComponent(next)}`}`);
    all.push(...page.items.filter((one) => one.valid_to === null));
    next = page.next;
  }
  return all;
}
async function find_agencies(typed: string): Promise<Found[]> {
  agencies ??= load_agencies();
  const all = await agencies.catch(() => { agencies = null; return []; });
  return all.filter((one) => plain(`${one.name} ${one.code}`).includes(plain(typed))).slice(0, 8)
    .map((one) => ({ key: one.code, main: one.name, more: one.code }));
}

function Items({ values, set, dossier, faults }: {
  values: Values; set: (values: Values) => void; dossier: Dossier | null; faults: Faults;
}): JSX.Element {
  const names = dossier?.components.map((one) => one.name ?? one.code) ?? [];
  const others = values.items.map((one) => one.component).filter((name) => !names.includes(name));
  const reason_of = (name: string): string | undefined => values.items.find((one) => one.component === name)?.reason;
  const put = (name: string, reason: string | null): void => {
    const rest = values.items.filter((one) => one.component !== name);
    set({ ...values, items: reason === null ? rest : [...rest, { component: name, reason }] });
  };
  return (
    <fieldset class="items" aria-label="Giấy tờ cần bổ sung" data-pointer="/items" tabIndex={-1}>
      <legend>Giấy tờ cần bổ sung <span class="must" aria-hidden="true">*</span></legend>
      {[...names, ...others].map((name) => (
        <div key={name} class="item">
          <label class="check"><input type="checkbox" checked={reason_of(name) !== undefined}
            onChange={(event) => put(name, event.currentTarget.checked ? '' : null)} /> {name}</label>
          {reason_of(name) !== undefined && <input aria-label={`Cần bổ sung gì ở: ${name}`} placeholder="Thiếu gì, cần sửa gì"
            value={reason_of(name)} onInput={(event) => put(name, event.currentTarget.value)} />}
        </div>
      ))}
      <div class="item"><input aria-label="Giấy tờ khác" placeholder="Giấy tờ khác, gõ tên rồi Enter" onKeyDown={(event) => {
        const name = event.currentTarget.value.trim();
        if (event.key !== 'Enter' || event.ctrlKey || name === '')
          return;
        event.preventDefault();
        put(name, '');
        event.currentTarget.value = '';
      }} /></div>
      {faults['/items'] && <p class="fault">{faults['/items']}</p>}
    </fieldset>
  );
}

/** The dossier, or the step it is in: only then is there a cause to name. In bulk nobody is asked. */
const is_late = (dossier: Dossier | null): boolean => dossier !== null && [dossier.due_at,
  ...dossier.steps.map((step) => step.state === 'CURRENT' ? step.due_at : null)].some((at) => at !== null && Date.parse(at) < now());

export function ActionFields({ action, values, set, faults, dossier, unit }: {
  action: Action; values: Values; set: (values: Values) => void; faults: Faults; dossier: Dossier | null;
  /** Whose people may handle it. */
  unit: string;
}): JSX.Element {
  const text = (name: string) => (value: string): void => set({ ...values, texts: { ...values.texts, [name]: value } });
  const one = (name: string): JSX.Element | false => {
    const value = values.texts[name] ?? '', pointer = `/${name}`, about = inputs[name];
    const is_required = action.needs.includes(name);
    if (name === 'items')
      return <Items key={name} values={values} set={set} dossier={dossier} faults={faults} />;
    if (name === 'is_refusal')
      return <label class="check" key={name}><input type="checkbox" checked={values.is_refusal}
        onChange={(event) => set({ ...values, is_refusal: event.currentTarget.checked })} /> Dự thảo là văn bản từ chối</label>;
    if (name === 'method')
      return <Choice key={name} label="Hình thức thu" value={value} set={text(name)} pointer={pointer} faults={faults}
        of={Object.entries(methods)} />;
    if (name === 'cause')
      return is_late(dossier) && <Choice key={name} label="Nguyên nhân chậm" value={value} set={text(name)} pointer={pointer} faults={faults}
        of={[['', 'Chưa nêu'], ...Object.entries(causes)]} />;
    if (name === 'to')
      return <Choice key={name} label="Trả về" value={value} set={text(name)} pointer={pointer} faults={faults}
        of={[['', 'Người xử lý'], ['REVIEW', 'Lãnh đạo phòng']]} />;
    if (name === 'unit')
      return value === '' ? <Finder key={name} label="Đơn vị *" placeholder="gõ tên hoặc mã" find={find_agencies} pointer={pointer}
        faults={faults} take={(found) => text(name)(found.key)} />
        : <p key={name}>Đơn vị: <b>{value}</b> <button type="button" onClick={() => text(name)('')}>Đổi</button></p>;
    if (name === 'handler')
      return <PersonChoice key={name} label={about?.label ?? name} unit={unit} role="handler" value={value} set={text(name)} pointer={pointer}
        faults={faults} is_required={is_required} but={dossier?.state === 'PROCESSING' ? dossier.handler?.username ?? '' : ''} />;
    return <Field key={name} label={name === 'note' && is_required ? 'Nội dung trình' : about?.label ?? name} value={value} set={text(name)}
      pointer={pointer} faults={faults} is_required={is_required} {...about?.hint ? { hint: about.hint } : {}} {...about?.kind === 'long' ? { lines: 2 } : {}} />;
  };
  return <>{wants(action).map(one)}</>;
}
