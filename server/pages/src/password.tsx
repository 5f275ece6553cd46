// The first thing somebody does whose password another person chose.
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { ask, problem_of, sign_out, who_am_i } from './api';
import { Field, faults_of, type Faults } from './field';
import type { ScreenProps } from './later';

export function PasswordScreen(_: ScreenProps): JSX.Element {
  const old_password = useSignal(''), new_password = useSignal(''), again = useSignal('');
  const faults = useSignal<Faults>({}), fault = useSignal(''), is_busy = useSignal(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    faults.value = again.value === new_password.value ? {} : { '/again': 'Hai lần nhập không giống nhau' };
    fault.value = '';
    if (again.value !== new_password.value)
      return;
    is_busy.value = true;
    try {
      await ask('sessions/current/password', { method: 'PUT', body: { old_password: old_password.value, new_password: new_password.value } });
      await who_am_i();
    } catch (caught) {
      const problem = problem_of(caught);
      faults.value = faults_of(problem);
      fault.value = problem.code === 'wrong-credentials' ? 'Mật khẩu hiện tại không đúng' : problem.message;
    }
    is_busy.value = false;
  };
  const box = { type: 'password' } as const;
  return (
    <form class="sign-in" onSubmit={(event) => void submit(event)}>
      <h1>Đổi mật khẩu</h1>
      <p>Mật khẩu đang dùng do người quản trị đặt. Hãy đặt mật khẩu riêng trước khi làm việc.</p>
      <Field label="Mật khẩu hiện tại" value={old_password.value} set={(value) => { old_password.value = value; }} is_required
        is_first input={{ ...box, autocomplete: 'current-password' }} />
      <Field label="Mật khẩu mới" value={new_password.value} set={(value) => { new_password.value = value; }} is_required
        pointer="/new_password" faults={faults.value} hint="Ít nhất 12 ký tự; một câu dễ nhớ là tốt nhất"
        input={{ ...box, autocomplete: 'new-password' }} />
      <Field label="Nhập lại mật khẩu mới" value={again.value} set={(value) => { again.value = value; }} is_required
        pointer="/again" faults={faults.value} input={{ ...box, autocomplete: 'new-password' }} />
      {fault.value !== '' && <p class="fault" role="alert">{fault.value}</p>}
      <button class="main" disabled={is_busy.value}>Đổi mật khẩu</button>
      <button type="button" onClick={() => { void sign_out(); }}>Đăng xuất</button>
    </form>
  );
}
