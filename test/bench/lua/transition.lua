-- POST /api/v1/dossiers/{code}/actions: the transfers of BENCH_LIST ("code token" a line), each once, in this order.
package.path = os.getenv("BENCH_LUA") .. "/?.lua;" .. package.path
local common = require("common")
local list = common.lines(os.getenv("BENCH_LIST"))
local seed = os.getenv("BENCH_SEED")
local number = 0

function request()
    number = number + 1
    local code, token = list[math.min(number, #list)]:match("(%S+) (%S+)")
    return common.post("/api/v1/dossiers/" .. code .. "/actions", token,
        'If-Match: "1"\r\nIdempotency-Key: ' .. seed .. "-" .. number .. "\r\n", '{"action":"transfer"}')
end
done = common.done
