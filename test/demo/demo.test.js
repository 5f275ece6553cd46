// The first command of README.md, as a newcomer types it: it starts, says what to do, does it, and leaves nothing.
// BUILD_ROOT/demo holds the build, so that only the first run compiles.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');
const { spawn, spawnSync } = require('node:child_process');
const { test, before, after } = require('node:test');

const root = path.resolve(__dirname, '../..');
const build = path.join(process.env.BUILD_ROOT ?? path.join(root, 'build'), 'demo');
const data = fs.mkdtempSync(path.join(process.env.TEST_DIR ?? '/tmp', 'motcua-demo.'));
let port;

async function free_port() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port: free } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return free;
}

const demo_args = (args) => [path.join(root, 'config/demo'), '--port', String(port), '--data', data, '--build-dir', build, ...args];
const demo = (...args) => spawnSync('bash', demo_args(args), { encoding: 'utf8', cwd: '/' });
const curl = (where) => spawnSync('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', `http://127.0.0.1:${port}${where}`], { encoding: 'utf8' }).stdout;

/* Living processes whose command line or name of a file they run names our data folder. */
function left_behind() {
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const line = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const state = /\) (\S) /.exec(fs.readFileSync(`/proc/${name}/stat`, 'utf8'))[1];
      return line.includes(data) && state !== 'Z' ? [line] : [];
    } catch { return []; }
  });
}

before(async () => { fs.chmodSync(data, 0o711); port = await free_port(); });
after(() => { demo('--stop'); fs.rmSync(data, { recursive: true, force: true }); });

test('the first start builds, fills, serves and says where', () => {
  const start = demo('--detach');

  assert.strictEqual(start.status, 0, start.stdout + start.stderr);
  assert.match(start.stdout, new RegExp(`http://127.0.0.1:${port}`));
  for (const username of ['tiepnhan', 'truongphong', 'chuyenvien', 'lanhdao', 'vanthu', 'congan', 'bhxh', 'giamsat', 'quantri'])
    assert.match(start.stdout, new RegExp(`\\b${username}\\b`));
  assert.strictEqual(curl('/readyz'), '200');
});

test('the walk it prints does what it says', () => {
  const folder = fs.mkdtempSync(path.join(data, 'walk.'));
  const walk = spawnSync('bash', ['-c', `set -u; ${demo('--walk').stdout}`], { encoding: 'utf8', cwd: folder });

  assert.match(walk.stdout, /^HTTP\/1\.1 201 /, walk.stdout + walk.stderr);
  assert.match(walk.stdout, /"lookup_secret"/);
  assert.match(walk.stdout, /"IN_TRANSFER"/);
  assert.doesNotMatch(walk.stdout, /"status": ?[45]\d\d/);
  assert.strictEqual(fs.readFileSync(path.join(folder, 'giay-hen.pdf')).subarray(0, 5).toString(), '%PDF-');
  assert.strictEqual(walk.status, 0);
});

test('a second start while one runs says so and leaves it alone', () => {
  const second = demo();

  assert.strictEqual(second.status, 1);
  assert.match(second.stderr, new RegExp(`đang chạy rồi: http://127.0.0.1:${port}`));
  assert.strictEqual(curl('/readyz'), '200');
});

test('--stop leaves no process behind', () => {
  assert.strictEqual(demo('--stop').status, 0);
  assert.deepStrictEqual(left_behind(), []);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  test(`a second start takes less than 5 s, and ${signal} to it leaves no process behind`, async () => {
    const begin = Date.now();
    const running = spawn('bash', demo_args([]), { detached: true, cwd: '/' }); // a group of its own, like a terminal's
    let told = '';
    running.stdout.on('data', (bytes) => { told += bytes; });
    running.stderr.on('data', (bytes) => { told += bytes; });
    const ended = new Promise((resolve) => running.on('close', resolve));
    while (!told.includes('Ctrl-C') && running.exitCode === null && Date.now() - begin < 60000)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const took_ms = Date.now() - begin;
    assert.strictEqual(curl('/readyz'), '200', told);
    process.kill(-running.pid, signal);
    await ended;
    assert.deepStrictEqual(left_behind(), []);
    assert.ok(took_ms < 5000, `${took_ms} ms`);
  });
}

test('--fresh forgets what was there', () => {
  fs.writeFileSync(path.join(data, 'db', 'witness'), '');
  assert.strictEqual(demo('--fresh', '--detach').status, 0);
  assert.strictEqual(fs.existsSync(path.join(data, 'db', 'witness')), false);
  assert.strictEqual(demo('--stop').status, 0);
});

test('a port that is taken is named before anything is built', async () => {
  const squatter = net.createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  const running = spawn('bash', demo_args([]), { cwd: '/' });
  let told = '';
  running.stderr.on('data', (bytes) => { told += bytes; });
  const status = await new Promise((resolve) => running.on('close', resolve));

  squatter.close();
  assert.strictEqual(status, 1);
  assert.match(told, new RegExp(`cổng ${port} đã có chương trình khác dùng`));
});

for (const [args, sentence] of [[['--port', 'x'], /số từ 1 đến 65535/], [['--no-such'], /không có tuỳ chọn/]]) {
  test(`${args.join(' ')} is refused with 64`, () => {
    const refused = demo(...args);

    assert.strictEqual(refused.status, 64);
    assert.match(refused.stderr, sentence);
  });
}
