// Statutory forms on paper. The receipt is drawn as a page of its own (A4, same data as its PDF) in a frame nobody
// sees, so that the print dialog stands open as soon as the paper is there, without a viewer in between.
import { ask_bytes } from './api';

const receipt = (code: string): string => `/api/v1/dossiers/${encodeURIComponent(code)}/forms/receipt`;

export function print_receipt(code: string): Promise<void> {
  document.getElementById('paper')?.remove();
  return new Promise((resolve, reject) => {
    const frame = document.createElement('iframe');
    frame.id = 'paper';
    frame.title = 'Giấy tiếp nhận hồ sơ và hẹn trả kết quả';
    frame.className = 'paper';
    frame.tabIndex = -1;
    frame.addEventListener('load', () => {
      const inside = frame.contentWindow;
      if (!inside || inside.document.contentType !== 'text/html') {
        reject(new Error('Không in được giấy hẹn, hãy thử lại'));
        return;
      }
      inside.print(); /* without taking the focus: the clerk is typing the next person already */
      resolve();
    });
    frame.src = receipt(code);
    document.body.append(frame);
  });
}

/** The same receipt as a PDF, kept as a file. */
export async function save_receipt(code: string): Promise<void> {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await ask_bytes(receipt(code), 'application/pdf'));
  link.download = `${code}-giay-hen.pdf`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
