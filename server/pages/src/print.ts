// Statutory forms on paper. Each is drawn as a page of its own (A4, same data as its PDF) in a frame nobody sees, so
// that the print dialog stands open as soon as the paper is there, without a viewer in between.
import { ask_bytes } from './api';
import type { Dossier } from './types';

export type Kind = 'receipt' | 'supplement' | 'refusal' | 'apology' | 'stop_notice' | 'control_slip';
const titles: Record<Kind, string> = {
  receipt: 'giấy hẹn', supplement: 'phiếu bổ sung (02)', refusal: 'phiếu từ chối (03)', apology: 'thư xin lỗi (04)',
  stop_notice: 'thông báo dừng (05)', control_slip: 'phiếu kiểm soát (06)',
};
export const title_of = (kind: Kind): string => titles[kind];

/** What there is to print of a dossier as it stands; whether the server has the form, it says when asked. */
export function forms_of(dossier: Dossier): Kind[] {
  const has_paused = dossier.clock.entries.some((entry) => entry.kind === 'PAUSE');
  return [
    ...dossier.accepted_at ? ['receipt' as const] : [],
    ...dossier.state === 'SUPPLEMENT_WAIT' || dossier.state === 'INTAKE_SUPPLEMENT' || has_paused && dossier.accepted_at ? ['supplement' as const] : [],
    ...dossier.state === 'INTAKE_REFUSED' ? ['refusal' as const] : [],
    ...dossier.reappointed_due_at ? ['apology' as const] : [],
    ...dossier.state === 'STOPPED' || dossier.state === 'WITHDRAWN' ? ['stop_notice' as const] : [],
    ...dossier.accepted_at ? ['control_slip' as const] : [],
  ];
}

const address = (code: string, kind: Kind): string => `/api/v1/dossiers/${encodeURIComponent(code)}/forms/${kind}`;

export function print_form(code: string, kind: Kind): Promise<void> {
  document.getElementById('paper')?.remove();
  return new Promise((resolve, reject) => {
    const frame = document.createElement('iframe');
    frame.id = 'paper';
    frame.title = titles[kind];
    frame.className = 'paper';
    frame.tabIndex = -1;
    frame.addEventListener('load', () => {
      const inside = frame.contentWindow;
      if (!inside || inside.document.contentType !== 'text/html') {
        frame.remove();
        reject(new Error(`Chưa in được ${titles[kind]}: máy chủ không có biểu mẫu này cho hồ sơ, hoặc đang bận. Hãy thử lại.`));
        return;
      }
      inside.print(); /* without taking the focus: the clerk is typing the next person already */
      resolve();
    });
    frame.src = address(code, kind);
    document.body.append(frame);
  });
}
export const print_receipt = (code: string): Promise<void> => print_form(code, 'receipt');

/** The same receipt as a PDF, kept as a file. */
export async function save_receipt(code: string): Promise<void> {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await ask_bytes(address(code, 'receipt'), 'application/pdf'));
  link.download = `${code}-giay-hen.pdf`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
