-- The people of the demonstration province, never of a real one: everybody's password is motcua-demo.
-- Run by the owner's role after the catalogue is loaded; may be run again.
BEGIN;
DO $$
DECLARE
    -- Argon2id (19 MiB, 2 passes) of the word that the README prints
    v_hash text := '$argon2id$v=19$m=19456,t=2,p=1$WM8nDDOW+yvsD6P7+bccYg$uzHriTlSwERHbHWLKmLOA9nSTKMd5vxctrFEznWCM80';
    v_people text[][] := ARRAY[
        -- username, name, roles, agency
        ['tiepnhan', 'Nguyễn Thị Hạnh', 'receiver,return_clerk', 'H17.105.01'],
        ['tiepnhan2', 'Lê Văn Phúc', 'receiver,return_clerk', 'H17.106.01'],
        ['tiepnhan3', 'Đỗ Thị Yến', 'receiver,return_clerk', 'H17.02'],
        ['truongphong', 'Trần Quốc Việt', 'dept_head', 'H17.105.02'],
        ['chuyenvien', 'Phạm Thu Trang', 'handler', 'H17.105.02'],
        ['chuyenvien2', 'Võ Minh Đức', 'handler', 'H17.106.02'],
        ['truongphong2', 'Bùi Thị Hoa', 'dept_head', 'H17.106.02'],
        ['lanhdao', 'Huỳnh Ngọc Ánh', 'leader', 'H17.105'],
        ['lanhdao2', 'Đặng Văn Thành', 'leader', 'H17.106'],
        ['vanthu', 'Hồ Thị Mỹ Linh', 'records_clerk', 'H17.105'],
        ['vanthu2', 'Ngô Thị Thảo', 'records_clerk', 'H17.106'],
        ['congan', 'Dương Văn Hùng', 'handler,dept_head,leader,records_clerk', 'H17.105.03'],
        ['congan2', 'Phan Anh Tuấn', 'handler', 'H17.105.03'],
        ['bhxh', 'Lý Thị Bích', 'handler,dept_head,leader,records_clerk', 'H17.22'],
        ['hotich', 'Mai Thị Xuân', 'handler', 'H17.105.05'],
        ['chanhvanphong', 'Cao Xuân Hải', 'dept_head', 'H17.105.05'],
        ['xahoi', 'Đinh Thị Loan', 'handler', 'H17.105.04'],
        ['truongvhxh', 'Vũ Đình Khôi', 'dept_head', 'H17.105.04'],
        ['tongiao', 'Trịnh Văn Sơn', 'handler', 'H17.10'],
        ['giamdoctongiao', 'Lương Thị Hiền', 'dept_head,leader,records_clerk', 'H17.10'],
        ['xaydung', 'Tạ Quang Huy', 'handler', 'H17.11'],
        ['giamdocxaydung', 'Châu Thị Ngân', 'dept_head,leader,records_clerk', 'H17.11'],
        ['congantinh', 'Kiều Văn Lâm', 'handler', 'H17.13'],
        ['truongphongpc', 'Quách Minh Tâm', 'dept_head,leader,records_clerk', 'H17.13'],
        ['datdai', 'Tô Thị Nhung', 'handler', 'H17.20'],
        ['giamdocdatdai', 'La Văn Chiến', 'dept_head,leader,records_clerk', 'H17.20'],
        ['bhxh2', 'Nguyễn Thị Kim Oanh', 'handler', 'H17.22'],
        ['chuyenvientinh', 'Lâm Quốc Bảo', 'handler', 'H17.01'],
        ['chanhvanphongtinh', 'Phùng Thị Diệu', 'dept_head', 'H17.01'],
        ['lanhdaotinh', 'Thái Văn Khang', 'leader', 'H17'],
        ['vanthutinh', 'Đoàn Thị Lệ', 'records_clerk', 'H17'],
        ['giamsat', 'Hà Thị Minh Châu', 'monitor', 'H17'],
        ['quantri', 'Trương Đức Anh', 'administrator', 'H17']];
    v_person text[];
    v_id bigint;
BEGIN
    FOREACH v_person SLICE 1 IN ARRAY v_people LOOP
        INSERT INTO motcua.person AS p (username, name, password_hash)
        VALUES (v_person[1], normalize(v_person[2], NFC), v_hash)
        ON CONFLICT (username) DO UPDATE SET name = excluded.name, password_hash = excluded.password_hash
        RETURNING p.id INTO v_id;
        DELETE FROM motcua.role_grant g
         WHERE g.person = v_id AND NOT EXISTS (SELECT FROM motcua.delegation d WHERE d.role_grant = g.id);
        INSERT INTO motcua.role_grant (person, role, agency)
        SELECT v_id, r, v_person[4] FROM unnest(string_to_array(v_person[3], ',')) r;
    END LOOP;
END $$;
COMMIT;
