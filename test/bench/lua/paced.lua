-- The same look-ups at a pace: each of the connections waits between its requests.
package.path = os.getenv("BENCH_LUA") .. "/?.lua;" .. package.path
local common = require("common")
local codes = common.lines(os.getenv("BENCH_LIST"))

math.randomseed(tonumber(os.getenv("BENCH_SEED")))
function delay()
    return math.random(30, 60) -- ms: about 330 a second over 16 connections
end
function request()
    return common.get("/api/v1/lookup/" .. codes[math.random(#codes)])
end
done = common.done
