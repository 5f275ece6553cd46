-- POST /api/v1/dossiers as random clerks of BENCH_LIST, each with a key of its own.
package.path = os.getenv("BENCH_LUA") .. "/?.lua;" .. package.path
local common = require("common")
local tokens = common.lines(os.getenv("BENCH_LIST"))
local seed = os.getenv("BENCH_SEED")
local number = 0
local body = [[{"procedure":"1.001612","channel":"COUNTER","return_channel":"COUNTER","owner":{"kind":"CITIZEN",]] ..
    [["name":"Trần Thị Bình","personal_id":"%012d","phone":"0905123456","address":"Tổ 12, phường Tam Kỳ"},]] ..
    [["components":[{"code":"FORM_HOUSEHOLD","originals":1},{"code":"ID_PAPER","plain_copies":1}],]] ..
    [["payment_method":"CASH"}]]

math.randomseed(tonumber(seed))
function request()
    number = number + 1
    return common.post("/api/v1/dossiers", tokens[math.random(#tokens)],
        "Idempotency-Key: " .. seed .. "-" .. number .. "\r\n", string.format(body, math.random(0, 99999999)))
end
done = common.done
