// Where the browser begins: who is here, which screen, and the frame around it.
import { useSignal } from '@preact/signals';
import { render, type JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { is_session_over, problem_of, sign_in, sign_out, user, who_am_i } from './api';
import { DelegationScreen } from './delegation';
import { DeskDayScreen } from './desk_day';
import { DossierScreen } from './dossier';
import { Field } from './field';
import { InboxScreen } from './inbox';
import { IntakeScreen } from './intake';
import { Later } from './later';
import { go, known_keys, path, replace, use_keys } from './place';
import { SearchScreen, search_or_open, search_text } from './search';
import { SigningScreen } from './signing';
import type { Role, User } from './types';

const has = (who: User, ...roles: Role[]): boolean => roles.some((role) => who.roles.includes(role));
const home_of = (who: User): string =>
  has(who, 'receiver') ? '/quay' : has(who, 'leader') && !has(who, 'handler') ? '/ky'
    : has(who, 'administrator') ? '/quan-tri' : has(who, 'monitor') ? '/tien-do' : '/viec';

function screen(at: string, who: User): JSX.Element {
  const code = /^\/ho-so\/([^/]+)$/.exec(at)?.[1];
  if (code)
    return <DossierScreen code={decodeURIComponent(code)} key={code} />;
  if (at === '/quan-tri' || at.startsWith('/quan-tri/'))
    return <Later load={async () => (await import('./admin')).AdminScreen} who={who} at={at} />;
  switch (at) {
    case '/quay': return <IntakeScreen who={who} />;
    case '/viec': return <InboxScreen />;
    case '/ky': return <SigningScreen />;
    case '/so-ngay': return <DeskDayScreen who={who} />;
    case '/uy-quyen': return <DelegationScreen />;
    case '/tien-do': return <Later key={at} load={async () => (await import('./report')).ReportScreen} who={who} at={at} />;
    case '/ho-so': return <SearchScreen />;
    default: return <p>Không có trang này. <a href="/viec">Về việc của tôi</a></p>;
  }
}

function SignIn({ is_again }: { is_again: boolean }): JSX.Element {
  const username = useSignal(is_again ? user.value?.username ?? '' : ''), password = useSignal('');
  const fault = useSignal(''), is_busy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const inputs = form.current?.querySelectorAll('input');
    (username.value === '' ? inputs?.[0] : inputs?.[1])?.focus();
  }, []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    is_busy.value = true;
    fault.value = '';
    try {
      await sign_in(username.value.trim(), password.value);
    } catch (caught) {
      fault.value = problem_of(caught).message;
      password.value = '';
      form.current?.querySelectorAll('input')[1]?.focus();
    }
    is_busy.value = false;
  };
  return (
    <form class="sign-in" ref={form} onSubmit={(event) => void submit(event)}>
      <h1>{is_again ? 'Phiên làm việc đã hết' : 'Đăng nhập'}</h1>
      <p>{is_again ? 'Đăng nhập lại để làm tiếp. Những gì đã nhập vẫn còn nguyên.'
        : 'Trang làm việc của Bộ phận Một cửa'}</p>
      <Field label="Tên đăng nhập" value={username.value} set={(value) => { username.value = value; }}
        input={{ autocomplete: 'username', autocapitalize: 'none' }} />
      <Field label="Mật khẩu" value={password.value} set={(value) => { password.value = value; }}
        input={{ type: 'password', autocomplete: 'current-password' }} />
      {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
      <button class="main" disabled={is_busy.value}>Đăng nhập</button>
      {is_again && <button type="button" onClick={() => {
        sign_out().catch((caught) => { fault.value = problem_of(caught).message; });
      }}>Thôi, bỏ những gì đang nhập</button>}
      {!is_again && <p class="hint">Người dân tra cứu hồ sơ tại <a href="/tra-cuu">trang tra cứu</a>.</p>}
    </form>
  );
}

function Help({ close }: { close: () => void }): JSX.Element {
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <section class="help" tabIndex={-1} ref={box} aria-label="Phím tắt">
      <h2>Phím tắt</h2>
      <dl>{known_keys().map((one) => <div key={one.key}><dt><kbd>{one.key}</kbd></dt><dd>{one.does}</dd></div>)}</dl>
      <button onClick={close}>Đóng (Esc)</button>
    </section>
  );
}

const links: readonly (readonly [string, string, readonly Role[]])[] = [
  ['/quay', 'Tiếp nhận', ['receiver']],
  ['/viec', 'Việc của tôi', ['receiver', 'return_clerk', 'handler', 'dept_head', 'leader', 'records_clerk']],
  ['/ky', 'Chờ ký', ['leader']],
  ['/so-ngay', 'Sổ ngày', ['receiver', 'return_clerk']],
  ['/uy-quyen', 'Ủy quyền', ['receiver', 'return_clerk', 'handler', 'dept_head', 'leader', 'records_clerk']],
  ['/tien-do', 'Tiến độ', ['dept_head', 'leader', 'monitor', 'auditor']],
  ['/quan-tri', 'Quản trị', ['administrator', 'auditor']],
];

function Frame({ who }: { who: User }): JSX.Element {
  const is_help = useSignal(false), fault = useSignal('');
  const search = useRef<HTMLInputElement>(null);
  use_keys([
    { key: '?', does: 'Xem phím tắt', run: () => { is_help.value = !is_help.value; } },
    { key: '/', does: 'Tìm hồ sơ', run: () => search.current?.focus() },
    { key: 'Alt+1', does: 'Tiếp nhận', run: () => go('/quay'), is_hidden: !has(who, 'receiver') },
    { key: 'Alt+2', does: 'Việc của tôi', run: () => go('/viec') },
    { key: 'Alt+3', does: 'Chờ ký', run: () => go('/ky'), is_hidden: !has(who, 'leader') },
    { key: 'Alt+4', does: 'Sổ trong ngày', run: () => go('/so-ngay'), is_hidden: !has(who, 'receiver', 'return_clerk') },
    { key: 'Escape', does: 'Đóng', run: () => {
      is_help.value = false;
      if (document.activeElement instanceof HTMLElement)
        document.activeElement.blur();
    }, is_hidden: true },
  ], true);
  return (
    <>
      <header class="top">
        <a class="skip" href="#noi-dung" onClick={(event) => {
          event.preventDefault();
          document.getElementById('noi-dung')?.focus();
        }}>Đến nội dung</a>
        <strong>Một cửa</strong>
        <nav aria-label="Chính">
          {links.filter(([, , roles]) => has(who, ...roles)).map(([to, words]) => (
            <a key={to} href={to} aria-current={path.value === to || path.value.startsWith(`${to}/`) ? 'page' : undefined}>{words}</a>
          ))}
        </nav>
        <form role="search" onSubmit={(event) => { event.preventDefault(); search_or_open(search_text.value); }}>
          <input type="search" ref={search} value={search_text.value} placeholder="Tìm mã, tên; quét giấy hẹn (/)"
            aria-label="Tìm hồ sơ theo mã hoặc tên chủ hồ sơ, hoặc quét giấy hẹn"
            onInput={(event) => { search_text.value = event.currentTarget.value; }} />
        </form>
        <span class="who"><b>{who.name}</b><span>{who.agency?.name}</span></span>
        <button onClick={() => {
          sign_out().catch((caught) => { fault.value = `Chưa đăng xuất được. ${problem_of(caught).message}`; });
        }}>Đăng xuất</button>
      </header>
      {fault.value !== '' && <p class="warning" role="alert">{fault.value}</p>}
      {is_help.value && <Help close={() => { is_help.value = false; }} />}
      <main id="noi-dung" tabIndex={-1}>{screen(path.value, who)}</main>
    </>
  );
}

function App(): JSX.Element {
  const who = user.value;
  const fault = useSignal('');
  useEffect(() => { who_am_i().catch((caught) => { fault.value = problem_of(caught).message; }); }, []);
  useEffect(() => {
    if (who && (path.value === '/' || path.value === '/dang-nhap'))
      replace(home_of(who));
  });
  if (fault.value !== '')
    return <main><h1>Không mở được trang</h1><p class="fault">{fault.value}</p></main>;
  if (who === undefined)
    return <main aria-busy="true"><p class="quiet">Đang mở…</p></main>;
  if (who === null)
    return <main class="door"><SignIn is_again={false} /></main>;
  if (who.must_change_password)
    return <main class="door"><Later load={async () => (await import('./password')).PasswordScreen} who={who} at={path.value} /></main>;
  return (
    <>
      <div class="frame" inert={is_session_over.value}><Frame who={who} /></div>
      {is_session_over.value && <div class="veil" role="dialog" aria-modal="true" aria-label="Đăng nhập lại"><SignIn is_again={true} /></div>}
    </>
  );
}

const app = document.getElementById('app');
if (app)
  render(<App />, app);
