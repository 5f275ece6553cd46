-- GET /api/v1/inbox as random people of BENCH_LIST.
package.path = os.getenv("BENCH_LUA") .. "/?.lua;" .. package.path
local common = require("common")
local tokens = common.lines(os.getenv("BENCH_LIST"))

math.randomseed(tonumber(os.getenv("BENCH_SEED")))
function request()
    return common.get("/api/v1/inbox", tokens[math.random(#tokens)])
end
done = common.done
