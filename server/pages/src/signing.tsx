// What waits for a leader's signature: the list, the dossier beside it at one key, several signed with a result for each.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask, problem_of } from './api';
import { Batch, type Seen } from './batch';
import { load_events } from './dossier';
import { Fees, Papers, Timeline } from './dossier_parts';
import { load_work, use_list, type Picks } from './inbox';
import { use_news } from './news';
import { use_keys } from './place';
import type { Dossier, DossierEvent, WorkLine } from './types';
import { limit, long_time, risk, time_left } from './words';

function Preview({ code }: { code: string }): JSX.Element {
  const dossier = useSignal<Dossier | null>(null), events = useSignal<DossierEvent[]>([]), fault = useSignal('');
  useEffect(() => {
    Promise.all([ask<Dossier>(`dossiers/${encodeURIComponent(code)}`), load_events(code)])
      .then(([found, all]) => { dossier.value = found; events.value = all; })
      .catch((caught) => { fault.value = problem_of(caught).message; });
  }, []);
  const shown = dossier.value;
  if (!shown)
    return <section class="card" aria-busy={fault.value === ''}>{fault.value}</section>;
  const proposal = [...events.value].reverse().find((one) => one.action === 'submit_for_signature') ?? events.value.at(-1);
  const submitted = [...events.value].reverse().find((one) => one.action === 'submit_for_review');
  return (
    <div class="preview">
      <section class="card">
        <h2>{shown.code}: {shown.procedure.name}</h2>
        {submitted?.input?.['is_refusal'] === true && <p class="warning"><b>Dự thảo là văn bản từ chối.</b></p>}
        <dl class="pairs">
          <div><dt>Chủ hồ sơ</dt><dd>{shown.owner?.name}, {shown.owner?.address}</dd></div>
          <div><dt>Hẹn trả</dt><dd>{shown.due_at && long_time(shown.due_at)} ({limit(shown.procedure.time_limit)})</dd></div>
          {[submitted, proposal].filter((one, index, all) => one && all.indexOf(one) === index).map((one) => one && (
            <div key={one.seq}><dt>{one.action_label}: {one.actor}</dt><dd>{String(one.input?.['note'] ?? '—')}</dd></div>))}
        </dl>
      </section>
      <Papers dossier={shown} />
      <Fees dossier={shown} />
      <Timeline dossier={shown} events={events.value} />
    </div>
  );
}

export function SigningScreen(): JSX.Element {
  const lines = useSignal<readonly WorkLine[] | null>(null), fault = useSignal('');
  const picks = useSignal<Picks>({ at: 0, picked: new Set() });
  const wanted = useSignal<{ action: 'sign' | 'rework'; seen: Seen[] } | null>(null), is_preview = useSignal(true);
  const load = (): void => {
    load_work().then((found) => {
      const left = found.filter((line) => line.state === 'SIGNING');
      lines.value = left;
      picks.value = { at: picks.value.at, picked: new Set(left.map((line) => line.code).filter((code) => picks.value.picked.has(code))) };
      fault.value = '';
    })
      .catch((caught) => { fault.value = problem_of(caught).message; });
  };
  useEffect(load, []);
  use_news({ work: () => { if (!wanted.value) load(); } });
  const all = lines.value ?? [];
  const here = all[Math.min(picks.value.at, all.length - 1)];
  const start = (action: 'sign' | 'rework'): void => {
    const seen = picks.value.picked.size > 0 ? all.filter((line) => picks.value.picked.has(line.code)) : here ? [here] : [];
    if (seen.length > 0)
      wanted.value = { action, seen };
  };
  const choose = (code: string): void => {
    const picked = new Set(picks.value.picked);
    if (!picked.delete(code))
      picked.add(code);
    picks.value = { ...picks.value, picked };
  };
  use_list(all, picks.value, (next) => { picks.value = next; });
  use_keys([
    { key: 's', does: 'Ký hồ sơ đang xem, hoặc các hồ sơ đã chọn', run: () => start('sign') },
    { key: 'r', does: 'Trả lại, có lý do', run: () => start('rework') },
    { key: 'a', does: 'Chọn tất cả', run: () => { picks.value = { ...picks.value, picked: new Set(all.map((line) => line.code)) }; } },
    { key: ' ', does: 'Bật, tắt phần xem trước', run: () => { is_preview.value = !is_preview.value; } },
  ]);
  return (
    <>
      <h1>Chờ ký {lines.value && `(${all.length})`}</h1>
      {fault.value && <p class="fault" role="alert">{fault.value}</p>}
      {wanted.value && <Batch key={`${wanted.value.action}${wanted.value.seen.map((one) => one.code).join()}`} seen={wanted.value.seen} wanted={wanted.value.action}
        changed={load} close={() => { wanted.value = null; picks.value = { at: 0, picked: new Set() }; load(); }} />}
      {lines.value && all.length === 0 && !wanted.value && <p role="status">Không còn hồ sơ nào chờ ký.</p>}
      {all.length > 0 && (
        <div class="signing">
          <div>
            <table class="rows">
              <thead><tr><th><span class="hidden">Chọn</span></th><th>Còn lại</th><th>Hồ sơ</th></tr></thead>
              <tbody>{all.map((line, index) => (
                <tr key={line.code} id={`line-${line.code}`} class={line === here ? 'at' : ''}
                  onClick={() => { picks.value = { ...picks.value, at: index }; }}>
                  <td><input type="checkbox" aria-label={`Chọn ${line.code}`} checked={picks.value.picked.has(line.code)}
                    onChange={() => choose(line.code)} /></td>
                  <td><span class={risk(line.remaining_minutes)}>{time_left(line.remaining_minutes)}</span></td>
                  <td><a href={`/ho-so/${line.code}`}>{line.code}</a> {line.owner_name}<br /><span class="quiet">{line.procedure.name}</span></td>
                </tr>))}
              </tbody>
            </table>
            <p class="buttons">
              <button class="main" onClick={() => start('sign')}><kbd>s</kbd> Ký {picks.value.picked.size > 0 ? `${picks.value.picked.size} hồ sơ` : ''}</button>
              <button onClick={() => start('rework')}><kbd>r</kbd> Trả lại</button>
            </p>
            <p class="quiet"><kbd>j</kbd> <kbd>k</kbd> lên xuống, <kbd>x</kbd> chọn, <kbd>a</kbd> chọn tất cả, <kbd>dấu cách</kbd> xem trước</p>
          </div>
          {is_preview.value && here && <Preview code={here.code} key={`${here.code}.${here.version}`} />}
        </div>
      )}
    </>
  );
}
