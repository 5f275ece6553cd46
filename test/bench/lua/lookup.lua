-- GET /api/v1/lookup/{code} over random codes of BENCH_LIST.
package.path = os.getenv("BENCH_LUA") .. "/?.lua;" .. package.path
local common = require("common")
local codes = common.lines(os.getenv("BENCH_LIST"))

math.randomseed(tonumber(os.getenv("BENCH_SEED")))
function request()
    return common.get("/api/v1/lookup/" .. codes[math.random(#codes)])
end
done = common.done
