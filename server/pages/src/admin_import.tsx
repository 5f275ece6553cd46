// Loading catalogue files: chosen from this PC, tried without writing anything, loaded all or nothing.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { ask, new_key, problem_of } from './api';

interface Report {
  fault_count: number; faults: { file: string; path: string; rule: string; message: string }[]; change_count: number;
  changes: { kind: string; code: string; version?: number; name: string; change: 'NEW' | 'CHANGED' | 'ENDED' }[];
  agencies: number; procedure_versions: number;
}
interface Chosen { name: string; document: unknown }
const kinds: Record<string, string> = { field: 'Lĩnh vực', database: 'Cơ sở dữ liệu', level: 'Cấp', kind: 'Loại', calendar: 'Lịch', agency: 'Cơ quan', procedure: 'Thủ tục' };
const changes = { NEW: 'Thêm mới', CHANGED: 'Sửa', ENDED: 'Đổi ngày kết thúc' } as const;

export function ImportPart(): JSX.Element {
  const chosen = useSignal<Chosen[]>([]), fault = useSignal(''), report = useSignal<Report | null>(null);
  const is_busy = useSignal(false), done = useSignal(''), key = useSignal('');
  const choose = async (files: FileList | null): Promise<void> => {
    report.value = null;
    done.value = '';
    fault.value = '';
    chosen.value = [];
    const read: Chosen[] = [];
    for (const file of files ?? []) {
      try {
        read.push({ name: file.name, document: JSON.parse(await file.text()) as unknown });
      } catch {
        fault.value = `${file.name} không phải JSON`;
        return;
      }
    }
    chosen.value = read;
  };
  const run = async (what: 'check' | 'load'): Promise<void> => {
    is_busy.value = true;
    fault.value = '';
    try {
      const body = { documents: chosen.value };
      if (what === 'check') {
        report.value = await ask<Report>('catalogue/check', { method: 'POST', body });
        key.value = new_key();
      } else {
        const loaded = await ask<Report & { epoch: number }>('catalogue/load', { method: 'POST', body, key: key.value });
        done.value = `Đã nạp ${loaded.change_count} dòng; danh mục lần thứ ${loaded.epoch}.`;
        report.value = null;
        chosen.value = [];
      }
    } catch (caught) {
      fault.value = problem_of(caught).message;
    }
    is_busy.value = false;
  };
  const shown = report.value;
  return (
    <>
      <h1>Nạp danh mục</h1>
      <p class="hint">Tệp JSON của cơ quan, thủ tục, lịch. Dòng nào không có trong tệp thì giữ nguyên. Thử trước, không ghi gì; nạp thì tất cả hoặc không gì cả.</p>
      <section class="card">
        <p><input id="files" class="hidden" type="file" multiple accept="application/json,.json" onChange={(event) => { void choose(event.currentTarget.files); }} />
          <label for="files" class="button">Chọn các tệp</label> {chosen.value.map(({ name }) => name).join(', ') || 'Chưa chọn tệp nào'}</p>
        <div class="buttons">
          <button class="main" disabled={is_busy.value || chosen.value.length === 0} onClick={() => void run('check')}>Thử nạp</button>
          {shown && shown.fault_count === 0 && shown.change_count > 0 &&
            <button class="main" disabled={is_busy.value} onClick={() => void run('load')}>Nạp {shown.change_count} thay đổi</button>}
        </div>
        {is_busy.value && <p role="status">Đang kiểm tra…</p>}
        {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
        {done.value !== '' && <p class="notice" role="status">{done.value}</p>}
      </section>
      {shown && shown.fault_count > 0 && (
        <section class="summary" role="alert">
          <h2>{shown.fault_count} lỗi, chưa nạp được</h2>
          <table class="list">
            <thead><tr><th>Tệp</th><th>Vị trí</th><th>Quy tắc</th><th>Lỗi</th></tr></thead>
            <tbody>{shown.faults.map((one, index) => <tr key={index}><td>{one.file}</td><td>{one.path}</td><td>{one.rule}</td><td>{one.message}</td></tr>)}</tbody>
          </table>
        </section>)}
      {shown && shown.fault_count === 0 && <p role="status">Không có lỗi. {shown.change_count === 0 ? 'Không có gì thay đổi.'
        : `${shown.change_count} thay đổi; sau khi nạp có ${shown.agencies} cơ quan, ${shown.procedure_versions} phiên bản thủ tục.`}</p>}
      {shown && shown.changes.length > 0 && (
        <section class="card">
          <h2>Những gì sẽ đổi</h2>
          <table class="list">
            <thead><tr><th>Việc</th><th>Loại</th><th>Mã</th><th>Tên</th></tr></thead>
            <tbody>{shown.changes.map((one, index) => (
              <tr key={index}><td>{changes[one.change]}</td><td>{kinds[one.kind] ?? one.kind}</td><td>{one.code}{one.version ? ` (phiên bản ${one.version})` : ''}</td><td>{one.name}</td></tr>))}
            </tbody>
          </table>
        </section>)}
    </>
  );
}
