// How the work stands: late, step late, soon, by unit and step; finished early, on time, late. Each number opens its list.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ask, now, problem_of } from './api';
import { Choice, Field } from './field';
import type { ScreenProps } from './later';
import type { Page, User } from './types';
import { date, parse_date, rfc3339, time, worked } from './words';

interface Figure { dossiers: number; list: string }
interface OpenLine { unit: { code: string; name: string }; phase: string; phase_label: string; late: Figure; step_late: Figure; soon: Figure }
interface FinishedLine { unit: { code: string; name: string }; early: Figure; on_time: Figure; overdue: Figure }
interface Report {
  agency: string; now: string; until: string; from: string; to: string; is_whole: boolean;
  open: { lines: OpenLine[]; total: Omit<OpenLine, 'unit' | 'phase' | 'phase_label'> };
  finished: { lines: FinishedLine[]; total: Omit<FinishedLine, 'unit'> };
}
interface Line {
  code: string; state_label: string; procedure_name: string | null; unit_name: string; phase: string | null;
  handler_name: string | null; due_at: string | null; step_due_at: string | null; finished_at: string | null;
  minutes_over: number | null;
}
interface Chosen { title: string; figure: Figure }

const open_columns = [['late', 'Quá hạn'], ['step_late', 'Bước quá hạn'], ['soon', 'Sắp đến hạn']] as const;
const finished_columns = [['early', 'Trước hạn'], ['on_time', 'Đúng hạn'], ['overdue', 'Quá hạn']] as const;
const spans = [['week', 'Hết tuần này'], ['7', '7 ngày tới'], ['30', '30 ngày tới']] as const;
const LINES_MAX = 1000, PAGE_LINES = 200, DAY_MS = 86_400_000;

/** Where this person may look: the places of his roles that answer for others. */
const places_of = (who: User): [string, string][] => {
  const found = who.grants.filter(({ role }) => ['dept_head', 'leader', 'monitor', 'auditor'].includes(role));
  return [...new Map(found.map((grant) => [grant.agency, grant.agency_name])).entries()];
};

function Number_({ figure, label, title, chosen, choose }: {
  figure: Figure; label: string; title: string; chosen: Chosen | null; choose: (chosen: Chosen) => void;
}): JSX.Element {
  if (figure.dossiers === 0)
    return <td class="number" data-label={label}>0</td>;
  return (
    <td class="number" data-label={label}>
      <button class="figure" aria-pressed={chosen?.figure.list === figure.list} aria-label={`${figure.dossiers}: ${title}`}
        onClick={() => choose({ title, figure })}>{figure.dossiers}</button>
    </td>
  );
}

function List({ chosen }: { chosen: Chosen }): JSX.Element {
  const items = useSignal<Line[]>([]), fault = useSignal(''), is_whole = useSignal(false);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    let is_left = false;
    items.value = [];
    is_whole.value = false;
    fault.value = '';
    head.current?.focus();
    const load = async (): Promise<void> => {
      const all: Line[] = [];
      let next: string | null = '';
      while (next !== null && all.length < LINES_MAX && !is_left) {
        const page: Page<Line> = await ask(`${chosen.figure.list}&limit=${PAGE_LINES}${next && `&cursor=${encodeURIComponent(next)}`}`);
        all.push(...page.items);
        next = page.next;
      }
      if (!is_left) {
        items.value = all;
        is_whole.value = next === null;
      }
    };
    load().catch((caught) => { fault.value = problem_of(caught).message; });
    return () => { is_left = true; };
  }, [chosen.figure.list]);
  return (
    <section class="card">
      <h2 tabIndex={-1} ref={head}>{chosen.title}</h2>
      {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
      <p role="status">{items.value.length === 0 ? 'Đang mở…' : is_whole.value ? `${items.value.length} hồ sơ`
        : `${items.value.length} hồ sơ đầu trong ${chosen.figure.dossiers}`}</p>
      <table class="rows list">
        <thead><tr><th>Mã hồ sơ</th><th>Thủ tục</th><th>Nơi giữ</th><th>Người xử lý</th><th>Trạng thái</th><th>Hẹn trả</th><th>Kết quả / quá hạn</th></tr></thead>
        <tbody>{items.value.map((line) => (
          <tr key={line.code}>
            <td><a href={`/ho-so/${line.code}`}>{line.code}</a></td><td>{line.procedure_name}</td><td>{line.unit_name}</td>
            <td>{line.handler_name ?? 'chưa phân công'}</td><td>{line.state_label}</td><td class="number">{time(line.due_at)}</td>
            <td>{line.finished_at ? `Có kết quả ${time(line.finished_at)}`
              : line.minutes_over !== null ? <span class="late">Quá hạn {worked(line.minutes_over)}</span>
                : line.step_due_at ? `Bước đến ${time(line.step_due_at)}` : ''}</td>
          </tr>))}
        </tbody>
      </table>
    </section>
  );
}

function share(line: Omit<FinishedLine, 'unit'>): string {
  const all = line.early.dossiers + line.on_time.dossiers + line.overdue.dossiers;
  return all === 0 ? '' : `${(100 * (all - line.overdue.dossiers) / all).toFixed(1).replace('.', ',')} %`;
}

export function ReportScreen({ who }: ScreenProps): JSX.Element {
  const places = places_of(who);
  const agency = useSignal(places[0]?.[0] ?? ''), span = useSignal<string>('week');
  const from = useSignal(''), to = useSignal(''), report = useSignal<Report | null>(null), fault = useSignal('');
  const chosen = useSignal<Chosen | null>(null), faults = useSignal<Record<string, string>>({});
  const load = async (): Promise<void> => {
    const days = { '/from': from.value === '' ? '' : parse_date(from.value), '/to': to.value === '' ? '' : parse_date(to.value) };
    faults.value = Object.fromEntries(Object.entries(days).filter(([, day]) => day === null).map(([pointer]) => [pointer, 'Viết ngày/tháng/năm, ví dụ 01/10/2026']));
    if (Object.keys(faults.value).length > 0)
      return;
    fault.value = '';
    chosen.value = null;
    const until = span.value === 'week' ? '' : `&until=${encodeURIComponent(rfc3339(now() + Number(span.value) * DAY_MS))}`;
    try {
      report.value = await ask<Report>(`reports/timeliness?agency=${agency.value}${until}${days['/from'] ? `&from=${days['/from']}` : ''}${days['/to'] ? `&to=${days['/to']}` : ''}`);
    } catch (caught) {
      report.value = null;
      fault.value = problem_of(caught).message;
    }
  };
  useEffect(() => { void load(); }, [agency.value, span.value]);
  const choose = (one: Chosen): void => { chosen.value = one; };
  const shown = report.value, place = shown?.agency ?? '';
  const name = [...places, ...(shown?.open.lines ?? []).map(({ unit }) => [unit.code, unit.name] as const)].find(([code]) => code === place)?.[1] ?? place;
  const unit_cell = (unit: { code: string; name: string }): JSX.Element => (
    <th scope="row">{unit.code === agency.value ? unit.name
      : <button class="link" onClick={() => { agency.value = unit.code; }}>{unit.name}</button>}</th>
  );
  return (
    <>
      <h1>Tiến độ giải quyết{name && `: ${name}`}</h1>
      <form class="grid no-print" onSubmit={(event) => { event.preventDefault(); void load(); }}>
        <Choice class="w4" label="Cơ quan" value={agency.value} set={(value) => { agency.value = value; }}
          of={places.some(([code]) => code === agency.value) ? places : [...places, [agency.value, name] as const]} />
        <Choice class="w2" label="Sắp đến hạn tính đến" value={span.value} set={(value) => { span.value = value; }} of={spans} />
        <Field class="w2" label="Đã xong từ ngày" value={from.value} set={(value) => { from.value = value; }} pointer="/from" faults={faults.value} hint="Để trống: đầu năm" />
        <Field class="w2" label="đến ngày" value={to.value} set={(value) => { to.value = value; }} pointer="/to" faults={faults.value} hint="Để trống: hôm nay" />
        <div class="w2 buttons"><button class="main">Xem</button><button type="button" onClick={() => window.print()}>In</button></div>
      </form>
      {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
      {shown && !shown.is_whole && <p class="warning">Quá nhiều hồ sơ để đếm hết; hãy chọn một đơn vị nhỏ hơn.</p>}
      {shown && (
        <section class="card">
          <h2>Đang giải quyết, lúc {time(shown.now)}; sắp đến hạn tính đến {time(shown.until)}</h2>
          {shown.open.lines.length === 0 ? <p>Không có hồ sơ quá hạn hay sắp đến hạn.</p> : (
            <table class="figures">
              <thead><tr><th>Đơn vị đang giữ</th><th>Bước</th>{open_columns.map(([, words]) => <th class="number" key={words}>{words}</th>)}</tr></thead>
              <tbody>{shown.open.lines.map((line) => (
                <tr key={line.unit.code + line.phase}>
                  {unit_cell(line.unit)}<td>{line.phase_label}</td>
                  {open_columns.map(([key, words]) => <Number_ key={key} label={words} figure={line[key]} chosen={chosen.value} choose={choose}
                    title={`${words}, ${line.unit.name}, bước ${line.phase_label}`} />)}
                </tr>))}
              </tbody>
              <tfoot><tr><th scope="row">Tổng số</th><td />{open_columns.map(([key, words]) =>
                <Number_ key={key} label={words} figure={shown.open.total[key]} chosen={chosen.value} choose={choose} title={`${words}, tất cả`} />)}</tr></tfoot>
            </table>)}
        </section>)}
      {shown && (
        <section class="card">
          <h2>Đã có kết quả từ {date(shown.from)} đến {date(shown.to)}</h2>
          {shown.finished.lines.length === 0 ? <p>Chưa có hồ sơ nào xong trong thời gian này.</p> : (
            <table class="figures">
              <thead><tr><th>Đơn vị giải quyết</th>{finished_columns.map(([, words]) => <th class="number" key={words}>{words}</th>)}<th class="number">Tỷ lệ đúng hạn</th></tr></thead>
              <tbody>{shown.finished.lines.map((line) => (
                <tr key={line.unit.code}>
                  {unit_cell(line.unit)}
                  {finished_columns.map(([key, words]) => <Number_ key={key} label={words} figure={line[key]} chosen={chosen.value} choose={choose} title={`${words}, ${line.unit.name}`} />)}
                  <td class="number" data-label="Tỷ lệ đúng hạn">{share(line)}</td>
                </tr>))}
              </tbody>
              <tfoot><tr><th scope="row">Tổng số</th>{finished_columns.map(([key, words]) =>
                <Number_ key={key} label={words} figure={shown.finished.total[key]} chosen={chosen.value} choose={choose} title={`${words}, tất cả`} />)}<td class="number" data-label="Tỷ lệ đúng hạn">{share(shown.finished.total)}</td></tr></tfoot>
            </table>)}
        </section>)}
      {chosen.value && <List chosen={chosen.value} />}
    </>
  );
}
