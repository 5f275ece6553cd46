// The day of a desk: what was received, forwarded, collected and handed over, for the eye and for the paper that goes
// with the money and the files at the end of the day.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask, now, problem_of } from './api';
import { Field } from './field';
import { use_keys } from './place';
import type { DeskLine, Page, User } from './types';
import { date, methods, money, parse_date, rfc3339 } from './words';

const sections: readonly (readonly [string, readonly string[]])[] = [
  ['Hồ sơ tiếp nhận', ['accept', 'submit']],
  ['Hướng dẫn bổ sung, từ chối tại quầy', ['request_supplement', 'refuse', 'stop']],
  ['Nhận bổ sung', ['receive_supplement', 'confirm_payment']],
  ['Hồ sơ chuyển đi', ['transfer']],
  ['Kết quả trả, gửi bưu chính', ['return_result', 'give_to_post', 'confirm_delivery', 'archive']],
  ['Rút hồ sơ', ['request_withdrawal', 'confirm_withdrawal', 'turn_down_withdrawal']],
];
const sum = (lines: readonly DeskLine[], method: string): number =>
  lines.flatMap((line) => line.paid).filter((one) => one.method === method).reduce((total, one) => total + one.amount, 0);

export function DeskDayScreen({ who }: { who: User }): JSX.Element {
  const typed = useSignal(date(rfc3339(now()))), lines = useSignal<readonly DeskLine[] | null>(null), fault = useSignal('');
  const day = parse_date(typed.value);
  useEffect(() => {
    if (!day)
      return undefined;
    let is_over = false;
    const load = async (): Promise<void> => {
      const all: DeskLine[] = [];
      for (let next: string | null = ''; next !== null;) {
        const page: Page<DeskLine> = await ask(`desk?day=${day}&limit=200${next && `&cursor=${encodeURIComponent(next)}`}`);
        all.push(...page.items);
        next = page.next;
      }
      if (!is_over) {
        lines.value = all;
        fault.value = '';
      }
    };
    load().catch((caught) => { fault.value = problem_of(caught).message; });
    return () => { is_over = true; };
  }, [day]);
  use_keys([{ key: 'p', does: 'In sổ', run: () => window.print() }]);
  const all = lines.value ?? [], paid = all.filter((line) => line.paid.length > 0);
  return (
    <div class="day">
      <div class="head">
        <h1>Sổ trong ngày <span class="only-print">{typed.value}</span></h1>
        <form class="no-print pick" onSubmit={(event) => event.preventDefault()}>
          <Field label="Ngày" value={typed.value} set={(value) => { typed.value = value; }} pointer="/day"
            faults={day ? {} : { '/day': 'Cần ngày dạng dd/mm/yyyy' }} />
          <button type="button" class="main" onClick={() => window.print()}>In (p)</button>
        </form>
      </div>
      <p class="only-print">{who.agency?.name}. Người lập: {who.name}</p>
      {fault.value && <p class="fault" role="alert">{fault.value}</p>}
      {lines.value && all.length === 0 && <p role="status">Ngày này quầy chưa có việc nào.</p>}
      {all.length > 0 && <p class="total">{sections.map(([title, actions]) => {
        const count = all.filter((line) => actions.includes(line.action)).length;
        return count > 0 && <span key={title}>{title}: <b>{count}</b></span>;
      })}{paid.length > 0 && <span>Đã thu: <b>{money(Object.keys(methods).reduce((total, method) => total + sum(all, method), 0))}</b></span>}</p>}
      {sections.map(([title, actions]) => {
        const these = all.filter((line) => actions.includes(line.action));
        return these.length > 0 && (
          <section class="card" key={title}>
            <h2>{title} ({these.length})</h2>
            <table>
              <thead><tr><th class="number">STT</th><th>Giờ</th><th>Mã hồ sơ</th><th>Số sổ</th><th>Chủ hồ sơ</th><th>Thủ tục</th><th class="number">Giấy tờ</th>
                <th>Ghi nhận</th><th>Người làm</th></tr></thead>
              <tbody>{these.map((line, index) => (
                <tr key={`${line.code}.${line.seq}`}><td class="number">{index + 1}</td><td>{line.at.slice(11, 16)}</td><td><a href={`/ho-so/${line.code}`}>{line.code}</a></td>
                  <td>{line.register_no}</td><td>{line.owner_name}</td><td>{line.procedure_name}</td><td class="number">{line.papers}</td>
                  <td>{line.receiver_name ? `Người nhận: ${line.receiver_name}` : line.to_label}</td><td>{line.actor}</td></tr>))}
              </tbody>
            </table>
          </section>);
      })}
      {paid.length > 0 && <section class="card">
        <h2>Phí, lệ phí đã thu</h2>
        <table>
          <thead><tr><th>Giờ</th><th>Mã hồ sơ</th><th>Khoản</th><th>Hình thức</th><th class="number">Số tiền</th></tr></thead>
          <tbody>{paid.flatMap((line) => line.paid.map((one, index) => (
            <tr key={`${line.code}.${line.seq}.${index}`}><td>{line.at.slice(11, 16)}</td><td>{line.code}</td><td>{one.name}</td>
              <td>{one.method ? methods[one.method] : ''}</td><td class="number">{money(one.amount)}</td></tr>)))}
          </tbody>
          <tfoot>{Object.entries(methods).map(([method, words]) => sum(all, method) > 0 && (
            <tr key={method}><th colSpan={4}>Cộng {words.toLowerCase()}</th><td class="number"><b>{money(sum(all, method))}</b></td></tr>))}
          </tfoot>
        </table>
      </section>}
      <div class="only-print sign"><p>Người bàn giao<br /><i>(ký, ghi rõ họ tên)</i></p><p>Người nhận bàn giao<br /><i>(ký, ghi rõ họ tên)</i></p></div>
    </div>
  );
}
