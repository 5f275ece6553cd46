// How dates, money and time left read. Times come from the server with its offset and are shown in it: the wall clock
// of Việt Nam, whatever the clock of this PC says.

export const money = (dong: number): string => `${dong.toString().replace(/\B(?=(\d{3})+$)/g, '.')} đ`;

const pad = (n: number): string => n.toString().padStart(2, '0');

/** "2026-11-23T10:21:26+07:00" → "10:21 23/11/2026" */
export function time(at: string | null | undefined): string {
  return at ? `${at.slice(11, 16)} ${date(at)}` : '';
}
export function date(at: string | null | undefined): string {
  return at ? `${at.slice(8, 10)}/${at.slice(5, 7)}/${at.slice(0, 4)}` : '';
}

const weekdays = ['Chủ nhật', 'thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy'];

/** "17:00 thứ Sáu, 27/11/2026" */
export function long_time(at: string): string {
  const day = new Date(`${at.slice(0, 10)}T00:00:00Z`).getUTCDay();
  return `${at.slice(11, 16)} ${weekdays[day]}, ${date(at)}`;
}

/** An instant as the API takes it, on the wall clock of Việt Nam. */
export function rfc3339(ms: number): string {
  const local = new Date(ms + 7 * 3_600_000);
  return `${local.toISOString().slice(0, 19)}+07:00`;
}

/** "23/11/2026" → "2026-11-23"; null where it is no day. Day and month may have one digit. */
export function parse_date(typed: string): string | null {
  const parts = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$/.exec(typed);
  if (!parts)
    return null;
  const [day, month, year] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const made = new Date(Date.UTC(year, month - 1, day));
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day ? `${year}-${pad(month)}-${pad(day)}` : null;
}

/** "27/11/2026 17:00" or "17:00 27/11/2026", the time may be left out (17:00). */
export function parse_time(typed: string, otherwise_hour = 17): string | null {
  const clock = /(\d{1,2})[:gh](\d{2})/.exec(typed);
  const day = parse_date(typed.replace(clock?.[0] ?? '', ''));
  const [hour, minute] = clock ? [Number(clock[1]), Number(clock[2])] : [otherwise_hour, 0];
  return day && hour < 24 && minute < 60 ? `${day}T${pad(hour)}:${pad(minute)}:00+07:00` : null;
}

const WORKED_DAY_MINUTES = 480; // how long a day of work is, for words only; what is due when, the server says

/** Worked minutes in words: "1 ngày 2 giờ", "45 phút". */
export function worked(minutes: number): string {
  const days = Math.floor(minutes / WORKED_DAY_MINUTES), hours = Math.floor(minutes % WORKED_DAY_MINUTES / 60);
  const rest = minutes % 60;
  if (days > 0)
    return hours > 0 ? `${days} ngày ${hours} giờ` : `${days} ngày`;
  if (hours > 0)
    return rest > 0 && hours < 4 ? `${hours} giờ ${rest} phút` : `${hours} giờ`;
  return `${rest} phút`;
}

export type Risk = 'late' | 'soon' | 'calm' | 'none';

export function risk(remaining: number | null): Risk {
  if (remaining === null)
    return 'none';
  return remaining < 0 ? 'late' : remaining < WORKED_DAY_MINUTES / 2 ? 'soon' : 'calm';
}
export function time_left(remaining: number | null): string {
  if (remaining === null)
    return 'Đang tạm dừng';
  return remaining < 0 ? `Quá hạn ${worked(-remaining)}` : `Còn ${worked(remaining)}`;
}

export const limit = (limit: { quantity: number; unit: string } | null): string => limit === null ? 'theo từng bước'
  : limit.unit === 'SAME_DAY_15' ? 'trong ngày (nhận sau 15 giờ: ngày làm việc kế tiếp)'
    : `${limit.quantity.toString().replace('.', ',')} ${{
      WORK_DAY: 'ngày làm việc', CAL_DAY: 'ngày', MONTH: 'tháng', WORK_HOUR: 'giờ làm việc',
    }[limit.unit] ?? ''}`;

export const channels = { COUNTER: 'Tại quầy', POST: 'Bưu chính công ích', ONLINE: 'Trực tuyến' } as const;
export const methods = { CASH: 'Tiền mặt', TRANSFER: 'Chuyển khoản', ONLINE: 'Thanh toán trực tuyến' } as const;
export const owner_kinds = {
  CITIZEN: 'Cá nhân', ENTERPRISE: 'Doanh nghiệp', ORGANISATION: 'Tổ chức', STATE_AGENCY: 'Cơ quan nhà nước',
} as const;
export const fee_due = { SUBMISSION: 'khi nộp', ACCEPTANCE: 'khi tiếp nhận', RESULT: 'khi nhận kết quả' } as const;
export const clock_words = {
  START: 'Bắt đầu tính giờ', PAUSE: 'Đồng hồ dừng', RESUME: 'Đồng hồ chạy tiếp', RESTART: 'Tính lại từ đầu',
  END: 'Thôi tính giờ', REAPPOINT: 'Hẹn lại', CORRECT: 'Đính chính',
  MOVE: 'Chuyển hạn theo lịch làm việc',
} as const;

/** Why something was late: the API's `cause`. */
export const causes = {
  LAW_UNCLEAR: 'Quy định chưa rõ, còn vướng mắc', CONSULT_LATE: 'Cơ quan phối hợp trả lời chậm', VERIFY_FIELD: 'Phải xác minh thực tế',
  STAFF: 'Thiếu người, quá tải', SYSTEM: 'Sự cố hệ thống', CITIZEN: 'Do người nộp hồ sơ', FORCE_MAJEURE: 'Bất khả kháng', OTHER: 'Lý do khác',
} as const;

const databases: Record<string, string> = {
  DAN_CU: 'CSDL quốc gia về dân cư', HO_TICH: 'CSDL hộ tịch điện tử', CHUNG_SINH: 'Dữ liệu giấy chứng sinh',
  BAO_TU: 'Dữ liệu giấy báo tử', DAT_DAI: 'CSDL đất đai', BAO_HIEM: 'CSDL bảo hiểm',
  KHO_CA_NHAN: 'Kho dữ liệu điện tử cá nhân',
};
export const database = (code: string): string => databases[code] ?? `CSDL ${code}`;

/** Without marks and case, so that "ho so" finds "Hồ sơ"; both Unicode forms become one. */
export const plain = (text: string): string =>
  text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[đĐ]/g, 'd').toLowerCase();
