// Dossiers by code, by name with or without marks, or by the QR of a receipt typed by a reader.
import { signal, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { ask, problem_of } from './api';
import { go, scanned } from './place';
import type { DossierLine, Page } from './types';
import { time } from './words';

export const search_text = signal('');
const wanted = signal('');

/** The QR holds the citizen's address: …/tra-cuu/CODE?secret=…; a whole code opens its dossier. */
export function search_or_open(typed: string): void {
  const text = typed.trim();
  const from_qr = /\/tra-cuu\/([^/?#\s]+)/.exec(text)?.[1];
  const code = from_qr ? decodeURIComponent(from_qr) : /^[0-9A-Z.]+-\d{6}-\d+$/i.test(text) ? text.toUpperCase() : '';
  if (code !== '') {
    search_text.value = '';
    scanned.value = from_qr ? code : '';
    go(`/ho-so/${encodeURIComponent(code)}`);
  } else if (text.length >= 3) {
    wanted.value = text;
    go('/ho-so');
  }
}

/* A receipt read while another field has the focus: that field gets back what it had. */
document.addEventListener('keydown', (event) => {
  const field = event.target;
  if (event.key !== 'Enter' || !(field instanceof HTMLInputElement) || field.type === 'search')
    return;
  const read = /https?:\/\/\S+\/tra-cuu\/[^\s/?]+\?secret=\w+$/.exec(field.value);
  if (!read)
    return;
  event.preventDefault();
  event.stopPropagation();
  field.value = field.value.slice(0, read.index);
  field.dispatchEvent(new Event('input', { bubbles: true }));
  search_or_open(read[0]);
}, true);

export function SearchScreen(): JSX.Element {
  const items = useSignal<DossierLine[] | null>(null), fault = useSignal('');
  useSignalEffect(() => {
    const q = wanted.value;
    items.value = null;
    fault.value = '';
    if (q !== '')
      ask<Page<DossierLine>>(`dossiers?limit=50&q=${encodeURIComponent(q)}`)
        .then((found) => { items.value = found.items; })
        .catch((caught) => { fault.value = problem_of(caught).message; });
  });
  return (
    <>
      <h1>Tìm hồ sơ{wanted.value && `: ${wanted.value}`}</h1>
      {wanted.value === '' && <p>Gõ mã hồ sơ hoặc tên chủ hồ sơ (ít nhất 3 chữ) vào ô tìm ở đầu trang, phím <kbd>/</kbd>.</p>}
      {fault.value && <p class="fault" role="alert">{fault.value}</p>}
      {items.value && items.value.length === 0 && <p role="status">Không có hồ sơ nào khớp trong phạm vi được xem.</p>}
      {items.value && items.value.length > 0 && (
        <table class="rows">
          <thead><tr><th>Mã hồ sơ</th><th>Chủ hồ sơ</th><th>Thủ tục</th><th>Trạng thái</th><th>Nơi giữ</th><th>Hẹn trả</th></tr></thead>
          <tbody>{items.value.map((line) => (
            <tr key={line.code}>
              <td><a href={`/ho-so/${line.code}`}>{line.code}</a></td><td>{line.owner_name}</td>
              <td>{line.procedure.name}</td><td>{line.state_label}</td><td>{line.holder_unit_name}</td>
              <td class="number">{time(line.due_at)}</td>
            </tr>))}
          </tbody>
        </table>
      )}
    </>
  );
}
