// The only file that asks the server. Answers are typed; refusals and failures are thrown as Problem. When the session
// has ended the question waits for somebody to sign in again in place and is then asked once more, unchanged.
import { signal } from '@preact/signals';
import type { FieldFault, ProblemBody, Session, User } from './types';

/** Code "network": nothing came back, so nobody knows whether it was done; the same key makes asking again safe. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly errors: FieldFault[];
  readonly request_id: string;
  constructor(body: ProblemBody) {
    super(body.detail ? `${body.title}: ${body.detail}` : body.title);
    this.code = body.code;
    this.status = body.status;
    this.errors = body.errors ?? [];
    this.request_id = body.request_id ?? '';
  }
}
export const problem_of = (fault: unknown): Problem => fault instanceof Problem ? fault
  : new Problem({ title: 'Trang gặp lỗi, hãy tải lại', status: 0, code: 'page' });

/** undefined: not known yet; null: nobody. */
export const user = signal<User | null | undefined>(undefined);
/** A question waits for a sign-in. */
export const is_session_over = signal(false);
let waiting: (() => void)[] = [];

/** The server's clock minus this PC's: PCs at counters are wrong by hours. */
let clock_ahead_ms = 0;
export const now = (): number => Date.now() + clock_ahead_ms;

export interface Asking {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  key?: string;
  version?: number;
  accept?: string;
}

async function send(where: string, asking: Asking): Promise<Response> {
  const headers: Record<string, string> = { Accept: asking.accept ?? 'application/json' };
  if (asking.body !== undefined)
    headers['Content-Type'] = 'application/json';
  if (asking.key !== undefined)
    headers['Idempotency-Key'] = asking.key;
  if (asking.version !== undefined)
    headers['If-Match'] = `"${asking.version}"`;
  let answer: Response;
  try {
    answer = await fetch(where.startsWith('/') ? where : `/api/v1/${where}`, {
      method: asking.method ?? 'GET', headers, credentials: 'same-origin',
      ...(asking.body === undefined ? {} : { body: JSON.stringify(asking.body) }),
    });
  } catch {
    throw new Problem({
      title: 'Không nối được máy chủ', status: 0, code: 'network', detail: 'những gì đã nhập vẫn còn, hãy thử lại',
    });
  }
  const at = Date.parse(answer.headers.get('Date') ?? '');
  if (!Number.isNaN(at))
    clock_ahead_ms = at - Date.now();
  if (answer.ok)
    return answer;
  throw new Problem(await answer.json().catch(() =>
    ({ title: `Máy chủ trả lời lỗi ${answer.status}`, status: answer.status, code: 'unreadable' })) as ProblemBody);
}

async function ask_raw(where: string, asking: Asking): Promise<Response> {
  for (;;) {
    try {
      return await send(where, asking);
    } catch (fault) {
      if (!(fault instanceof Problem) || fault.code !== 'not-signed-in' || !user.value)
        throw fault;
      is_session_over.value = true;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }
}

export async function ask<T>(where: string, asking: Asking = {}): Promise<T> {
  const answer = await ask_raw(where, asking);
  return (answer.status === 204 ? null : await answer.json()) as T;
}
export const ask_bytes = async (where: string, accept: string): Promise<Blob> =>
  await (await ask_raw(where, { accept })).blob();

/** Made once for what should happen once; whoever sends it again sends the same. */
export const new_key = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
};

export async function who_am_i(): Promise<void> {
  try {
    user.value = await ask<User>('sessions/current');
  } catch (fault) {
    user.value = null;
    if (problem_of(fault).code !== 'not-signed-in')
      throw fault;
  }
}

export async function sign_in(username: string, password: string): Promise<void> {
  const before = user.value;
  const session = await ask<Session>('sessions', { method: 'POST', body: { username, password } });
  if (is_session_over.value && before && before.username !== session.user.username) {
    location.assign('/'); /* somebody else's work is not finished in this person's name */
    return;
  }
  user.value = session.user;
  is_session_over.value = false;
  const all = waiting;
  waiting = [];
  all.forEach((go_on) => go_on());
}

/** Thrown where the server did not hear of it: then the session still stands, and so does everything here. */
export async function sign_out(): Promise<void> {
  await send('sessions/current', { method: 'DELETE' }).catch((fault) => {
    if (problem_of(fault).code !== 'not-signed-in')
      throw fault;
  });
  forget_all();
  waiting = [];
  is_session_over.value = false;
  user.value = null;
}

// ---- what is kept on this PC: drafts, by person, for a day ----

const KEPT_MS = 24 * 3_600_000;
const place = (name: string): string => `motcua.${user.value?.username ?? ''}.${name}`;

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(place(name), JSON.stringify({ at: Date.now(), value }));
  } catch { /* a full disk must not stop the work itself */ }
}
export function kept<T>(name: string): T | null {
  try {
    const found = JSON.parse(localStorage.getItem(place(name)) ?? 'null') as { at: number; value: T } | null;
    return found && Date.now() - found.at < KEPT_MS ? found.value : null;
  } catch {
    return null;
  }
}
export const forget = (name: string): void => localStorage.removeItem(place(name));
/** Personal data of people do not stay behind: all at sign-out, and whatever is a day old at every start. */
function forget_all(is_old_only = false): void {
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith('motcua.'))
      continue;
    const at = (JSON.parse(localStorage.getItem(name) ?? '{}') as { at?: number }).at ?? 0;
    if (!is_old_only || Date.now() - at >= KEPT_MS)
      localStorage.removeItem(name);
  }
}
forget_all(true);
